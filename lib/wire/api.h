/* SPDX-License-Identifier: MIT */
/*
 * The small requests to a server: one call each, a JSON document back. What
 * carries events is batch.h.
 */
#ifndef SK_WIRE_API_H
#define SK_WIRE_API_H

#include "format/json.h"
#include "wire/http.h"

struct sk_api_call {
	const char *method; /* "GET" or "POST" */
	const char *path;   /* behind the server's URL: "/api/..." */
	const char *bearer; /* access token, or NULL */
	const char *body;   /* JSON, or NULL */
	unsigned timeout_s;
};

struct sk_api_answer {
	struct sk_http_response res;
	struct sk_json *body; /* NULL when it is no JSON; owned */
};

#define SK_API_ANSWER_INIT                                                     \
	{                                                                      \
		SK_HTTP_RESPONSE_INIT, NULL                                    \
	}

/* Overwrite what came, which may have been tokens, then release it. */
void sk_api_answer_free(struct sk_api_answer *answer);

/*
 * Send and wait. *answer is filled anew, free it with sk_api_answer_free().
 * Returns 0 whatever the status; -1 as sk_http_send().
 */
int sk_api_send(struct sk_api_answer *answer, struct sk_http *http,
		const struct sk_api_call *call,
		struct sk_err *err) SK_NODISCARD;

/*
 * Ask the server of events how it is, which tells its limits and contracts too,
 * as whoever has `bearer`, or as nobody. Returns as sk_api_send().
 */
int sk_api_health(struct sk_api_answer *answer, struct sk_http *http,
		  const char *bearer, unsigned timeout_s,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Say of an answer that it is none one can use: SK_ENET when the server cannot
 * do it now, SK_EDATA when it is no server of events. Its own words are left
 * out: some servers quote the request in them, and that may have a password.
 * Returns -1.
 */
int sk_api_fail(struct sk_err *err, const struct sk_http *http,
		const struct sk_api_answer *answer);

#endif
