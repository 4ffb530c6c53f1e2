/* SPDX-License-Identifier: MIT */
/*
 * A worktree that goes from one commit to another, its index and its files, as
 * in a fast-forward of git's: what is edited or staged there, or is not known
 * to git, stays as it is, or nothing moves. No hook runs, and HEAD, or the
 * branch it is on, is the caller's.
 *
 * Meanwhile index.lock is held as for a commit of ours (git/record.h), so that
 * nobody can commit what is half done; what is cut off is mended by going
 * either way again.
 */
#ifndef SK_GIT_ADVANCE_H
#define SK_GIT_ADVANCE_H

#include "git/indexhold.h"
#include "git/repo.h"
#include "git/run.h"

struct sk_advance {
	struct sk_git_place place;
	struct sk_str git_dir; /* of the worktree */
	struct sk_hold hold;
	struct sk_str index; /* the one that is made, beside it */
};

/*
 * Begin in the worktree of that folder, which is borrowed. Waits half a minute
 * for another of us, two seconds for another git. Signals that would end us
 * wait. *adv is owned, also after a failure: sk_advance_end(); of several the
 * last begun ends first. Returns 0; -1, with SK_EBUSY for those.
 */
int sk_advance_begin(struct sk_advance *adv, struct sk_repo *repo,
		     const char *folder, struct sk_err *err) SK_NODISCARD;
void sk_advance_end(struct sk_advance *adv);

/*
 * Go. Of the paths in which the two commits differ each is as `from` has it.
 * Returns 0; -1 in git's words: nothing has moved, but where git was cut off,
 * by a full disk or a filter that failed.
 */
int sk_advance_run(struct sk_advance *adv, const char *from, const char *to,
		   struct sk_err *err) SK_NODISCARD;

/*
 * The same where that was cut off, going the one way or the other: each of the
 * paths is as one of the two has it, or is missing, or is the beginning of what
 * git was writing, which is removed. Returns 0; -1, with SK_EDATA naming a file
 * that is none of these, while others are to be written yet: somebody has
 * edited it since.
 */
int sk_advance_settle(struct sk_advance *adv, const char *from, const char *to,
		      struct sk_err *err) SK_NODISCARD;

#endif
