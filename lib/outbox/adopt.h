/* SPDX-License-Identifier: MIT */
/*
 * Rows of the queue without an account go over into an account's queue: what
 * was captured while nobody was logged in, and with leave what nobody knows the
 * account of. Rows that another account captured are never taken.
 */
#ifndef SK_OUTBOX_ADOPT_H
#define SK_OUTBOX_ADOPT_H

#include "base/err.h"

struct sk_adopt {
	const char *from;    /* path of the queue without an account */
	const char *to;	     /* path of the account's */
	const char *account; /* its scope, as in sk_outbox_set_account() */
	bool want_unknown;   /* take also rows without a known account */
};

struct sk_adopt_rows {
	int64_t events;	  /* queued, or parked */
	int64_t bodies;	  /* of body_upload_queue */
	int64_t failures; /* of body_upload_failure_log */
};

/* What there is in `from`, by whose it is. */
struct sk_adoption {
	struct sk_adopt_rows taken;   /* those that go, or would go, over */
	struct sk_adopt_rows unknown; /* not taken: nobody knows whose */
	struct sk_adopt_rows others;  /* not taken: another account's */
};

/*
 * Count, changing nothing: what is `taken` would be. Returns 0, also when there
 * is no such file; -1 when it cannot be read.
 */
int sk_adopt_look(const struct sk_adopt *adopt, struct sk_adoption *out,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Move the rows, bookkeeping included; `to` is made when absent. What is there
 * already wins over what comes. `to` is committed and on disk before a row is
 * removed that is seen in it, so that a process killed in between, or a power
 * cut, leaves a row in both and never in none; moving again then clears the
 * first. Waits up to SK_OUTBOX_WAIT_MS for each file.
 *
 * Returns 0, also when there is no such file or nothing in it; -1 as
 * sk_outbox_open(), with *out zeroed.
 */
int sk_adopt_run(const struct sk_adopt *adopt, struct sk_adoption *out,
		 struct sk_err *err) SK_NODISCARD;

#endif
