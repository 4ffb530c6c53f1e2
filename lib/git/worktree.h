/* SPDX-License-Identifier: MIT */
/*
 * The main worktree, seen from any worktree of a repository: what is true of
 * the whole repository is asked there, whoever asks. Works from the folders
 * alone, whatever GIT_WORK_TREE and the like say of the linked one.
 */
#ifndef SK_GIT_WORKTREE_H
#define SK_GIT_WORKTREE_H

#include "git/config.h"
#include "git/repo.h"

/*
 * Set *out to the folder of the main worktree, without a slash at the end.
 * Returns 0; 1 when there is none that is known of, as in a bare repository.
 */
int sk_main_folder(struct sk_str *out, const struct sk_repo *repo,
		   const struct sk_config *config) SK_NODISCARD;

/*
 * The commit at HEAD of the main worktree, or of the bare repository. May start
 * git, in a linked worktree alone. Returns 0; 1 when there is none; -1.
 */
int sk_main_head(struct sk_oid *out, struct sk_repo *repo,
		 struct sk_err *err) SK_NODISCARD;

/*
 * Append the file at `path` in that commit, at most `max` bytes. Returns 0; 1
 * when there is no such file, or no commit; -1 with SK_EDATA when it is larger,
 * or what cannot be read.
 */
int sk_main_read_head(struct sk_str *out, struct sk_repo *repo,
		      const char *path, size_t max,
		      struct sk_err *err) SK_NODISCARD;

#endif
