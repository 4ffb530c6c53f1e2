/* SPDX-License-Identifier: MIT */
/* How far each clone is captured. */
#ifndef SK_OUTBOX_CURSOR_H
#define SK_OUTBOX_CURSOR_H

#include "outbox/outbox.h"

/*
 * The cursor: for each clone (its id) and ref, the tip up to which everything
 * has been captured. `each` gets borrowed text; it returns 0 to go on. Visiting
 * returns 0 at the end, the callback's value, or -1; setting 0 or -1.
 */
typedef int sk_cursor_fn(void *ctx, const char *ref, const char *tip);
int sk_cursor_each(struct sk_outbox *box, const char *clone, sk_cursor_fn *each,
		   void *ctx, struct sk_err *err) SK_NODISCARD;
int sk_cursor_set(struct sk_outbox *box, const char *clone, const char *ref,
		  const char *tip, struct sk_err *err) SK_NODISCARD;

/* Remove one, if it is there. Returns 0 or -1. */
int sk_cursor_drop(struct sk_outbox *box, const char *clone, const char *ref,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Tips that hide what was there before until the ledger knows it have refs that
 * begin like this.
 */
#define SK_CURSOR_BASELINE "baseline/"

/* Remove the clone's tips of that kind: the ledger knows. Returns 0 or -1. */
int sk_cursor_drop_baseline(struct sk_outbox *box, const char *clone,
			    struct sk_err *err) SK_NODISCARD;

#endif
