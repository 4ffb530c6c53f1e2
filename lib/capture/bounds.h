/* SPDX-License-Identifier: MIT */
/*
 * Where a walk begins and where it ends: the refs of a clone, and the cursors
 * that a queue keeps of them, which say what was captured. A cursor only saves
 * work: what lies behind it is in the ledger, and is queued by no walk that
 * goes too far back. So the bounds are cheap rather than tight.
 *
 * The queue knows a clone when it has a cursor SK_CURSOR_SETUP of it. Its other
 * cursors are named like refs, with two exceptions: see SK_CURSOR_BASELINE, and
 * "at/<folder>" is what was last captured in a folder that has not the commit
 * of a cursor. That is one of two copies of a repository: they share the id.
 */
#ifndef SK_CAPTURE_BOUNDS_H
#define SK_CAPTURE_BOUNDS_H

#include "git/repo.h"
#include "outbox/cursor.h"

/*
 * Where HEAD was when the queue met the clone, "" for an unborn one. It stays
 * there, and what it hides never has to be walked again.
 */
#define SK_CURSOR_SETUP "setup"

/* What makes us look. */
enum sk_wake {
	SK_WAKE_COMMAND,
	SK_WAKE_COMMIT,	  /* a hook: HEAD's commit was just made */
	SK_WAKE_CHECKOUT, /* a hook: it was not */
};

struct sk_move {
	char *ref;
	char tip[SK_HEX_LEN + 1]; /* "": the ref is gone */
};

struct sk_bounds {
	struct sk_oid *tips; /* to walk from, each once; HEAD's first */
	size_t tip_count, tip_cap;
	struct sk_oid *hidden; /* to walk to */
	size_t hidden_count, hidden_cap;
	bool is_in_ledger;     /* all that the hidden commits hold */
	bool has_baseline;     /* that nobody has filled yet */
	struct sk_move *moves; /* of cursors, when all of it is captured */
	size_t move_count, move_cap;
	struct sk_oid head;
	bool has_head; /* there is one, and it will be captured */
	bool has_tip;  /* any at all; without one there is no commit yet */
};

#define SK_BOUNDS_INIT                                                         \
	{                                                                      \
		.has_head = false                                              \
	}

/*
 * Find what moved since the cursors of `clone`: every local branch and the HEAD
 * of every worktree, but a detached one in the middle of a rebase. *bounds is
 * owned, also on failure: sk_bounds_free(). Returns 0; 1 when the queue does
 * not know the clone (see sk_baseline_meet()); -1.
 */
int sk_bounds_find(struct sk_bounds *bounds, struct sk_repo *repo,
		   struct sk_outbox *box, const char *clone, enum sk_wake wake,
		   struct sk_err *err) SK_NODISCARD;

/*
 * All that `revs` reach, HEAD when there are none; hides and moves nothing.
 * Returns 0; -1 with SK_EUSAGE for one that names no commit.
 */
int sk_bounds_of_revs(struct sk_bounds *bounds, struct sk_repo *repo,
		      char *const *revs, size_t rev_count,
		      struct sk_err *err) SK_NODISCARD;

/*
 * The same of every branch, local and remote-tracking, and every worktree's
 * HEAD. Returns 0 or -1.
 */
int sk_bounds_of_branches(struct sk_bounds *bounds, struct sk_repo *repo,
			  struct sk_err *err) SK_NODISCARD;

/* Walk not from this tip: its cursor waits. */
void sk_bounds_leave_out(struct sk_bounds *bounds, size_t tip);

/* Move the cursors, inside a transaction. Returns 0 or -1. */
int sk_bounds_record(const struct sk_bounds *bounds, struct sk_outbox *box,
		     const char *clone, struct sk_err *err) SK_NODISCARD;
void sk_bounds_free(struct sk_bounds *bounds);

#endif
