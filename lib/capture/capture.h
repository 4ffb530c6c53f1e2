/* SPDX-License-Identifier: MIT */
/*
 * The first pump: from git to the outbox. Walks what HEAD reaches minus the
 * clone's cursors, and puts what it finds into the queue and the ledger, the
 * cursor with it, in one transaction. A hook that never ran loses nothing: the
 * next walk finds what it would have found.
 */
#ifndef SK_CAPTURE_CAPTURE_H
#define SK_CAPTURE_CAPTURE_H

#include "capture/collect.h"
#include "capture/project.h"
#include "outbox/outbox.h"

struct sk_capture {
	struct sk_repo *repo;
	const struct sk_project *project;
	struct sk_outbox *box; /* NULL: there is none yet (dry run alone) */
	const char *clone;     /* id of the clone; NULL: it was not set up */
	const char *rev;       /* where to start; NULL: HEAD */
	bool everything;       /* whatever the cursors say, also what was there
				  before the setup: a backfill */
	bool dry_run;	       /* count, change nothing */
};

#define SK_CAPTURE_TYPES 5

struct sk_capture_report {
	struct sk_oid tip;   /* where the walk began, unless is_unborn */
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
	bool is_unborn;	 /* there is no commit yet */
	bool is_partial; /* a new clone for this queue: history left out */
};

/*
 * Capture. *report is owned, filled also on failure as far as it goes:
 * sk_capture_report_free(). Returns 0; -1 with SK_EFULL when the queue's limit
 * stopped it (what was queued stays queued, the cursor waits), or any code of
 * the outbox, the disk or the repository (then nothing has changed).
 */
int sk_capture(const struct sk_capture *capture,
	       struct sk_capture_report *report,
	       struct sk_err *err) SK_NODISCARD;
void sk_capture_report_free(struct sk_capture_report *report);

/*
 * Remember in the ledger all that these commits reach as there before, and drop
 * the baseline cursors of the clone with it: no walk queues it any more.
 * `repo`, `project`, `box` and `clone` of *capture are used. Returns 0; -1 also
 * when an object is missing or damaged, for what cannot be read now would be
 * news later.
 */
int sk_capture_baseline(const struct sk_capture *capture,
			const struct sk_oid *tips, size_t tip_count,
			struct sk_err *err) SK_NODISCARD;

#endif
