/* SPDX-License-Identifier: MIT */
#include "capture/revisit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "capture/unseen.h"

/* What is cut off further down now is noted with what was captured then. */
static void hide(struct sk_bounds *bounds, const struct sk_unseen_note *note)
{
	for (size_t i = 0; i < note->hidden_count; i++) {
		SK_GROW(bounds->hidden, bounds->hidden_count,
			bounds->hidden_cap);
		bounds->hidden[bounds->hidden_count++] = note->hidden[i];
	}
}

static void take_faults(struct sk_capture_report *report,
			struct sk_capture_report *more)
{
	size_t count = report->fault_count + more->fault_count;
	struct sk_fault *faults = sk_calloc(count, sizeof(*faults));

	if (report->fault_count)
		memcpy(faults, report->faults,
		       report->fault_count * sizeof(*faults));
	memcpy(faults + report->fault_count, more->faults,
	       more->fault_count * sizeof(*faults));
	free(report->faults);
	report->faults = faults;
	report->fault_count = count;
	more->fault_count = 0; /* now the report's */
}

static void take_report(struct sk_capture_report *report,
			struct sk_capture_report *more)
{
	report->found += more->found;
	report->queued += more->queued;
	report->transitions += more->transitions;
	report->is_late |= more->is_late;
	for (size_t i = 0; i < more->types; i++) {
		size_t at = 0;

		while (at < report->types &&
		       strcmp(report->type[at].name, more->type[i].name) != 0)
			at++;
		if (at == report->types)
			report->type[report->types++].name = more->type[i].name;
		report->type[at].count += more->type[i].count;
	}
	if (more->fault_count)
		take_faults(report, more);
	sk_capture_report_free(more);
}

int sk_revisit(const struct sk_capture *orders,
	       struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_capture_report more = {0};
	struct sk_capture again = *orders;
	struct sk_unseen notes;
	struct sk_bounds bounds = SK_BOUNDS_INIT;
	struct sk_walk walk = SK_WALK_INIT;
	bool *seen, has_time = !orders->log_max;
	int rc;

	if (!sk_unseen_exists(orders->repo))
		return 0;
	if (sk_unseen_load(&notes, orders->repo, err) < 0)
		return -1;
	seen = sk_calloc(notes.count, sizeof(*seen));
	rc = sk_unseen_walk(&walk, seen, &notes, has_time, orders->repo, err);
	for (size_t i = 0; rc > 0 && i < notes.count; i++) {
		if (seen[i])
			hide(&bounds, &notes.notes[i]);
	}
	again.again = &walk;
	again.everything = false; /* of what no backfill has to ask for */
	if (rc > 0 && walk.count && sk_capture(&again, &bounds, &more, err) < 0)
		rc = -1;
	if (rc > 0)
		rc = sk_unseen_forget(orders->repo, &notes, seen, err);
	report->is_late |= !has_time && sk_unseen_count(&notes, SK_UNSEEN_LATE);
	take_report(report, &more);
	sk_bounds_free(&bounds);
	sk_walk_free(&walk);
	sk_unseen_free(&notes);
	free(seen);
	return rc;
}
