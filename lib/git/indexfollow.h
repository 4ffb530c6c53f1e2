/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/git: the index of a worktree, made to follow a commit that is
 * made beside it. What was staged stays so.
 */
#ifndef SK_GIT_INDEXFOLLOW_H
#define SK_GIT_INDEXFOLLOW_H

#include "git/indexhold.h"
#include "git/run.h"

/*
 * For each path in which the trees `from` and `to` differ: where the index has
 * what `from` has, it gets what `to` has. What is staged there stays staged,
 * with the change from `from` to `to` made in it too, whose side is taken where
 * both touch the same lines; a removal that is staged stays one. Done at once,
 * by a rename, under the lock that `hold` has.
 *
 * The index as it was is kept as long as that lock is: called again, or after
 * one that was killed, it is that which follows, and what the index was made
 * meanwhile is forgotten. Returns 0 or -1.
 */
int sk_index_follow(const struct sk_hold *hold,
		    const struct sk_git_place *place, const char *from,
		    const char *to, bool is_sha256,
		    struct sk_err *err) SK_NODISCARD;

/* Make the index what it was before it followed, if it did. Returns 0 or -1. */
int sk_index_put_back(const struct sk_hold *hold,
		      struct sk_err *err) SK_NODISCARD;

/* Copy the index, empty when there is none yet, to `path`. Returns 0 or -1. */
int sk_index_copy(const struct sk_hold *hold, const char *path,
		  struct sk_err *err) SK_NODISCARD;

#endif
