/* SPDX-License-Identifier: MIT */
/*
 * The branch that HEAD names, by its file alone and with libc alone; and what
 * a branch is called.
 */
#ifndef SK_GIT_HEADFILE_H
#define SK_GIT_HEADFILE_H

#include "base/str.h"

/*
 * Set *branch to what HEAD of the worktree with this git folder names, without
 * refs/heads/. Returns 0; 1 when HEAD is on no branch; -1 when the file does
 * not tell: it cannot be read, or refs are kept in another way than as files.
 */
int sk_head_branch(struct sk_str *branch, const char *git_dir) SK_NODISCARD;

/*
 * What people and most of git call it: without refs/heads/. Another ref, or a
 * name that has none, is as it is. Borrowed.
 */
const char *sk_branch_name(const char *ref);

#endif
