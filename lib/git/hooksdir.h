/* SPDX-License-Identifier: MIT */
/*
 * The hooks folder of a repository, and our links in it. Recognised by where
 * the link points, not by text. A hook that was there before is kept beside
 * ours as <name>.sk-orig, the very file, and comes back when ours goes.
 */
#ifndef SK_GIT_HOOKSDIR_H
#define SK_GIT_HOOKSDIR_H

#include "git/repo.h"

/* The name behind which a kept hook waits. */
#define SK_HOOK_KEPT ".sk-orig"

/*
 * Set *out to the folder git runs the hooks of this repository from (absolute;
 * the shared one in a linked worktree; core.hooksPath of the repository's own
 * configuration). It may not exist yet.
 *
 * Returns 0; 1 when it is not ours to write, with the reason in *why: a
 * core.hooksPath that other repositories share, an empty one, or a folder
 * whose files git tracks; -1.
 */
int sk_hooks_dir(struct sk_str *out, struct sk_str *why, struct sk_repo *repo,
		 struct sk_err *err) SK_NODISCARD;

enum sk_hook_state {
	SK_HOOK_ABSENT,
	SK_HOOK_FOREIGN, /* somebody else's, or nothing of ours */
	SK_HOOK_OURS,	 /* a link to `target` */
	SK_HOOK_STALE,	 /* a link to such a program that is not `target` */
};

/* What stands at <dir>/<event>; `target` is the absolute path of our program.
 */
enum sk_hook_state sk_hook_state(const char *dir, const char *event,
				 const char *target);

/* Whether a kept hook waits beside it. */
bool sk_hook_has_kept(const char *dir, const char *event);

/*
 * Put our link in place, keeping what was there; nothing to do when it is
 * there. Never a moment without a hook: killed half-way, one of the two is in
 * place. Returns 0; -1, e.g. when a kept hook is in the way of another.
 */
int sk_hook_install(const char *dir, const char *event, const char *target,
		    struct sk_err *err) SK_NODISCARD;

/* Remove our link and bring the kept hook back. Returns 0; 1 when it was not
 * ours; -1. */
int sk_hook_remove(const char *dir, const char *event, const char *target,
		   struct sk_err *err) SK_NODISCARD;

#endif
