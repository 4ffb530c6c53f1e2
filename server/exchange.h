/* SPDX-License-Identifier: MIT */
/*
 * One request and its answer, free of the HTTP library: the route's function
 * reads the first half and fills the second. An exchange belongs to one thread.
 */
#ifndef SK_SERVER_EXCHANGE_H
#define SK_SERVER_EXCHANGE_H

#include "format/json.h"
#include "server/server.h"

struct MHD_Connection;
struct sk_route;

struct sk_exchange {
	struct sk_server *server;
	struct MHD_Connection *connection;
	const struct sk_route *route; /* NULL: there is no such endpoint */
	const char *path;
	const char *method;
	struct sk_str user; /* whom the access token speaks for */
	bool is_gzip;
	size_t max_body;      /* bytes as sent; 0 = no body is wanted */
	size_t max_decoded;   /* bytes once unpacked */
	size_t received;      /* bytes so far, dropped ones included */
	struct sk_str body;   /* what of them was kept */
	struct sk_json *json; /* of a POST: an object */

	unsigned status; /* 0 = not decided yet */
	struct sk_str reply;
	unsigned retry_after_s; /* 0 = not said */
	const char *allow;	/* of a 405 */
};

/* Answer with {"error": <text>}. */
void sk_exchange_error(struct sk_exchange *x, unsigned status, const char *fmt,
		       ...) SK_PRINTF(3, 4);

/* Answer 413, with the limits that a batch has to keep. */
void sk_exchange_too_large(struct sk_exchange *x, const char *fmt, ...)
	SK_PRINTF(2, 3);

/*
 * Answer 503 with a Retry-After and write *err to the log: the store could not
 * do it, and nothing of the request has been kept.
 */
void sk_exchange_unavailable(struct sk_exchange *x, const struct sk_err *err);

/* Write the "limits" object that a client plans its batches by. */
void sk_exchange_add_limits(const struct sk_exchange *x, struct sk_jsonw *w);

/* A header, or a parameter of the query; NULL when absent. Borrowed. */
const char *sk_exchange_header(const struct sk_exchange *x, const char *name);
const char *sk_exchange_query(const struct sk_exchange *x, const char *name);

/* Bytes that all headers have together. */
size_t sk_exchange_header_bytes(const struct sk_exchange *x);

/* A random number of seconds, so that clients do not return all at once. */
unsigned sk_retry_after(void);

#endif
