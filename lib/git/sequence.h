/* SPDX-License-Identifier: MIT */
/* Libc alone: asked at the start of every hook. */
#ifndef SK_GIT_SEQUENCE_H
#define SK_GIT_SEQUENCE_H

#include "base/base.h"

/* Whether there is a file or folder of that name in a worktree's git folder. */
bool sk_git_dir_has(const char *git_dir, const char *name);

/*
 * Whether a rebase, am, or cherry-pick or revert of several commits is going
 * on in the worktree with this git folder. What a sequence that was given up
 * left behind (git reset keeps `sequencer`) is none.
 */
bool sk_git_dir_in_sequence(const char *git_dir);

#endif
