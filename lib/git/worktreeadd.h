/* SPDX-License-Identifier: MIT */
/*
 * A worktree for a branch, all or nothing: what cannot be made whole is taken
 * back, but for what somebody else has touched meanwhile. Killed at any moment
 * it leaves what the next call takes away first, known by git's own lock of a
 * worktree, with a reason of ours.
 */
#ifndef SK_GIT_WORKTREEADD_H
#define SK_GIT_WORKTREEADD_H

#include "git/repo.h"

/* All borrowed. */
struct sk_worktree_wanted {
	const char *folder; /* absolute */
	const char *branch; /* "refs/heads/...", to be checked out there */
	const char *from;   /* "refs/heads/...", where the branch starts when it
			       is missing */
	const char *base;   /* the revision where that one starts when it is
			       missing too; NULL: it must be there */
	const char *start;  /* the revision where `branch` starts instead of
			       `from`; NULL: there */
	const char *home;   /* the branch that the main worktree is for, in a
			       hint */
};

/* What was made, to be taken back. */
struct sk_worktree_added {
	bool has_folder;
	char branch[SK_HEX_LEN + 1]; /* where it was made; "": it was there */
	char from[SK_HEX_LEN + 1];
};

/*
 * Have a worktree in that folder, on that branch. Runs git, whose post-checkout
 * hook runs; waits half a minute for another of us.
 *
 * Returns 0 when it was made; 1 when it is there, clean, with nothing under
 * way in it; -1 with nothing left of ours: the folder is something else's, the
 * worktree there is on another branch or has what is not committed (named), the
 * branch is checked out elsewhere, or in git's words.
 */
int sk_worktree_add(struct sk_worktree_added *added, struct sk_repo *repo,
		    const struct sk_worktree_wanted *wanted,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Take back what that has made, as a later step has failed: the worktree unless
 * something in it is not committed, each branch unless it has moved. Returns 0;
 * -1 when something of it stays.
 */
int sk_worktree_take_back(struct sk_repo *repo,
			  const struct sk_worktree_wanted *wanted,
			  const struct sk_worktree_added *added,
			  struct sk_err *err) SK_NODISCARD;

#endif
