/* SPDX-License-Identifier: MIT */
/*
 * What came of an exchange: what the header of an answer says, or why there is
 * none, in words that say what to do. Private to lib/wire.
 */
#ifndef SK_WIRE_HTTPANSWER_H
#define SK_WIRE_HTTPANSWER_H

#include "wire/http.h"

/* Fill all but the body from libcurl's handle of a finished transfer. */
void sk_http_read_headers(struct sk_http_response *res, void *easy);

enum sk_http_cap {
	SK_HTTP_CAP_NONE,
	SK_HTTP_CAP_BODY,
	SK_HTTP_CAP_HEADERS,
};

struct sk_http_failure {
	const char *server;
	int code;	    /* a CURLcode */
	const char *reason; /* libcurl's words; "" when it has none */
	long os_errno;
	enum sk_http_cap broken;
};

/* Fill *err: SK_ENET, SK_EDATA or SK_EFAIL as sk_http_finish() says. -1. */
int sk_http_fail(struct sk_err *err, const struct sk_http_failure *what);

#endif
