/* SPDX-License-Identifier: MIT */
/*
 * How much goes into one batch: the usual, what the server says when it is
 * asked, and less once it has refused one as too large. Private to delivery.
 */
#ifndef SK_DELIVER_LIMITS_H
#define SK_DELIVER_LIMITS_H

#include "deliver/sender.h"
#include "wire/batch.h"

struct sk_batch_limits {
	struct sk_limits now; /* in force */
	bool is_asked;	      /* the server was, and has answered */
	int64_t usual_bytes;  /* of `now` before anything was refused */
	int64_t told_bytes;   /* ... and as the server said; 0 = it did not */
};

#define SK_BATCH_LIMITS_INIT                                                   \
	{                                                                      \
		SK_LIMITS_DEFAULT, false, 0, 0                                 \
	}

/* Ask the server, once. It need not say, and then it is the usual. */
void sk_batch_limits_ask(struct sk_batch_limits *limits,
			 const struct sk_sender *sender);

/* Take over what a refusal says of limits: never upwards. */
void sk_batch_limits_hear(struct sk_batch_limits *limits,
			  const struct sk_http_response *res);

/*
 * So many events of so many bytes were too much, whichever it was, and nobody
 * says what is not: take half of both.
 */
void sk_batch_limits_halve(struct sk_batch_limits *limits, int64_t events,
			   int64_t bytes);

#endif
