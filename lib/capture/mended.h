/* SPDX-License-Identifier: MIT */
/* What could not be read once, and is no longer in the way. */
#ifndef SK_CAPTURE_MENDED_H
#define SK_CAPTURE_MENDED_H

#include "capture/fault.h"

/*
 * Forget what is recorded of this clone and no worktree's HEAD has any more:
 * the line is gone, the folder is another one, the object is there again. Logs
 * of more than `log_max` bytes, unless 0, are not read: what was in them stays.
 * Needs a transaction. Returns 0 or -1.
 */
int sk_mended_forget(struct sk_outbox *box, const char *clone,
		     struct sk_repo *repo, size_t log_max,
		     struct sk_err *err) SK_NODISCARD;

/* The same in a transaction of its own, when anything is recorded at all. */
int sk_mended_review(struct sk_outbox *box, const char *clone,
		     struct sk_repo *repo, size_t log_max,
		     struct sk_err *err) SK_NODISCARD;

#endif
