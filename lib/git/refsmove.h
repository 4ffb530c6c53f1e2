/* SPDX-License-Identifier: MIT */
/*
 * Several refs moved in one transaction of git's: all of them, or none. A
 * branch that is checked out somewhere is the caller's matter: the work tree
 * and the index there stay as they are, and so does the symbolic ref HEAD.
 *
 * It is prepared under the locks of all refs before the first is written; what
 * git cannot help is a kill, or a crash, between the first and the last of the
 * files then renamed. Who must survive that writes down beforehand what is to
 * be moved: the same call over those that have not moved ends it.
 */
#ifndef SK_GIT_REFSMOVE_H
#define SK_GIT_REFSMOVE_H

#include "git/oid.h"
#include "git/run.h"

/* Borrowed. */
struct sk_ref_move {
	const char *ref;  /* "refs/heads/main", in full */
	const char *from; /* the id it has; NULL: there is to be none */
	const char *to;	  /* NULL: it goes; as `from`: it is to have it still */
};

/*
 * Move them, no ref twice, each with `reason` in its reflog. Runs git, and the
 * user's hook reference-transaction, which may refuse.
 *
 * Returns 0; -1 with nothing moved: SK_EBUSY naming a ref that is not at
 * `from` (any more), or that another process has locked, else SK_EFAIL in git's
 * words.
 */
int sk_refs_move(const struct sk_git_place *place,
		 const struct sk_ref_move *moves, size_t count,
		 const char *reason, struct sk_err *err) SK_NODISCARD;

/*
 * The same in two steps: once all of it is prepared, the refs being locked and
 * where they are to be, `prepared` is called; -1 of it, and nothing is moved.
 * When git fails behind it some of the refs may be moved.
 */
int sk_refs_move_with(const struct sk_git_place *place,
		      const struct sk_ref_move *moves, size_t count,
		      const char *reason,
		      int (*prepared)(void *ctx, struct sk_err *err), void *ctx,
		      struct sk_err *err) SK_NODISCARD;

#endif
