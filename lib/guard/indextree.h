/* SPDX-License-Identifier: MIT */
/* The tree that a commit of the index would have, asked from within its hook.
 */
#ifndef SK_GUARD_INDEXTREE_H
#define SK_GUARD_INDEXTREE_H

#include "git/repo.h"

/*
 * Write the tree, by way of a copy of the index: the index itself is locked by
 * whoever else looks at it. The copy is `sk-index.copy` in the worktree's git
 * folder, under a lock that goes with the process: what one that was killed has
 * left is removed by the next. Waits two seconds for another. Objects that a
 * partial clone left out are not fetched. Runs git. Returns 0 or -1.
 */
int sk_index_tree(struct sk_oid *tree, struct sk_repo *repo,
		  struct sk_err *err) SK_NODISCARD;

#endif
