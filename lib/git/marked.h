/* SPDX-License-Identifier: MIT */
/*
 * Files that git was told not to look at ('git update-index --assume-unchanged'
 * or '--skip-worktree'), and that are changed all the same: 'git status' does
 * not tell of them.
 */
#ifndef SK_GIT_MARKED_H
#define SK_GIT_MARKED_H

#include "base/words.h"
#include "git/run.h"

struct sk_marked {
	struct sk_words assumed; /* to be unchanged */
	struct sk_words skipped; /* of these, and nothing else */
};

#define SK_MARKED_INIT                                                         \
	{                                                                      \
		SK_WORDS_INIT, SK_WORDS_INIT                                   \
	}

/*
 * Find those of the worktree at place->folder. What cannot be compared counts
 * as changed, what is missing does not. Runs git; the index stays as it is.
 * *out is owned: sk_marked_free(), whatever this returned. Returns 0 or -1.
 */
int sk_marked_find(struct sk_marked *out, const struct sk_git_place *place,
		   struct sk_err *err) SK_NODISCARD;
void sk_marked_free(struct sk_marked *marked);

#endif
