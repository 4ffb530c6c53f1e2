/* SPDX-License-Identifier: MIT */
/*
 * A commit of a tree, in the object database alone: by the user's identity,
 * signed where 'git commit' would sign it, without a hook.
 */
#ifndef SK_GIT_COMMITTREE_H
#define SK_GIT_COMMITTREE_H

#include "git/oid.h"
#include "git/run.h"

/* All borrowed. */
struct sk_commit_wanted {
	const char *tree;	    /* ids */
	const char *const *parents; /* ended by NULL; no id twice */
	const char *message;	    /* UTF-8; a last line gets its end */
};

/*
 * Make it; `place` is whose configuration counts. Runs git, and the program
 * that signs. Returns 0; -1 with what to do about identity or signature.
 */
int sk_commit_tree(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		   const struct sk_commit_wanted *wanted,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Set the hint for what git said as it made no commit, when that was for the
 * identity or the signature. Returns whether it was.
 */
bool sk_commit_hint(struct sk_err *err, const struct sk_str *said);

#endif
