/* SPDX-License-Identifier: MIT */
/* Inside lib/git: a worktree that was cut off between two commits. */
#ifndef SK_GIT_ADVANCEPART_H
#define SK_GIT_ADVANCEPART_H

#include "git/advance.h"

/* Have an index know which of its files are as it has them. Returns 0 or -1. */
int sk_advance_refresh(const struct sk_git_place *place,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Give the index that is made what each file is, of the paths in which the two
 * commits differ: the entry of `to` or that of `from`. `tree` is what it is
 * then. A file that git has only begun to write is removed, to be written
 * again. Returns 0; -1, with SK_EDATA naming one that is neither.
 */
int sk_advance_heal(char tree[SK_HEX_LEN + 1], struct sk_advance *adv,
		    const char *from, const char *to,
		    struct sk_err *err) SK_NODISCARD;

#endif
