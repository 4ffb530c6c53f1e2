/* SPDX-License-Identifier: MIT */
/*
 * The first pump: from git to the outbox. Walks what every local branch and
 * worktree reaches minus the clone's cursors, and puts what it finds into the
 * queue and the ledger, the cursors with it, in one transaction. A hook that
 * never ran loses nothing: the next walk finds what it would have found.
 */
#ifndef SK_CAPTURE_CAPTURE_H
#define SK_CAPTURE_CAPTURE_H

#include "capture/bounds.h"
#include "capture/collect.h"
#include "capture/project.h"
#include "outbox/outbox.h"

/*
 * The longest log that is read in a hook. Unpacking takes 1.2 ms a MiB, twice
 * for one that grew: with more, a commit would take longer than its 12 ms.
 */
#define SK_LOG_IN_HOOK ((size_t)1536 << 10)

struct sk_capture {
	struct sk_repo *repo;
	const struct sk_project *project;
	struct sk_outbox *box; /* NULL: there is none yet (dry run alone) */
	const char *clone;     /* id of the clone; NULL: it was not set up */
	enum sk_wake wake;
	bool everything;   /* also what was there before: a backfill ... */
	bool branches;	   /* ... of every branch, or else ... */
	char *const *revs; /* ... of these; none: of HEAD */
	size_t rev_count;
	bool dry_run;	/* count, change nothing */
	size_t log_max; /* longer logs are left for later; 0: none */
	const struct sk_walk *again; /* these commits and no others: no tips,
					and no cursor moves */
};

#define SK_CAPTURE_TYPES 5

struct sk_capture_report {
	struct sk_oid head; /* captured, when has_head */
	bool has_head;
	int64_t commits;     /* walked */
	int64_t cut;	     /* of these, without their parents in this clone */
	int64_t found;	     /* events in them */
	int64_t queued;	     /* of these, new (or would be, in a dry run) */
	int64_t transitions; /* of the queued, WPStatusChanged */
	size_t types;	     /* of the queued, by type */
	struct {
		const char *name;
		int64_t count;
	} type[SK_CAPTURE_TYPES];
	struct sk_fault *faults; /* lines not read and not known; owned */
	size_t fault_count;
	char *notice;	 /* what became of the project, a line; NULL; owned */
	bool is_late;	 /* a commit is left to who has the time, and noted */
	bool is_unborn;	 /* there is no commit yet */
	bool is_new;	 /* the queue met the clone just now ... */
	bool is_partial; /* ... and left its history out */
};

/*
 * Capture what lies in *bounds (see capture/bounds.h), which a tip is taken out
 * of when it is not HEAD's and cannot be walked. *report is owned, filled also
 * on failure as far as it goes: sk_capture_report_free(). Returns 0; -1 with
 * SK_EFULL when the queue's limit stopped it (what was queued stays queued, the
 * cursor waits), or any code of the outbox, the disk or the repository (then
 * nothing has changed).
 */
int sk_capture(const struct sk_capture *capture, struct sk_bounds *bounds,
	       struct sk_capture_report *report,
	       struct sk_err *err) SK_NODISCARD;
void sk_capture_report_free(struct sk_capture_report *report);

#endif
