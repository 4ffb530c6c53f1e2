/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/git: the index of a worktree, held as git itself holds it, by the
 * file `index.lock`, from before a commit is made until the index has followed
 * it. Without that another commit could come between, made of an index that
 * does not know ours yet, and take it back.
 *
 * The lock says what is being done. Whoever is killed leaves it there, which
 * stops git from committing an index that is not HEAD's, and the next one reads
 * it, makes the index what HEAD wants and takes it away. That a lock is a dead
 * one's is known by a second lock, of ours alone, that the kernel takes back
 * (sk-record.lock).
 */
#ifndef SK_GIT_INDEXHOLD_H
#define SK_GIT_INDEXHOLD_H

#include <signal.h>

#include "base/err.h"
#include "base/str.h"
#include "git/oid.h"

struct sk_hold {
	const char *git_dir; /* of the worktree; borrowed */
	int ours;	     /* sk-record.lock; -1 */
	int index;	     /* index.lock; -1 */
	char from[SK_HEX_LEN + 1];
	sigset_t before;
};

/* What a dead one's lock says. */
struct sk_left {
	char from[SK_HEX_LEN + 1]; /* the tree the index was of; "": no commit
				      can have been made */
	int64_t child, start;	   /* the git that made it; 0: none yet */
};

/*
 * Begin: only one process at a time is between this and sk_hold_leave() for a
 * worktree. Waits for it, half a minute at most. From here on no signal ends
 * us, or locks would stay; those that come do so when it is left, be it not
 * entered. Returns 0; -1 with SK_EBUSY.
 */
int sk_hold_enter(struct sk_hold *hold, const char *git_dir,
		  struct sk_err *err) SK_NODISCARD;
void sk_hold_leave(struct sk_hold *hold);

/*
 * Read what one of us left when it was killed. Returns 0; 1 when there is
 * nothing, or index.lock is another program's; -1.
 */
int sk_hold_read_left(struct sk_left *left, const struct sk_hold *hold,
		      struct sk_err *err) SK_NODISCARD;

/* Take that lock away, and whatever else was left. */
void sk_hold_clear_left(const struct sk_hold *hold, bool has_lock);

/*
 * Take index.lock, waiting two seconds for another. Returns 0; -1 with
 * SK_EBUSY, naming it.
 */
int sk_hold_index(struct sk_hold *hold, struct sk_err *err) SK_NODISCARD;

/*
 * Say which tree the index is of, as a commit is to be made now; then which
 * process makes it. Returns 0 or -1.
 */
int sk_hold_say_from(struct sk_hold *hold, const char *from,
		     struct sk_err *err) SK_NODISCARD;
void sk_hold_say_child(const struct sk_hold *hold, pid_t pid);

/*
 * Give index.lock back, be it not held, and forget the index as it was. With
 * `stays` both are left as if we had been killed: to be mended.
 */
void sk_hold_release(struct sk_hold *hold, bool stays);

/* Append the name of a private file beside the index: sk-index-<pid><end>. */
void sk_hold_add_name(struct sk_str *out, const struct sk_hold *hold,
		      const char *end);

/*
 * Append the name under which the index is kept as it was before it was
 * replaced, by whomever: a dead one's is found.
 */
void sk_hold_add_was(struct sk_str *out, const struct sk_hold *hold);

#endif
