/* SPDX-License-Identifier: MIT */
/*
 * The repositories that this account has set up: the file `repositories` in
 * the home folder, one common git folder a line. It is for people, who may
 * want to know where hooks of ours are when git-sk goes; nothing that is
 * captured or sent depends on it.
 */
#ifndef SK_SETUP_ROSTER_H
#define SK_SETUP_ROSTER_H

#include "base/err.h"

/*
 * Add the absolute path of a common folder, or take it out; once more is no
 * change. Waits two seconds for another process. Returns 0 or -1.
 */
int sk_roster_add(const char *common, struct sk_err *err) SK_NODISCARD;
int sk_roster_remove(const char *common, struct sk_err *err) SK_NODISCARD;

/*
 * Visit each path, borrowed for the call, in the order they were added, until
 * `each` returns non-zero. Returns that, or 0; -1 when it cannot be read.
 */
typedef int sk_roster_fn(void *ctx, const char *common);
int sk_roster_each(sk_roster_fn *each, void *ctx,
		   struct sk_err *err) SK_NODISCARD;

#endif
