/* SPDX-License-Identifier: MIT */
/* What a hook asks before all else, of its environment alone. */
#ifndef SK_FRONT_HOOKSTART_H
#define SK_FRONT_HOOKSTART_H

#include "base/base.h"

/* GIT_SK=0 switches everything off, GIT_SK_SKIP=name,... single hooks. */
bool sk_hook_is_switched_off(const char *event);

/*
 * The git folder of the worktree whose hook this is: borrowed. NULL when it
 * takes a closer look to tell.
 */
const char *sk_hook_git_dir(void);

#endif
