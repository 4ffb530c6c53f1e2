/* SPDX-License-Identifier: MIT */
/*
 * Why an exchange failed, in words that say what to do. Private to lib/wire.
 */
#ifndef SK_WIRE_HTTP_FAILURE_H
#define SK_WIRE_HTTP_FAILURE_H

#include "base/err.h"

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
	unsigned timeout_s;
	enum sk_http_cap broken;
};

/* Fill *err: SK_ENET, SK_EDATA or SK_EFAIL as sk_http_finish() says. -1. */
int sk_http_fail(struct sk_err *err, const struct sk_http_failure *what);

#endif
