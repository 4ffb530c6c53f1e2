/* SPDX-License-Identifier: MIT */
#include "capture/capture.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/trace.h"
#include "capture/clock.h"
#include "capture/mended.h"
#include "capture/unseen.h"
#include "outbox/ledger.h"

/* What a run knows besides its orders. */
struct run {
	const struct sk_capture *orders;
	struct sk_bounds *bounds;
	struct sk_capture_report *report;
	struct sk_collection found;
	struct sk_err *err;
};

void sk_capture_report_free(struct sk_capture_report *report)
{
	for (size_t i = 0; i < report->fault_count; i++) {
		free(report->faults[i].path);
		free(report->faults[i].reason);
	}
	free(report->faults);
	free(report->notice);
	*report = (struct sk_capture_report){0};
}

static int walk_from(struct sk_walk *walk, const struct run *run,
		     const struct sk_oid *tips, size_t tip_count)
{
	return sk_walk_commits(walk, run->orders->repo, tips, tip_count,
			       run->bounds->hidden, run->bounds->hidden_count,
			       run->err);
}

/*
 * A branch whose commits are not all there must not stop the others: its cursor
 * waits. Only what is wrong with HEAD is told, as whoever works there can see.
 */
static int walk_tips(struct sk_walk *walk, struct run *run)
{
	struct sk_bounds *bounds = run->bounds;

	if (walk_from(walk, run, bounds->tips, bounds->tip_count) == 0)
		return 0;
	for (size_t i = bounds->tip_count; i--;) {
		if (walk_from(walk, run, &bounds->tips[i], 1) < 0 &&
		    !sk_oid_equal(&bounds->tips[i], &bounds->head))
			sk_bounds_leave_out(bounds, i);
		sk_walk_free(walk);
	}
	return walk_from(walk, run, bounds->tips, bounds->tip_count);
}

/* What it could not see is noted before the cursor passes it. */
static int note_unseen(const struct run *run, const struct sk_walk *commits)
{
	const struct sk_capture *orders = run->orders;

	if (orders->everything || orders->dry_run || !orders->clone)
		return 0;
	return sk_unseen_add(orders->repo, commits, &run->found,
			     run->bounds->hidden, run->bounds->hidden_count,
			     run->err);
}

static int collect(struct run *run, const struct sk_walk *commits)
{
	struct sk_project_id project = sk_project_id(run->orders->project);

	if (sk_collect(&run->found, run->orders->repo, commits, &project,
		       run->bounds->is_in_ledger, run->orders->log_max,
		       run->err) < 0 ||
	    note_unseen(run, commits) < 0)
		return -1;
	run->report->commits = (int64_t)commits->count;
	run->report->cut = (int64_t)run->found.cut;
	run->report->found = (int64_t)run->found.event_count;
	run->report->is_late = run->found.late_count > 0;
	sk_trace("walk",
		 "%zu commits, %zu events, %zu unreadable lines, %zu for later",
		 commits->count, run->found.event_count, run->found.fault_count,
		 run->found.late_count);
	return 0;
}

static int walk(struct run *run)
{
	struct sk_walk commits = SK_WALK_INIT;
	int ret;

	if (run->orders->again)
		return collect(run, run->orders->again);
	if (walk_tips(&commits, run) < 0)
		return -1;
	ret = collect(run, &commits);
	sk_walk_free(&commits);
	return ret;
}

static void count(struct sk_capture_report *report, const char *type)
{
	size_t i = 0;

	while (i < report->types && strcmp(report->type[i].name, type) != 0)
		i++;
	if (i == report->types)
		report->type[report->types++].name = type;
	report->type[i].count++;
	report->queued++;
	report->transitions += strcmp(type, "WPStatusChanged") == 0;
}

/* Look an event up under all ids it ever had; captured is captured. */
static int look_up(enum sk_ledger_state *state, const struct run *run,
		   const struct sk_draft *draft)
{
	struct sk_outbox *box = run->orders->box;
	int rc = sk_ledger_look(box, draft->event_id, state, run->err);

	for (size_t i = 0;
	     rc == 0 && i < draft->former_count && *state != SK_LEDGER_CAPTURED;
	     i++) {
		enum sk_ledger_state former;

		rc = sk_ledger_look(box, draft->former_ids[i], &former,
				    run->err);
		if (rc == 0 && former != SK_LEDGER_UNKNOWN)
			*state = former;
	}
	return rc;
}

/*
 * Mark what the ledger has not, or has as there before when that is wanted,
 * too. Returns how many, or -1.
 */
static int64_t find_new(struct run *run, bool *is_new)
{
	struct sk_outbox *box = run->orders->box;
	int64_t news = 0;

	for (size_t i = 0; i < run->found.event_count; i++) {
		enum sk_ledger_state state = SK_LEDGER_UNKNOWN;

		if (box &&
		    look_up(&state, run, &run->found.events[i].draft) < 0)
			return -1;
		is_new[i] =
			state == SK_LEDGER_UNKNOWN ||
			(state == SK_LEDGER_BEFORE && run->orders->everything);
		news += is_new[i];
	}
	return news;
}

/* Queue the new events. Returns 0 or -1. */
static int add_events(struct run *run, const bool *is_new, int64_t lamport,
		      const char *node_id, int64_t now)
{
	struct sk_project_id project = sk_project_id(run->orders->project);
	struct sk_str data = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < run->found.event_count && rc >= 0; i++) {
		const struct sk_found *found = &run->found.events[i];
		struct sk_event event = {.event_id = found->draft.event_id,
					 .event_type = found->draft.event_type,
					 .commit = found->commit,
					 .project_uuid = project.uuid};

		if (!is_new[i])
			continue;
		sk_str_clear(&data);
		sk_envelope_add(&data, &found->draft, &project, node_id,
				lamport++);
		event.data = data.ptr;
		rc = sk_outbox_add(run->orders->box, &event, now, run->err);
		if (rc == 0)
			count(run->report, event.event_type);
	}
	sk_str_free(&data);
	return rc < 0 ? -1 : 0;
}

/* Keep a copy of the faults nobody knew of. */
static int add_faults(struct run *run, int64_t now)
{
	struct sk_capture_report *report = run->report;
	const char *clone = run->orders->clone ? run->orders->clone : "";

	report->faults =
		sk_calloc(run->found.fault_count, sizeof(*report->faults));
	for (size_t i = 0; i < run->found.fault_count; i++) {
		struct sk_fault *fault = &run->found.faults[i];
		int rc = 0;

		if (!run->orders->dry_run)
			rc = sk_fault_record(fault, run->orders->box, clone,
					     now, run->err);
		if (rc < 0)
			return -1;
		if (rc == 0) {
			report->faults[report->fault_count++] = *fault;
			fault->path = NULL; /* now the report's */
			fault->reason = NULL;
		}
	}
	return 0;
}

/* A revision alone tells nothing of what the heads have. */
static int forget_faults(struct run *run)
{
	const struct sk_capture *orders = run->orders;

	if (orders->rev_count || !orders->clone)
		return 0;
	return sk_mended_forget(orders->box, orders->clone, orders->repo,
				orders->log_max, run->err);
}

static int set_cursors(struct run *run)
{
	const struct sk_capture *orders = run->orders;

	return orders->clone ? sk_bounds_record(run->bounds, orders->box,
						orders->clone, run->err)
			     : 0;
}

static int record(struct run *run, bool *is_new)
{
	struct sk_outbox *box = run->orders->box;
	struct sk_str node_id = SK_STR_INIT;
	int64_t news, lamport = 0, now = sk_now_ms() / 1000;
	int ret = -1;

	if (sk_outbox_begin(box, run->err) < 0)
		return -1;
	news = find_new(run, is_new);
	if (news < 0 || (news && sk_clock_take(box, news, &lamport, &node_id,
					       run->err) < 0))
		goto out;
	if (add_events(run, is_new, lamport, node_id.ptr, now) < 0) {
		/* the limit: keep what fitted, and let the cursor wait */
		struct sk_err lost = {0};

		if (run->err->code == SK_EFULL &&
		    sk_outbox_commit(box, &lost) == 0)
			goto out_full;
		goto out;
	}
	if (add_faults(run, now) < 0 || forget_faults(run) < 0 ||
	    set_cursors(run) < 0 || sk_outbox_commit(box, run->err) < 0)
		goto out;
	ret = 0;
out:
	if (ret < 0) {
		sk_outbox_rollback(box);
		run->report->queued = 0;
	}
out_full:
	sk_str_free(&node_id);
	return ret;
}

static int count_only(struct run *run, bool *is_new)
{
	struct sk_outbox *box = run->orders->box;
	int64_t news;

	if (box && sk_outbox_begin_reading(box, run->err) < 0)
		return -1;
	news = find_new(run, is_new);
	if (box)
		sk_outbox_rollback(box);
	if (news < 0)
		return -1;
	for (size_t i = 0; i < run->found.event_count; i++) {
		if (is_new[i])
			count(run->report,
			      run->found.events[i].draft.event_type);
	}
	return add_faults(run, 0);
}

int sk_capture(const struct sk_capture *capture, struct sk_bounds *bounds,
	       struct sk_capture_report *report, struct sk_err *err)
{
	struct run run = {.orders = capture,
			  .bounds = bounds,
			  .report = report,
			  .found = SK_COLLECTION_INIT,
			  .err = err};
	bool *is_new = NULL;
	int ret = 0;

	*report = (struct sk_capture_report){.head = bounds->head,
					     .has_head = bounds->has_head,
					     .is_unborn = !bounds->has_tip};
	if (bounds->tip_count || capture->again)
		ret = walk(&run);
	if (ret == 0 && (report->commits || bounds->move_count)) {
		is_new = sk_calloc(run.found.event_count, sizeof(*is_new));
		ret = capture->dry_run ? count_only(&run, is_new)
				       : record(&run, is_new);
	} else if (ret == 0 && !capture->dry_run && !capture->rev_count &&
		   capture->box && capture->clone) {
		/* HEAD may have gone back to where nothing is in the way */
		ret = sk_mended_review(capture->box, capture->clone,
				       capture->repo, capture->log_max, err);
	}
	free(is_new);
	sk_collection_free(&run.found);
	return ret;
}
