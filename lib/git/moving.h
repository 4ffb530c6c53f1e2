/* SPDX-License-Identifier: MIT */
/*
 * What git merges as it runs a merge driver of ours: two histories, or a change
 * that it moves from one place to another, by a cherry-pick, a revert, a rebase
 * or a stash. It does not tell, and leaves traces of some alone. As git 2.39
 * has it, while the driver runs there is
 *
 *	merge, pull, merge --squash	nothing
 *	merge-tree --write-tree		nothing
 *	log --remerge-diff		nothing
 *	cherry-pick, revert, also -n	nothing; of several `sequencer`, which
 *					'git reset' leaves there as well
 *	stash apply, stash pop		nothing
 *	checkout -m, switch -m		nothing
 *	apply -3			nothing
 *	rebase				rebase-merge
 *	rebase --apply, am -3		rebase-apply
 *	checkout --merge <path>		that of the merge it makes anew:
 *					MERGE_HEAD, CHERRY_PICK_HEAD, ...
 *
 * so that it is the command line of the git that runs us that decides. Where it
 * makes an old conflict anew, or we see none of it, what is there does.
 */
#ifndef SK_GIT_MOVING_H
#define SK_GIT_MOVING_H

#include "base/base.h"

/*
 * Whether it is a change that moves, in the worktree with this git folder. What
 * cannot be known is a merge of histories. Never fails.
 */
bool sk_git_moves_change(const char *git_dir);

/* What a process between us and that command is. */
enum sk_git_step {
	SK_GIT_STEP_OTHER,  /* none of git's: there is no command to be seen */
	SK_GIT_STEP_PASS,   /* a shell that git runs us by, git as it runs us */
	SK_GIT_STEP_MERGES, /* histories */
	SK_GIT_STEP_MOVES,  /* a change */
	SK_GIT_STEP_REDOES, /* a change, or a merge that is under way */
};

/* By its arguments, each ended by NUL. */
enum sk_git_step sk_git_step_of(const char *args, size_t len);

#endif
