/* SPDX-License-Identifier: MIT */
/*
 * When to try again after a failure that is not the events' fault. Kept in the
 * queue's own state, so that it holds between processes; with full jitter, so
 * that a thousand clients that failed together don't come back together.
 * Times are milliseconds since the epoch.
 */
#ifndef SK_DELIVER_BACKOFF_H
#define SK_DELIVER_BACKOFF_H

#include "outbox/outbox.h"

/* The window doubles with each failure, from the base up to the cap. */
#define SK_BACKOFF_BASE_MS 2000
#define SK_BACKOFF_CAP_MS  900000

/* A server's Retry-After is believed up to this. */
#define SK_RETRY_AFTER_CAP_S 3600

struct sk_backoff {
	int64_t failures; /* in a row */
	int64_t next_ms;  /* earliest next try; 0 = any time */
};

/*
 * The wait after the `failures`th failure in a row, at least `retry_after_s`
 * when that is not negative. `random` is any number, equally distributed.
 */
int64_t sk_backoff_wait_ms(int64_t failures, int64_t retry_after_s,
			   uint64_t random);

/* Read what is kept. Returns 0 or -1. */
int sk_backoff_load(struct sk_backoff *backoff, struct sk_outbox *box,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Record a failure: one more in a row, the time of the next try, its category
 * and text. Fills *backoff with what is now kept. Needs a transaction.
 * Returns 0 or -1.
 */
int sk_backoff_fail(struct sk_backoff *backoff, struct sk_outbox *box,
		    int64_t now_ms, int64_t retry_after_s, const char *category,
		    const char *text, struct sk_err *err) SK_NODISCARD;

/* Record that things work again. Needs a transaction. Returns 0 or -1. */
int sk_backoff_reset(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

#endif
