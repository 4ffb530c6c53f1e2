/* SPDX-License-Identifier: MIT */
/*
 * Commits of exactly these paths with exactly these bytes, that do no harm to
 * whatever else is staged, edited, or committed by others at the same moment.
 * The files of the work tree are the caller's: what is committed may differ
 * from them, and they are neither read nor written here.
 *
 * Where the branch is checked out it is a real 'git commit', with the user's
 * hooks, identity and signature, of an index of its own; the worktree's
 * follows it just before HEAD moves, and is put back should it not move. That
 * is held meanwhile as git does it, by index.lock, and SIGINT, SIGTERM, SIGHUP
 * and SIGQUIT wait. Killed at any moment the branch is as before or as after,
 * what was staged is, and the next call mends the rest.
 * Where it is not checked out no hook is run: it is for the caller to capture
 * what was committed.
 */
#ifndef SK_GIT_RECORD_H
#define SK_GIT_RECORD_H

#include "git/repo.h"

struct sk_record_file {
	const char *path; /* from the top, '/' between names */
	const char *data; /* as in the work tree: git's filters run over it */
	size_t len;
	unsigned mode; /* 0644 or 0755; 0: as it is, 0644 for a new one */
	bool is_gone;  /* it shall not be there; data is of no account */
};

/* All borrowed. */
struct sk_record {
	const char *branch;  /* "refs/heads/main" */
	const char *folder;  /* of the worktree that has it checked out; NULL:
				none has (worktrees.h) */
	const char *message; /* UTF-8 */
	/* the commit of which the bytes were made: of other commits since then
	 * none may have touched these paths. NULL: let them */
	const struct sk_oid *base;
	const struct sk_record_file *files; /* no path twice */
	size_t count;
};

/*
 * Commit them. What is staged of the same paths stays staged, with our change
 * made in it too (ours where both changed the same lines). What a hook of the
 * user's adds to the commit is in it. Runs git a dozen times, and the user's
 * hooks; waits half a minute for another git-sk, two seconds for another git.
 *
 * Returns 0, *out being the commit; 1 when the branch has all of it already,
 * nothing being run or written; -1 with nothing committed: SK_EBUSY when a path
 * has changed since `base` or another process is at it, SK_EFAIL with git's
 * words or a hook's when they refuse, or when HEAD is not on the branch or in
 * the middle of something that a commit would end. Should only the index fail
 * to follow, the message says that it is committed, and *out is the commit; it
 * stays as it was otherwise.
 */
int sk_record_commit(struct sk_oid *out, struct sk_repo *repo,
		     const struct sk_record *record,
		     struct sk_err *err) SK_NODISCARD;

/*
 * Finish in that worktree what a call that was killed has left. Nothing left is
 * fine. Returns 0; -1 with SK_EBUSY when it is not dead yet.
 */
int sk_record_mend(struct sk_repo *repo, const char *folder,
		   struct sk_err *err) SK_NODISCARD;

#endif
