/* SPDX-License-Identifier: MIT */
/* Trees as git stores them: read, searched, compared, entry by entry. */
#ifndef SK_GIT_TREE_H
#define SK_GIT_TREE_H

#include "git/repo.h"

struct sk_tree_entry {
	const char *name; /* NUL-terminated; borrowed from the tree's bytes */
	unsigned mode;
	struct sk_oid id;
};

/* Symbolic links and submodules are neither: they are never followed. */
bool sk_tree_entry_is_dir(const struct sk_tree_entry *entry);
bool sk_tree_entry_is_file(const struct sk_tree_entry *entry);

/*
 * Visit the entries of a tree in git's order; NULL for `tree` is an empty one.
 * `each` returns 0 to go on. Returns 0 at the end, the callback's value when
 * that stopped it, -1 when the tree is missing or damaged.
 */
typedef int sk_tree_fn(void *ctx, const struct sk_tree_entry *entry);
int sk_tree_each(struct sk_repo *repo, const struct sk_oid *tree,
		 sk_tree_fn *each, void *ctx, struct sk_err *err) SK_NODISCARD;

/*
 * The id and mode of one entry; `name` in *out is not set. Returns 0; 1 when
 * there is none by that name; -1.
 */
int sk_tree_find(struct sk_repo *repo, const struct sk_oid *tree,
		 const char *name, struct sk_tree_entry *out,
		 struct sk_err *err) SK_NODISCARD;

/*
 * Visit what differs between two trees (NULL = empty): `old` or `now` is NULL
 * for an entry that came or went; a file in the place of a folder is both.
 * Returns as sk_tree_each().
 */
typedef int sk_tree_diff_fn(void *ctx, const struct sk_tree_entry *old,
			    const struct sk_tree_entry *now);
int sk_tree_diff(struct sk_repo *repo, const struct sk_oid *old,
		 const struct sk_oid *now, sk_tree_diff_fn *each, void *ctx,
		 struct sk_err *err) SK_NODISCARD;

#endif
