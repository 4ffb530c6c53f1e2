/* SPDX-License-Identifier: MIT */
#include "tests/fault/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/now.h"
#include "format/json.h"

static const char *guess_type(const char *body)
{
	return *body == '{' || *body == '[' ? "application/json"
	       : *body == '<'		    ? "text/html; charset=utf-8"
					    : "text/plain";
}

void add_head(struct sk_str *out, const struct exchange *x, int status,
	      const char *type, size_t len)
{
	char date[64];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	sk_str_addf(out,
		    "HTTP/1.1 %d Because\r\nDate: %s\r\nContent-Type: %s\r\n"
		    "Content-Length: %zu\r\n%s\r\n",
		    status, date, type, len, x->headers);
}

void respond(struct exchange *x, int status, const char *type, const char *body,
	     size_t len)
{
	struct sk_str out = SK_STR_INIT;

	add_head(&out, x, status, type ? type : guess_type(body), len);
	sk_str_add(&out, body, len);
	x->keep = send_bytes(x->fd, out.ptr, out.len) && x->keep;
	sk_str_free(&out);
}

void respond_text(struct exchange *x, int status, const char *body)
{
	respond(x, status, NULL, body, strlen(body));
}

static unsigned issue_token(struct exchange *x)
{
	unsigned n;

	pthread_mutex_lock(&x->srv->lock);
	n = ++x->srv->tokens;
	pthread_mutex_unlock(&x->srv->lock);
	return n;
}

void add_good_body(struct exchange *x, struct sk_str *out)
{
	unsigned n;

	if (x->target == TARGET_HEALTH) {
		sk_str_puts(out, "{\"status\": \"ok\", \"contracts\":"
				 " [\"1.0.0\", \"9.0.0\"]}");
	} else if (x->target == TARGET_BATCH) {
		results_add(x, out, NULL);
	} else {
		n = issue_token(x);
		sk_str_addf(out,
			    "{\"access\": \"access-%u\", \"refresh\":"
			    " \"refresh-%u\", \"expires_in\": 900,"
			    " \"team_slug\": \"team\"}",
			    n, n);
	}
}

static void do_ok(struct exchange *x, const char *arg)
{
	struct sk_str body = SK_STR_INIT;

	(void)arg;
	add_good_body(x, &body);
	respond(x, 200, NULL, body.ptr, body.len);
	sk_str_free(&body);
}

static void do_results(struct exchange *x, const char *arg)
{
	struct sk_str body = SK_STR_INIT;

	results_add(x, &body, arg);
	respond(x, 200, NULL, body.ptr, body.len);
	sk_str_free(&body);
}

static void do_pending(struct exchange *x, const char *arg)
{
	(void)arg;
	do_results(x, "queued");
}

static void do_status(struct exchange *x, const char *arg)
{
	char *body;
	int status = (int)strtol(arg, &body, 10);

	body += strspn(body, " ");
	respond_text(x, status, *body ? body : "{}");
}

/* 400 with details about these events alone, or about none. */
static void refuse(struct exchange *x, const char *const ids[], size_t count,
		   const char *why)
{
	struct sk_str body = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&body);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "error", "Bad request");
	if (count)
		sk_jsonw_array(&w, "details");
	for (size_t i = 0; i < count; i++) {
		sk_jsonw_object(&w, NULL);
		sk_jsonw_text(&w, "event_id", ids[i]);
		sk_jsonw_text(&w, "detail", why);
		sk_jsonw_end_object(&w);
	}
	if (count)
		sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	respond(x, 400, NULL, body.ptr, body.len);
	sk_str_free(&body);
}

static void do_details(struct exchange *x, const char *arg)
{
	const char *first = x->req->count ? x->req->ids[0].ptr : "none";

	refuse(x, &first, 1, arg);
}

static void do_poison(struct exchange *x, const char *arg)
{
	size_t len = strcspn(arg, " "), count = 0;
	bool tell = strcmp(arg + len, " details") == 0;
	const char *guilty[1000];

	for (size_t i = 0; i < x->req->count && count < 1000; i++) {
		const char *at = strstr(arg, x->req->ids[i].ptr);

		if (at && at < arg + len)
			guilty[count++] = x->req->ids[i].ptr;
	}
	if (count)
		refuse(x, guilty, tell ? count : 0, "field 'x' is invalid");
	else
		do_ok(x, "");
}

static void do_413(struct exchange *x, const char *arg)
{
	struct sk_str body = SK_STR_INIT;
	size_t most = strtoul(arg, NULL, 10);

	if (x->req->body.len <= most) {
		do_ok(x, "");
		return;
	}
	sk_str_addf(&body,
		    "{\"error\": \"payload too large\", \"limits\":"
		    " {\"max_decompressed_bytes_per_batch\": %zu}}",
		    most);
	respond(x, 413, NULL, body.ptr, body.len);
	sk_str_free(&body);
}

static void do_limits(struct exchange *x, const char *arg)
{
	struct sk_str body = SK_STR_INIT;
	char *bytes;
	long events = strtol(arg, &bytes, 10);

	sk_str_addf(&body,
		    "{\"contracts\": [\"1.0.0\"], \"sync_ingress\":"
		    " {\"limits\": {\"max_events_per_batch\": %ld,"
		    " \"max_decompressed_bytes_per_batch\": %s}}}",
		    events, bytes);
	respond(x, 200, NULL, body.ptr, body.len);
	sk_str_free(&body);
}

static void do_no_refresh(struct exchange *x, const char *arg)
{
	struct sk_str body = SK_STR_INIT;

	(void)arg;
	sk_str_addf(&body, "{\"access\": \"access-%u\"}", issue_token(x));
	respond(x, 200, NULL, body.ptr, body.len);
	sk_str_free(&body);
}

static void do_auth(struct exchange *x, const char *arg)
{
	char want[32];

	pthread_mutex_lock(&x->srv->lock);
	snprintf(want, sizeof(want), "access-%u", x->srv->tokens);
	pthread_mutex_unlock(&x->srv->lock);
	if (strcmp(want, x->req->bearer.ptr) == 0)
		behave(x, *arg ? arg : "ok");
	else
		respond_text(x, 401,
			     "{\"error\": \"Token expired or"
			     " invalid\"}");
}

static void do_delay(struct exchange *x, const char *arg)
{
	char *rest;
	long ms = strtol(arg, &rest, 10);

	sk_sleep_ms(ms);
	rest += strspn(rest, " ");
	behave(x, *rest ? rest : "ok");
}

static const struct verb verbs[] = {
	{"ok", do_ok},
	{"pending", do_pending},
	{"ok-pending", do_pending},
	{"status", do_status},
	{"results", do_results},
	{"details", do_details},
	{"poison", do_poison},
	{"413", do_413},
	{"limits", do_limits},
	{"no-refresh", do_no_refresh},
	{"auth", do_auth},
	{"delay", do_delay},
};

bool try_verbs(struct exchange *x, const char *text, const struct verb *table,
	       size_t count)
{
	size_t len = strcspn(text, " ");
	const char *arg = text + len + strspn(text + len, " ");

	for (size_t i = 0; i < count; i++) {
		if (strlen(table[i].name) == len &&
		    strncmp(table[i].name, text, len) == 0) {
			table[i].act(x, arg);
			return true;
		}
	}
	return false;
}

void behave(struct exchange *x, const char *text)
{
	if (try_verbs(x, text, verbs, SK_COUNTOF(verbs)) || damage(x, text))
		return;
	fprintf(stderr, "fault-server: unknown behaviour '%s'\n", text);
	exit(128);
}
