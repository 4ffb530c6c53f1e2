/* SPDX-License-Identifier: MIT */
#include "wire/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/trace.h"
#include "wire/httpanswer.h"
#include "wire/httpconfig.h"

enum {
	DEFAULT_TIMEOUT_S = 60,
	CONNECT_TIMEOUT_S = 10,
	STALL_S = 15,
	START_MS = 100,
};

struct sk_http {
	struct sk_str server;
	struct sk_http_config config;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers; /* of the request that is on its way */
	bool is_busy;
	bool is_done;
	CURLcode result; /* once it is done */
	unsigned timeout_s;
	int64_t started_ms;
	size_t header_bytes;
	bool has_whole_header; /* up to the empty line */
	size_t body_len;       /* to send */
	struct sk_http_response res;
	enum sk_http_cap broken; /* the cap that was broken */
	char reason[CURL_ERROR_SIZE];
};

/* Setters that remember the first failure, so that one check is enough. */
struct opts {
	CURL *easy;
	CURLcode rc;
};

static void remember(struct opts *o, CURLcode rc)
{
	if (o->rc == CURLE_OK)
		o->rc = rc;
}

static void set_long(struct opts *o, CURLoption option, long value)
{
	remember(o, curl_easy_setopt(o->easy, option, value));
}

static void set_size(struct opts *o, CURLoption option, curl_off_t value)
{
	remember(o, curl_easy_setopt(o->easy, option, value));
}

/*
 * The function, not the macro of that name: compilers that see through the call
 * would have the macro complain that this is no char *, no curl_slist *, ...
 */
static void set_pointer(struct opts *o, CURLoption option, const void *value)
{
	remember(o, (curl_easy_setopt)(o->easy, option, value));
}

static void set_text(struct opts *o, CURLoption option, const char *value)
{
	remember(o, curl_easy_setopt(o->easy, option, value));
}

/* An empty string leaves curl's own default. */
static void set_str(struct opts *o, CURLoption option, const struct sk_str *str)
{
	if (str->len)
		set_text(o, option, str->ptr);
}

typedef size_t sink_fn(char *data, size_t size, size_t count, void *ctx);

static void set_sink(struct opts *o, CURLoption option, sink_fn *sink)
{
	remember(o, curl_easy_setopt(o->easy, option, sink));
}

static size_t take_body(char *data, size_t size, size_t count, void *ctx)
{
	struct sk_http *http = ctx;

	if (http->res.body.len + size * count > SK_HTTP_MAX_BODY) {
		http->broken = SK_HTTP_CAP_BODY;
		return 0;
	}
	sk_str_add(&http->res.body, data, size * count);
	return size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *ctx)
{
	struct sk_http *http = ctx;

	/* what they say is read later, by name */
	if (size * count >= 5 && memcmp(data, "HTTP/", 5) == 0)
		http->has_whole_header = false;
	else if (*data == '\r' || *data == '\n')
		http->has_whole_header = true;
	http->header_bytes += size * count;
	if (http->header_bytes > SK_HTTP_MAX_HEADERS) {
		http->broken = SK_HTTP_CAP_HEADERS;
		return 0;
	}
	return size * count;
}

static void set_network(struct opts *o, const struct sk_http *http)
{
	const struct sk_http_config *config = &http->config;

	/* plain http is for loopback: a proxy would see the tokens */
	if (strncasecmp(http->server.ptr, "http:", 5) == 0)
		set_text(o, CURLOPT_PROXY, "");
	else if (config->has_proxy)
		set_text(o, CURLOPT_PROXY, config->proxy.ptr);
	set_long(o, CURLOPT_PROXYAUTH, (long)CURLAUTH_ANY);
	set_long(o, CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);
	set_str(o, CURLOPT_CAINFO, &config->ca_file);
	set_str(o, CURLOPT_CAPATH, &config->ca_path);
	set_str(o, CURLOPT_SSLCERT, &config->cert);
	set_str(o, CURLOPT_SSLKEY, &config->key);
	set_str(o, CURLOPT_PINNEDPUBLICKEY, &config->pinned_key);
	set_long(o, CURLOPT_SSL_VERIFYPEER, config->dont_verify ? 0 : 1);
	set_long(o, CURLOPT_SSL_VERIFYHOST, config->dont_verify ? 0 : 2);
	set_long(o, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	set_text(o, CURLOPT_PROTOCOLS_STR, "http,https");
	set_long(o, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
	set_long(o, CURLOPT_FOLLOWLOCATION, 0);
	set_long(o, CURLOPT_NETRC, CURL_NETRC_IGNORED);
	set_long(o, CURLOPT_NOSIGNAL, 1);
	set_long(o, CURLOPT_TCP_KEEPALIVE, 1);
	set_long(o, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
	set_long(o, CURLOPT_LOW_SPEED_LIMIT, 1);
	set_long(o, CURLOPT_LOW_SPEED_TIME, STALL_S);
	set_text(o, CURLOPT_ACCEPT_ENCODING, "gzip");
	set_text(o, CURLOPT_USERAGENT,
		 config->user_agent.len ? config->user_agent.ptr
					: "git-sk/" SK_VERSION);
}

static int set_up(struct sk_http *http, struct sk_err *err)
{
	struct opts o = {http->easy, CURLE_OK};

	set_network(&o, http);
	set_pointer(&o, CURLOPT_ERRORBUFFER, http->reason);
	set_pointer(&o, CURLOPT_WRITEDATA, http);
	set_sink(&o, CURLOPT_WRITEFUNCTION, take_body);
	set_pointer(&o, CURLOPT_HEADERDATA, http);
	set_sink(&o, CURLOPT_HEADERFUNCTION, take_header);
	if (o.rc != CURLE_OK)
		return sk_fail(err, SK_EFAIL, "cannot set up HTTP: %s",
			       curl_easy_strerror(o.rc));
	return 0;
}

int sk_http_new(struct sk_http **out, const char *base_url, struct sk_err *err)
{
	struct sk_http *http;

	if (!sk_http_url_is_allowed(base_url)) {
		sk_fail(err, SK_EUSAGE, "'%.200s' cannot be a server's URL",
			base_url);
		return sk_hint(err, "use https://<host>[/<path>]; http:// is"
				    " for this machine alone (127.0.0.1)");
	}
	http = sk_calloc(1, sizeof(*http));
	http->server = (struct sk_str)SK_STR_INIT;
	http->res = (struct sk_http_response)SK_HTTP_RESPONSE_INIT;
	http->config = (struct sk_http_config)SK_HTTP_CONFIG_INIT;
	sk_str_puts(&http->server, base_url);
	while (http->server.ptr[http->server.len - 1] == '/')
		sk_str_cut(&http->server, http->server.len - 1);
	sk_http_config_read(&http->config, http->server.ptr);
	http->easy = curl_easy_init();
	http->multi = curl_multi_init();
	if (!http->easy || !http->multi)
		sk_fail(err, SK_EFAIL, "cannot set up HTTP");
	else if (set_up(http, err) == 0) {
		*out = http;
		return 0;
	}
	sk_http_free(http);
	return -1;
}

/* The handle goes out of the multi; its connection stays there for the next. */
static void detach(struct sk_http *http)
{
	if (http->is_busy)
		curl_multi_remove_handle(http->multi, http->easy);
	http->is_busy = false;
	curl_slist_free_all(http->headers);
	http->headers = NULL;
}

void sk_http_free(struct sk_http *http)
{
	if (!http)
		return;
	detach(http);
	curl_easy_cleanup(http->easy);
	curl_multi_cleanup(http->multi);
	sk_http_response_free(&http->res);
	sk_http_config_free(&http->config);
	sk_str_free(&http->server);
	free(http);
}

const char *sk_http_server(const struct sk_http *http)
{
	return http->server.ptr;
}

const char *sk_http_notices(const struct sk_http *http)
{
	return http->config.notices.ptr;
}

static void add_header(struct sk_http *http, const char *line)
{
	struct curl_slist *list = curl_slist_append(http->headers, line);

	if (!list)
		abort();
	http->headers = list;
}

/* Each line of http.extraHeader. */
static void add_extra_headers(struct sk_http *http)
{
	struct sk_str line = SK_STR_INIT;
	const char *at = http->config.headers.ptr;

	while (*at) {
		size_t len = strcspn(at, "\n");

		sk_str_clear(&line);
		sk_str_add(&line, at, len);
		add_header(http, line.ptr);
		at += len + (at[len] == '\n');
	}
	sk_str_free(&line);
}

static void add_headers(struct sk_http *http, const struct sk_http_request *req)
{
	struct sk_str line = SK_STR_INIT;

	add_header(http, "Accept: application/json");
	add_header(http, "Expect:"); /* a round trip for nothing */
	if (req->body)
		add_header(http, "Content-Type: application/json");
	if (req->body && req->body_is_gzip)
		add_header(http, "Content-Encoding: gzip");
	add_extra_headers(http);
	if (req->bearer) {
		sk_str_addf(&line, "Authorization: Bearer %s", req->bearer);
		add_header(http, line.ptr);
	}
	sk_str_wipe(&line);
}

static int set_request(struct sk_http *http, const struct sk_http_request *req,
		       struct sk_err *err)
{
	struct opts o = {http->easy, CURLE_OK};

	set_text(&o, CURLOPT_URL, req->url);
	set_pointer(&o, CURLOPT_HTTPHEADER, http->headers);
	set_long(&o, CURLOPT_TIMEOUT, (long)http->timeout_s);
	if (req->body) {
		set_long(&o, CURLOPT_POST, 1);
		set_pointer(&o, CURLOPT_POSTFIELDS, req->body);
		set_size(&o, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)req->body_len);
	} else {
		set_long(&o, CURLOPT_HTTPGET, 1);
	}
	set_text(&o, CURLOPT_CUSTOMREQUEST, req->method);
	if (o.rc != CURLE_OK)
		return sk_fail(err, SK_EFAIL, "cannot set up the request: %s",
			       curl_easy_strerror(o.rc));
	return 0;
}

/* Tokens go to the server that gave them, and nowhere else. */
static bool is_ours(const struct sk_http *http, const char *url)
{
	size_t len = http->server.len;

	return strncmp(url, http->server.ptr, len) == 0 &&
	       (url[len] == '/' || url[len] == '\0');
}

/* Move bytes for at most `ms`; returns false when nothing can move any more. */
static bool drive(struct sk_http *http, int ms)
{
	CURLMsg *message;
	int running, left;

	if (curl_multi_perform(http->multi, &running) != CURLM_OK ||
	    (running && ms &&
	     (curl_multi_poll(http->multi, NULL, 0, ms, NULL) != CURLM_OK ||
	      curl_multi_perform(http->multi, &running) != CURLM_OK))) {
		http->result = CURLE_FAILED_INIT;
		http->is_done = true;
	}
	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		http->result = message->data.result;
		http->is_done = true;
	}
	return !http->is_done;
}

static bool is_sent(const struct sk_http *http)
{
	curl_off_t sent = 0;
	long size = 0;

	curl_easy_getinfo(http->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	curl_easy_getinfo(http->easy, CURLINFO_REQUEST_SIZE, &size);
	return size > 0 && (size_t)sent >= http->body_len;
}

int sk_http_start(struct sk_http *http, const struct sk_http_request *req,
		  struct sk_err *err)
{
	int64_t until = sk_mono_ms() + START_MS;

	detach(http);
	if (!is_ours(http, req->url))
		return sk_fail(err, SK_EFAIL,
			       "'%.200s' is not a URL of the server '%s'",
			       req->url, http->server.ptr);
	sk_http_response_free(&http->res);
	http->timeout_s = req->timeout_s ? req->timeout_s : DEFAULT_TIMEOUT_S;
	http->started_ms = sk_mono_ms();
	http->body_len = req->body ? req->body_len : 0;
	http->header_bytes = 0;
	http->has_whole_header = false;
	http->broken = SK_HTTP_CAP_NONE;
	http->reason[0] = '\0';
	http->is_done = false;
	add_headers(http, req);
	if (set_request(http, req, err) < 0)
		return -1;
	if (curl_multi_add_handle(http->multi, http->easy) != CURLM_OK)
		return sk_fail(err, SK_EFAIL, "cannot start the request");
	http->is_busy = true;
	sk_trace("http", "%s %s, %zu bytes", req->method, req->url,
		 http->body_len);
	while (drive(http, 5) && !is_sent(http) && sk_mono_ms() < until)
		continue;
	return 0;
}

int sk_http_finish(struct sk_http *http, struct sk_http_response *res,
		   struct sk_err *err)
{
	CURLcode result;
	long os_errno = 0;

	if (!http->is_busy)
		return sk_fail(err, SK_EFAIL, "no request was started");
	while (drive(http, 1000))
		continue;
	result = http->result;
	/* to libcurl a header that was cut off is an answer without a body */
	if (result == CURLE_OK && !http->has_whole_header)
		result = CURLE_PARTIAL_FILE;
	sk_http_response_free(res);
	if (result == CURLE_OK)
		sk_http_read_headers(&http->res, http->easy);
	curl_easy_getinfo(http->easy, CURLINFO_OS_ERRNO, &os_errno);
	detach(http);
	if (result != CURLE_OK) {
		struct sk_http_failure what = {http->server.ptr, result,
					       http->reason, os_errno,
					       http->broken};

		sk_http_response_free(&http->res);
		sk_http_fail(err, &what);
		sk_trace("http", "failed after %lld ms: %s",
			 (long long)(sk_mono_ms() - http->started_ms),
			 err->msg);
		return -1;
	}
	sk_trace("http", "status %ld, %zu bytes, %lld ms", http->res.status,
		 http->res.body.len,
		 (long long)(sk_mono_ms() - http->started_ms));
	*res = http->res;
	http->res = (struct sk_http_response)SK_HTTP_RESPONSE_INIT;
	return 0;
}

int sk_http_send(struct sk_http *http, const struct sk_http_request *req,
		 struct sk_http_response *res, struct sk_err *err)
{
	if (sk_http_start(http, req, err) < 0)
		return -1;
	return sk_http_finish(http, res, err);
}

const char *sk_http_library_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}
