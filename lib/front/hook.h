/* SPDX-License-Identifier: MIT */
/*
 * What every hook has in common. The hook file in a repository, or a line of
 * its configuration, runs the program of its event (see setup/text.h); a hook
 * that was there before is that file's business.
 */
#ifndef SK_FRONT_HOOK_H
#define SK_FRONT_HOOK_H

#include "base/base.h"

/*
 * main() of a post-* hook: unless GIT_SK=0 or a sequence (rebase, am,
 * cherry-pick) is going on, look whether there is anything to capture and hand
 * over to the program that captures. Costs no library but libc and zlib as
 * long as there is nothing to do.
 * Returns 0; behind a link of git-sk 0.1.0 the status of the hook it kept.
 */
int sk_hook_watch(const char *event, int argc, char **argv);

/*
 * main() of pre-commit: unless it is switched off or HEAD is on no branch of a
 * lane, which its file tells, run the program that looks at what is staged. As
 * long as there is nothing to do no library but libc is loaded.
 * Returns 1 when that refuses the commit; else 0, whatever becomes of it.
 */
int sk_hook_guard(void);

/*
 * main() of pre-merge-commit: unless it is switched off or all that is merged
 * has the same missions, run the program that looks at what is lost and broken
 * by it. Returns 1 when that refuses the merge; else 0.
 */
int sk_hook_gate_merge(void);

/*
 * The same of pre-push, for what the push publishes and replaces. Reads
 * standard input. Returns 1 when the push is refused; else 0.
 */
int sk_hook_gate_push(int argc, char **argv);

/*
 * What post-merge does first: a merge that only moved HEAD forward has met no
 * gate, so the same is looked at now, and said as a warning.
 */
void sk_hook_after_merge(int argc, char **argv);

#endif
