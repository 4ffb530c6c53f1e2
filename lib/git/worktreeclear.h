/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/git: what is left of a worktree whose making was cut off. While it
 * is made git has it locked, with a reason of ours.
 */
#ifndef SK_GIT_WORKTREECLEAR_H
#define SK_GIT_WORKTREECLEAR_H

#include "git/repo.h"

#define SK_WORKTREE_MARK "git-sk is making this worktree"

/* Keep which process makes one: an sk_feed's `started`, ctx the repository. */
void sk_worktree_say_child(void *ctx, pid_t pid);

/*
 * Wait until that is gone, and forget it; none is fine. Returns 0; -1 with
 * SK_EBUSY after ten seconds.
 */
int sk_worktree_await_child(const struct sk_repo *repo,
			    struct sk_err *err) SK_NODISCARD;

/*
 * Take away every worktree that bears the mark. One that was made whole and is
 * not ours just now may have been worked in: that is unlocked, and stays.
 */
void sk_worktree_clear(const struct sk_repo *repo, bool is_ours);

#endif
