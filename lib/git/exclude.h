/* SPDX-License-Identifier: MIT */
/* What git is not to see in the work trees of a repository. */
#ifndef SK_GIT_EXCLUDE_H
#define SK_GIT_EXCLUDE_H

#include "git/repo.h"

/*
 * Keep what matches the pattern ("/.worktrees/") out of 'git status' in every
 * worktree, by a line in info/exclude, whose others stay as they are. One that
 * is there is enough. Returns 0 or -1.
 */
int sk_exclude_add(struct sk_repo *repo, const char *pattern,
		   struct sk_err *err) SK_NODISCARD;

#endif
