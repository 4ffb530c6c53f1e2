/* SPDX-License-Identifier: MIT */
/*
 * One HTTP exchange as data: a request in, a response out, libcurl between.
 * Knows nothing of events. One connection is kept and used again. TLS is
 * verified, redirects are not followed, responses are capped at
 * SK_HTTP_MAX_BODY decoded bytes and SK_HTTP_MAX_HEADERS of header, stalled
 * transfers (under 1 byte/s for 15 s) and those past their deadline end.
 */
#ifndef SK_WIRE_HTTP_H
#define SK_WIRE_HTTP_H

#include "base/err.h"
#include "base/str.h"

#define SK_HTTP_MAX_BODY    (8u << 20)
#define SK_HTTP_MAX_HEADERS 65536u

struct sk_http; /* a client: its connection, its configuration */

struct sk_http_request {
	const char *method; /* "GET" or "POST" */
	const char *url;
	const char *bearer; /* access token, or NULL */
	const char *body;   /* NULL when there is none */
	size_t body_len;
	bool body_is_gzip;  /* adds Content-Encoding: gzip */
	unsigned timeout_s; /* whole exchange; 0 = 60 */
};

struct sk_http_response {
	long status; /* 0: none came */
	struct sk_str body;
	struct sk_str content_type; /* lower case, without parameters */
	struct sk_str location;	    /* of a redirect */
	int64_t retry_after_s;	    /* seconds from now; -1 when not said */
	int64_t date; /* the server's clock, seconds; 0 when not said */
};

#define SK_HTTP_RESPONSE_INIT                                                  \
	{                                                                      \
		0, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, -1, 0                \
	}

/* Overwrite the body in memory, and release all; it is usable again. */
void sk_http_response_free(struct sk_http_response *res);

/*
 * Make a client for the server at `base_url`: https, or http to a loopback
 * address alone, which no proxy is used for. Reads git's http.* settings for
 * that URL (see httpconfig.h) and proxy variables. *out is owned.
 * Returns 0; -1 with SK_EUSAGE for a URL that cannot be, SK_EFAIL.
 */
int sk_http_new(struct sk_http **out, const char *base_url,
		struct sk_err *err) SK_NODISCARD;
void sk_http_free(struct sk_http *http);

/* The server's base URL, no slash at the end; borrowed. */
const char *sk_http_server(const struct sk_http *http);

/*
 * What the user must be told about the configuration (TLS verification turned
 * off, a setting that is ignored): one text a line, "" for nothing; borrowed.
 */
const char *sk_http_notices(const struct sk_http *http);

/*
 * Start a request and return as soon as it is on its way, or after 100 ms; the
 * request's memory must stay until sk_http_finish(). One at a time, and only to
 * the origin of the base URL. Returns 0 or -1.
 */
int sk_http_start(struct sk_http *http, const struct sk_http_request *req,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Wait for the answer of the request that was started. *res is filled anew.
 * Returns 0 whatever the status; -1 with SK_ENET when no whole answer came,
 * SK_EDATA when it broke a cap or is no HTTP, SK_EFAIL when TLS trust failed.
 */
int sk_http_finish(struct sk_http *http, struct sk_http_response *res,
		   struct sk_err *err) SK_NODISCARD;

/* Both in one, with what they return. */
int sk_http_send(struct sk_http *http, const struct sk_http_request *req,
		 struct sk_http_response *res, struct sk_err *err) SK_NODISCARD;

/*
 * Whether `url` may be a server: https with a host, or http with 127.0.0.0/8,
 * [::1] or localhost; no user, query or fragment in it.
 */
bool sk_http_url_is_allowed(const char *url);

/* Version of the libcurl in use, "7.88.1"; borrowed for ever. */
const char *sk_http_library_version(void);

#endif
