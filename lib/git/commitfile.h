/* SPDX-License-Identifier: MIT */
/* A file as a commit has it, by its path. */
#ifndef SK_GIT_COMMITFILE_H
#define SK_GIT_COMMITFILE_H

#include "git/tree.h"

/*
 * The entry at `path` below a tree, '/' between names; `name` in *out is not
 * set. Returns 0; 1 when there is none; -1.
 */
int sk_tree_find_path(struct sk_repo *repo, const struct sk_oid *tree,
		      const char *path, struct sk_tree_entry *out,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Read the file at `path` below a tree. *out is released with
 * sk_raw_release(). Returns 0; 1 when there is no such file; -1 with SK_EDATA
 * when it is larger than `max` bytes or was left out of a partial clone.
 */
int sk_tree_file_read(struct sk_raw *out, struct sk_repo *repo,
		      const struct sk_oid *tree, const char *path, size_t max,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Append the file at `path` in a commit, at most `max` bytes. Returns 0; 1 when
 * there is no such file, or no such commit; -1 with SK_EDATA when it is larger,
 * or what cannot be read.
 */
int sk_commit_file_read(struct sk_str *out, struct sk_repo *repo,
			const struct sk_oid *commit, const char *path,
			size_t max, struct sk_err *err) SK_NODISCARD;

#endif
