/* SPDX-License-Identifier: MIT */
/*
 * What of a clone's history could not be read, for as long as it is there:
 * lines of event logs, and whole missions in one commit. Known by what it is,
 * not by the commit that brought it, so that a commit made anew brings nothing.
 */
#ifndef SK_OUTBOX_UNREADABLE_H
#define SK_OUTBOX_UNREADABLE_H

#include "outbox/outbox.h"

/* All text is borrowed. */
struct sk_unreadable {
	const char *commit; /* the last it was seen in */
	const char *path;
	const char *key; /* what it is: the same in another commit */
	int64_t line;	 /* in that commit; 0: all of the file or folder */
	int64_t size;	 /* of the line, in bytes */
	const char *reason;
};

/*
 * Record it. Needs a transaction. Returns 0; 1 when this clone has it at this
 * path already (the commit and line are now these); -1.
 */
int sk_unreadable_add(struct sk_outbox *box, const char *clone,
		      const struct sk_unreadable *what, int64_t now,
		      struct sk_err *err) SK_NODISCARD;

/* Forget it. Needs a transaction. Returns 0 or -1. */
int sk_unreadable_forget(struct sk_outbox *box, const char *clone,
			 const char *path, const char *key,
			 struct sk_err *err) SK_NODISCARD;

/*
 * Visit those of a clone, or all (NULL), the oldest first. Stops when `each`
 * returns non-zero. Returns that, or 0; -1.
 */
typedef int sk_unreadable_fn(void *ctx, const struct sk_unreadable *what);
int sk_unreadable_each(struct sk_outbox *box, const char *clone,
		       sk_unreadable_fn *each, void *ctx,
		       struct sk_err *err) SK_NODISCARD;

#endif
