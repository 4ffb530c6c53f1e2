/* SPDX-License-Identifier: MIT */
/*
 * Blobs, and trees that have them, in the object database alone: no index, no
 * work tree, no filter.
 */
#ifndef SK_GIT_TREEWRITE_H
#define SK_GIT_TREEWRITE_H

#include "git/entries.h"
#include "git/repo.h"

/* Store these bytes. Runs git. Returns 0 or -1. */
int sk_blob_write(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		  const char *data, size_t len,
		  struct sk_err *err) SK_NODISCARD;

/* A file that a tree is to have; borrowed. */
struct sk_tree_put {
	const char *path; /* from the top, '/' between names */
	struct sk_entry entry;
};

/*
 * Make the tree that is `tree`, but has these at their paths, no path twice;
 * folders that are missing are made. Runs git for each folder above one of
 * them, however large the others. `id` may be `tree` itself. Returns 0; -1,
 * with SK_EDATA where a file is in the place of a folder.
 */
int sk_tree_write(char id[SK_HEX_LEN + 1], struct sk_repo *repo,
		  const struct sk_git_place *place, const char *tree,
		  const struct sk_tree_put *puts, size_t count,
		  struct sk_err *err) SK_NODISCARD;

#endif
