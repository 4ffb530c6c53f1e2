/* SPDX-License-Identifier: MIT */
/*
 * What the commit that is being made would change, asked from within its
 * pre-commit hook: of the index that git names to it, which for `commit -a` and
 * `commit <path>` is one of the commit's own.
 */
#ifndef SK_GUARD_STAGED_H
#define SK_GUARD_STAGED_H

#include "base/err.h"
#include "base/words.h"

/*
 * Append the paths that differ from HEAD, removed ones too, as git has them.
 * When a merge is concluded, not those that it brings. Runs git. *paths is
 * owned: sk_words_free(). Returns 0 or -1.
 */
int sk_staged_paths(struct sk_words *paths, const char *git_dir,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Take those out that are staged as they were before the last commit, or where
 * the branch `base` was left: whoever undoes a change is not to be stopped.
 * Runs git twice; where there is neither nothing goes.
 */
void sk_staged_drop_undone(struct sk_words *paths, const char *base);

/*
 * Whether others' commits are being made anew, by a rebase, am, cherry-pick or
 * revert: what they change is not this commit's doing.
 */
bool sk_staged_is_replay(const char *git_dir);

/* Whether the index is that of the worktree, where one can take a path out. */
bool sk_staged_is_kept(void);

#endif
