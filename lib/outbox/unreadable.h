/* SPDX-License-Identifier: MIT */
/* Lines of event logs that could not be read, for whoever asks. */
#ifndef SK_OUTBOX_UNREADABLE_H
#define SK_OUTBOX_UNREADABLE_H

#include "outbox/outbox.h"

/*
 * Record a line that could not be read. Returns 0; 1 when this line of this
 * file in this commit is recorded already; -1.
 */
int sk_unreadable_add(struct sk_outbox *box, const char *clone,
		      const char *commit, const char *path, int64_t line,
		      const char *reason, int64_t now,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Visit what was recorded, the oldest first, until `each` returns other than 0;
 * text is borrowed for the callback. Returns 0 at the end; the callback's
 * value; -1.
 */
typedef int sk_unreadable_fn(void *ctx, const char *commit, const char *path,
			     int64_t line, const char *reason);
int sk_unreadable_each(struct sk_outbox *box, sk_unreadable_fn *each, void *ctx,
		       struct sk_err *err) SK_NODISCARD;

#endif
