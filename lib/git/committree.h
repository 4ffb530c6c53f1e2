/* SPDX-License-Identifier: MIT */
/*
 * A commit of a tree, in the object database alone: by the user's identity,
 * signed where 'git commit' would sign it, unless nobody is to, without a hook.
 */
#ifndef SK_GIT_COMMITTREE_H
#define SK_GIT_COMMITTREE_H

#include "git/oid.h"
#include "git/run.h"

/* All borrowed. */
struct sk_commit_wanted {
	const char *tree;	    /* ids */
	const char *const *parents; /* ended by NULL; no id twice */
	const char *message;	    /* a last line gets its end */
	const char *encoding;	    /* of the message; NULL: UTF-8 */
	const char *author; /* as a commit has it, "A <a@b> 1 +0000"; NULL: us
			     */
	bool is_unsigned;   /* whatever 'git commit' would do */
};

/* Whether 'git commit' would sign there. Runs git. */
bool sk_commit_wants_signature(const struct sk_git_place *place);

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
