/* SPDX-License-Identifier: MIT */
/*
 * Hooks out of a repository again: out of every folder that setup ever wrote
 * to and out of the configuration, with what the queue holds left alone.
 */
#ifndef SK_SETUP_REMOVE_H
#define SK_SETUP_REMOVE_H

#include "setup/setup.h"

struct sk_removal {
	struct sk_steps steps;
	size_t hooks;	/* of ours that go */
	char **folders; /* looked at, absolute; owned */
	size_t folder_count, folder_cap;
	struct sk_str configs[2]; /* of the scopes local and worktree: files
				     that hold hooks; "" for none */
	bool is_global_too; /* hooks of the global scope stay, switched off */
};

/*
 * Plan the removal. A folder outside the repository that another one which is
 * set up runs its hooks from is left as it is, with a note. *removal is
 * owned, also on failure: sk_removal_free(). Returns 0 or -1.
 */
int sk_removal_plan(struct sk_removal *removal, const struct sk_setup *setup,
		    struct sk_err *err) SK_NODISCARD;
void sk_removal_free(struct sk_removal *removal);

/*
 * Do it, and forget the clone. Where hooks of the global scope would register
 * it again, it is marked as not wanted (sk.capture = false). Returns 0 or -1.
 */
int sk_removal_apply(const struct sk_removal *removal,
		     const struct sk_setup *setup,
		     struct sk_err *err) SK_NODISCARD;

#endif
