/* SPDX-License-Identifier: MIT */
/*
 * Does the server know us? One request with the real token, renewed before when
 * it needs to be, so that the answer is what a delivery would get.
 */
#ifndef SK_WIRE_PROBE_H
#define SK_WIRE_PROBE_H

#include "wire/credentials.h"
#include "wire/http.h"

enum sk_probe_answer {
	SK_PROBE_CONNECTED,
	SK_PROBE_NOT_AUTHENTICATED, /* nobody is logged in */
	SK_PROBE_EXPIRED,	    /* a new login is needed */
	SK_PROBE_NO_PERMISSION,
	SK_PROBE_UNAVAILABLE, /* 502, 503, 504 */
	SK_PROBE_UNREACHABLE, /* no answer */
	SK_PROBE_UNEXPECTED,  /* an answer that makes no sense */
};

struct sk_probe {
	enum sk_probe_answer answer;
	long status;	      /* of HTTP; 0 = none came */
	struct sk_str detail; /* why, from outside: show it escaped */
};

#define SK_PROBE_INIT                                                          \
	{                                                                      \
		SK_PROBE_NOT_AUTHENTICATED, 0, SK_STR_INIT                     \
	}

/* Release the memory; the probe is usable again. */
void sk_probe_free(struct sk_probe *probe);

/*
 * Ask as `creds`, whose tokens are renewed when they must be; NULL is nobody.
 * Waits for the server, some 5 s a request. Never fails.
 */
void sk_probe_run(struct sk_probe *probe, struct sk_credentials *creds);

#endif
