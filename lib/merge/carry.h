/* SPDX-License-Identifier: MIT */
/*
 * Carrying a merge out, in steps that can each be cut off: the refs move and
 * the work trees that have them checked out follow; then what comes behind the
 * merge. The caller has the lock (lock.h), and the state is written before each
 * step and behind it.
 */
#ifndef SK_MERGE_CARRY_H
#define SK_MERGE_CARRY_H

#include "merge/state.h"

/*
 * Move the refs, all in one transaction, each from where the plan found it;
 * the work trees follow while the refs are locked, never by force. Sets
 * `has_landed`.
 * Of one that was cut off, `is_resumed`, what has moved already stays.
 *
 * Returns 0; -1 with nothing changed, and no state left: SK_ENO when a ref has
 * moved meanwhile or something is in the way. When that could not be put back
 * either the state stays, and the hint says so.
 */
int sk_merge_carry(struct sk_merge_state *state, struct sk_repo *repo,
		   bool is_resumed, struct sk_err *err) SK_NODISCARD;

/*
 * Take back one that was cut off before the target moved. Returns 0; 1 with
 * nothing changed when the target has moved, and so it has landed; -1.
 */
int sk_merge_take_back(struct sk_merge_state *state, struct sk_repo *repo,
		       struct sk_err *err) SK_NODISCARD;

/*
 * What git does behind a merge, where the target is checked out: ORIG_HEAD, and
 * the hook post-merge, what that says being appended to *said. *is_hooked is
 * whether there was a place for it. Never fails.
 */
void sk_merge_tell_git(const struct sk_merge_state *state, struct sk_repo *repo,
		       struct sk_str *said, bool *is_hooked);

/* Push the target, if that is wanted, and not done. Returns 0; -1 in git's
 * words. */
int sk_merge_push(struct sk_merge_state *state, struct sk_repo *repo,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Remove worktrees and branches that nobody needs any more, each only as far as
 * git removes it without force, and as it was when it was merged. Sets
 * state->cleared: what stays, and why.
 */
void sk_merge_clear(struct sk_merge_state *state, struct sk_repo *repo);

#endif
