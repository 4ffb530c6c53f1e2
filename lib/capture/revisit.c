/* SPDX-License-Identifier: MIT */
#include "capture/revisit.h"

#include <stdlib.h>

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

int sk_revisit(const struct sk_capture *orders,
	       struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_capture_report more = {0};
	struct sk_capture again = *orders;
	struct sk_unseen notes;
	struct sk_bounds bounds = SK_BOUNDS_INIT;
	struct sk_walk walk = SK_WALK_INIT;
	bool *seen;
	int rc;

	if (orders->everything || !sk_unseen_exists(orders->repo))
		return 0;
	if (sk_unseen_load(&notes, orders->repo, err) < 0)
		return -1;
	seen = sk_calloc(notes.count, sizeof(*seen));
	rc = sk_unseen_walk(&walk, seen, &notes, orders->repo, err);
	for (size_t i = 0; rc == 0 && i < notes.count; i++) {
		if (seen[i])
			hide(&bounds, &notes.notes[i]);
	}
	again.again = &walk;
	if (rc == 0 && walk.count)
		rc = sk_capture(&again, &bounds, &more, err);
	if (rc == 0)
		rc = sk_unseen_forget(orders->repo, &notes, seen, err);
	report->found += more.found;
	report->queued += more.queued;
	report->transitions += more.transitions;
	sk_capture_report_free(&more);
	sk_bounds_free(&bounds);
	sk_walk_free(&walk);
	sk_unseen_free(&notes);
	free(seen);
	return rc;
}
