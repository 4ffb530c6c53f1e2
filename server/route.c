/* SPDX-License-Identifier: MIT */
#include "server/route.h"

#include <string.h>
#include <strings.h>

#include "format/gzip.h"

#define MAX_HEADERS    16384u
#define MAX_TOKEN_BODY 16384u

/* A batch as sent; it may be larger than this only when it is not packed. */
#define MAX_BATCH_BODY ((size_t)1 << 20)

static const struct sk_route routes[] = {
	{"/api/v1/events/batch/", true, false, true, sk_ingest_batch},
	{"/api/v1/token/", true, true, false, sk_token_issue},
	{"/api/v1/token/refresh/", true, true, false, sk_token_refresh},
	{"/api/v1/sync/health/", false, false, false, sk_feed_health},
	{"/api/v1/events/", false, false, false, sk_feed_events},
	{"/healthz", false, true, false, sk_feed_alive},
};

static const struct sk_route *find(const char *path)
{
	for (size_t i = 0; i < SK_COUNTOF(routes); i++) {
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	}
	return NULL;
}

static bool method_fits(const struct sk_exchange *x)
{
	if (x->route->is_post)
		return strcmp(x->method, "POST") == 0;
	return strcmp(x->method, "GET") == 0 || strcmp(x->method, "HEAD") == 0;
}

/* "application/json", whatever parameters stand behind it. */
static bool is_json(const char *type)
{
	size_t len = type ? strcspn(type, "; \t") : 0;

	return len == strlen("application/json") &&
	       strncasecmp(type, "application/json", len) == 0;
}

static void admit_body(struct sk_exchange *x)
{
	const char *coding = sk_exchange_header(x, "Content-Encoding");
	const char *type = sk_exchange_header(x, "Content-Type");

	if (!sk_exchange_header(x, "Content-Length") &&
	    !sk_exchange_header(x, "Transfer-Encoding")) {
		sk_exchange_error(x, 411, "a Content-Length is required");
		return;
	}
	if (!is_json(type)) {
		sk_exchange_error(x, 415,
				  "Content-Type must be application/json");
		return;
	}
	x->is_gzip = coding && strcasecmp(coding, "gzip") == 0;
	if (coding && !x->is_gzip && strcasecmp(coding, "identity") != 0) {
		sk_exchange_error(x, 415,
				  "Content-Encoding must be gzip or identity");
		return;
	}
	x->max_body = x->max_decoded = MAX_TOKEN_BODY;
	if (x->route->is_batch) {
		x->max_decoded = x->server->max_bytes;
		x->max_body = MAX_BATCH_BODY;
		/* a byte more, so that the batch's own limit is what is named
		 */
		if (!x->is_gzip && x->max_decoded >= x->max_body)
			x->max_body = x->max_decoded + 1;
	}
}

void sk_route_admit(struct sk_exchange *x)
{
	struct sk_str path = SK_STR_INIT;

	x->route = find(x->path);
	if (atomic_load(&x->server->stopping)) {
		x->retry_after_s = sk_retry_after();
		sk_exchange_error(x, 503, "the server is stopping");
	} else if (sk_exchange_header_bytes(x) > MAX_HEADERS) {
		sk_exchange_error(x, 431, "request headers exceed %u bytes",
				  MAX_HEADERS);
	} else if (!x->route) {
		sk_str_add_visible(&path, x->path, strlen(x->path), 200);
		sk_exchange_error(x, 404, "there is no '%s' here", path.ptr);
	} else if (!method_fits(x)) {
		x->allow = x->route->is_post ? "POST" : "GET, HEAD";
		sk_exchange_error(x, 405, "'%s' takes %s alone", x->route->path,
				  x->allow);
	} else if (x->route->is_open || sk_token_authenticate(x) == 0) {
		if (x->route->is_post)
			admit_body(x);
	}
	sk_str_free(&path);
}

/* Replace a packed body by what it holds. */
static void unpack(struct sk_exchange *x)
{
	struct sk_str plain = SK_STR_INIT;
	struct sk_err err = {0};

	if (!x->is_gzip) {
		if (x->body.len > x->max_decoded)
			err.code = SK_EFULL;
	} else if (sk_gunzip(&plain, x->body.ptr, x->body.len, x->max_decoded,
			     &err) == 0) {
		sk_str_free(&x->body);
		x->body = plain;
		return;
	}
	sk_str_free(&plain);
	if (err.code == SK_EFULL)
		sk_exchange_too_large(x,
				      "batch payload exceeds decompressed byte"
				      " limit of %zu bytes",
				      x->max_decoded);
	else if (err.code)
		sk_exchange_error(x, 400, "the body is not gzip: %s", err.msg);
}

void sk_route_run(struct sk_exchange *x)
{
	struct sk_err err = {0};

	if (!x->route->is_post) {
		x->route->run(x);
		return;
	}
	unpack(x);
	if (x->status)
		return;
	if (sk_json_parse(&x->json, x->body.ptr, x->body.len, &err) < 0)
		sk_exchange_error(x, 400, "the body is not JSON: %s", err.msg);
	else if (!sk_json_is_object(x->json))
		sk_exchange_error(x, 400, "the body is not a JSON object");
	else
		x->route->run(x);
}
