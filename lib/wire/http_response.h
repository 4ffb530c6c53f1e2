/* SPDX-License-Identifier: MIT */
/* What the header of an answer says. Private to lib/wire. */
#ifndef SK_WIRE_HTTP_RESPONSE_H
#define SK_WIRE_HTTP_RESPONSE_H

#include "wire/http.h"

/* Fill all but the body from libcurl's handle of a finished transfer. */
void sk_http_read_headers(struct sk_http_response *res, void *easy);

#endif
