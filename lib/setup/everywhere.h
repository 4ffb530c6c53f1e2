/* SPDX-License-Identifier: MIT */
/*
 * Hooks for all repositories of a person: by configuration, in git's global
 * scope. A repository that holds kitty-specs registers itself at its first
 * commit after that (see clone.h); the hooks do nothing in all others.
 */
#ifndef SK_SETUP_EVERYWHERE_H
#define SK_SETUP_EVERYWHERE_H

#include "git/version.h"
#include "setup/confighook.h"

struct sk_everywhere {
	struct sk_git_version git; /* the one in use */
	struct sk_str file;	   /* git's file of the global scope */
	struct sk_str programs[SK_HOOK_EVENTS];
	struct sk_confighook configured[SK_HOOK_EVENTS];
	bool is_changed; /* by the last sk_everywhere_set() */
};

/* Look. *all is owned, also on failure: sk_everywhere_close(). 0 or -1. */
int sk_everywhere_open(struct sk_everywhere *all,
		       struct sk_err *err) SK_NODISCARD;
void sk_everywhere_close(struct sk_everywhere *all);

/* Whether all that are wanted (see wanted.h) are there, and the git in use runs
 * them. */
bool sk_everywhere_is_set(const struct sk_everywhere *all);

/*
 * Write the hooks, or take them out; a dry run but asks whether it would work.
 * Returns 0; -1 when this git knows no such hooks, or as
 * sk_confighooks_write().
 */
int sk_everywhere_set(struct sk_everywhere *all, bool want, bool dry_run,
		      struct sk_err *err) SK_NODISCARD;

#endif
