/* SPDX-License-Identifier: MIT */
/*
 * What every hook has in common. A hook program is a link in the repository's
 * hooks folder; a hook that was there before stands beside it as
 * <name>.sk-orig and runs first, with the same arguments and standard input.
 */
#ifndef SK_FRONT_HOOK_H
#define SK_FRONT_HOOK_H

#include "base/base.h"

/*
 * main() of a post-* hook: run the kept hook, then, unless GIT_SK=0 or a
 * sequence (rebase, am, cherry-pick) is going on, look whether there is
 * anything to capture and hand over to the program that captures. Costs no
 * library but libc and zlib as long as there is nothing to do.
 * Returns the kept hook's exit status, else 0.
 */
int sk_hook_watch(const char *event, int argc, char **argv);

#endif
