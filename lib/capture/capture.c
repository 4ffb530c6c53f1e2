/* SPDX-License-Identifier: MIT */
#include "capture/capture.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/trace.h"
#include "capture/clock.h"
#include "outbox/cursor.h"
#include "outbox/ledger.h"
#include "outbox/unreadable.h"

/* What a run knows besides its orders. */
struct run {
	const struct sk_capture *orders;
	struct sk_capture_report *report;
	struct sk_oid tip;
	struct sk_str ref; /* the cursor's; "" when `rev` is not HEAD */
	struct sk_oid *hidden;
	size_t hidden_count, hidden_cap;
	bool is_in_ledger; /* what the hidden commits hold */
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

static void hide(struct run *run, const struct sk_oid *oid)
{
	SK_GROW(run->hidden, run->hidden_count, run->hidden_cap);
	run->hidden[run->hidden_count++] = *oid;
}

static int hide_tip(void *ctx, const char *ref, const char *tip)
{
	struct sk_oid oid;

	struct run *run = ctx;

	/* a tip is a tip, whichever branch had it */
	if (sk_oid_parse(&oid, tip) == 0)
		hide(run, &oid);
	if (strncmp(ref, SK_CURSOR_BASELINE, strlen(SK_CURSOR_BASELINE)) == 0)
		run->is_in_ledger = false; /* not before it is filled */
	return 0;
}

/* A queue that never saw this clone begins with the commit just made. */
static int hide_parents(struct run *run)
{
	struct sk_commit *head = NULL;
	int rc = sk_commit_read(&head, run->orders->repo, &run->tip, run->err);

	if (rc > 0)
		rc = sk_fail(run->err, SK_EDATA, "the commit at HEAD is gone");
	for (size_t i = 0; rc == 0 && i < head->parent_count; i++)
		hide(run, &head->parents[i]);
	run->report->is_partial = run->hidden_count > 0;
	sk_commit_free(head);
	return rc;
}

/* Returns 0; 1 when there is no commit; -1. */
static int find_start(struct run *run)
{
	const struct sk_capture *orders = run->orders;

	if (orders->rev)
		return sk_repo_resolve(orders->repo, orders->rev, &run->tip,
				       run->err);
	return sk_repo_head(orders->repo, &run->tip, &run->ref, run->err);
}

static int find_hidden(struct run *run)
{
	const struct sk_capture *orders = run->orders;

	if (orders->everything || !orders->box || !orders->clone)
		return 0;
	/* no walk reads what a shallow clone was cut off at */
	run->is_in_ledger = !sk_repo_is_shallow(orders->repo);
	if (sk_cursor_each(orders->box, orders->clone, hide_tip, run,
			   run->err) < 0)
		return -1;
	if (run->hidden_count)
		return 0;
	run->is_in_ledger = false;
	return hide_parents(run);
}

static int walk(struct run *run)
{
	struct sk_project_id project = sk_project_id(run->orders->project);
	struct sk_walk commits = SK_WALK_INIT;
	int ret;

	if (sk_walk_commits(&commits, run->orders->repo, &run->tip, 1,
			    run->hidden, run->hidden_count, run->err) < 0)
		return -1;
	ret = sk_collect(&run->found, run->orders->repo, &commits, &project,
			 run->is_in_ledger, run->err);
	run->report->commits = (int64_t)commits.count;
	run->report->cut = (int64_t)run->found.cut;
	run->report->found = (int64_t)run->found.event_count;
	sk_trace("walk", "%zu commits, %zu events, %zu unreadable lines",
		 commits.count, run->found.event_count, run->found.fault_count);
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
	const char *clone = run->orders->clone;

	report->faults =
		sk_calloc(run->found.fault_count, sizeof(*report->faults));
	for (size_t i = 0; i < run->found.fault_count; i++) {
		struct sk_fault *fault = &run->found.faults[i];
		int rc = 0;

		if (!run->orders->dry_run)
			rc = sk_unreadable_add(run->orders->box,
					       clone ? clone : "",
					       fault->commit, fault->path,
					       (int64_t)fault->line,
					       fault->reason, now, run->err);
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

static int set_cursor(struct run *run)
{
	const struct sk_capture *orders = run->orders;
	char hex[SK_HEX_LEN + 1];

	if (!orders->clone || !run->ref.len)
		return 0;
	sk_oid_hex(hex, &run->tip);
	return sk_cursor_set(orders->box, orders->clone, run->ref.ptr, hex,
			     run->err);
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
	if (add_faults(run, now) < 0 || set_cursor(run) < 0 ||
	    sk_outbox_commit(box, run->err) < 0)
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
	if (find_new(run, is_new) < 0)
		return -1;
	for (size_t i = 0; i < run->found.event_count; i++) {
		if (is_new[i])
			count(run->report,
			      run->found.events[i].draft.event_type);
	}
	return add_faults(run, 0);
}

int sk_capture(const struct sk_capture *capture,
	       struct sk_capture_report *report, struct sk_err *err)
{
	struct run run = {.orders = capture,
			  .report = report,
			  .ref = SK_STR_INIT,
			  .found = SK_COLLECTION_INIT,
			  .err = err};
	bool *is_new = NULL;
	int ret;

	*report = (struct sk_capture_report){0};
	ret = find_start(&run);
	report->is_unborn = ret > 0;
	report->tip = run.tip;
	if (ret == 0)
		ret = find_hidden(&run) < 0 || walk(&run) < 0 ? -1 : 0;
	if (ret == 0 && report->commits) {
		is_new = sk_calloc(run.found.event_count, sizeof(*is_new));
		ret = capture->dry_run ? count_only(&run, is_new)
				       : record(&run, is_new);
	}
	free(is_new);
	sk_collection_free(&run.found);
	free(run.hidden);
	sk_str_free(&run.ref);
	return ret < 0 ? -1 : 0;
}

/* One transaction: the cursors go when the ledger has what they hid. */
static int record_baseline(const struct sk_capture *capture,
			   const struct sk_collection *found,
			   struct sk_err *err)
{
	struct sk_outbox *box = capture->box;

	if (sk_outbox_begin(box, err) < 0)
		return -1;
	for (size_t i = 0; i < found->event_count; i++) {
		if (sk_ledger_add_before(box, found->events[i].draft.event_id,
					 found->events[i].commit, err) < 0)
			goto fail;
	}
	if (sk_cursor_drop_baseline(box, capture->clone, err) == 0 &&
	    sk_outbox_commit(box, err) == 0)
		return 0;
fail:
	sk_outbox_rollback(box);
	return -1;
}

/* What is not known to be before would be news once it can be read. */
static int fail_unread(const struct sk_collection *found, struct sk_err *err)
{
	const struct sk_missing *first = &found->missing[0];
	char commit[SK_HEX_LEN + 1], object[SK_HEX_LEN + 1];

	sk_oid_hex(commit, &first->commit);
	sk_oid_hex(object, &first->object);
	return sk_fail(err, SK_EDATA, "commit %.12s needs object %s", commit,
		       object);
}

int sk_capture_baseline(const struct sk_capture *capture,
			const struct sk_oid *tips, size_t tip_count,
			struct sk_err *err)
{
	struct sk_project_id project = sk_project_id(capture->project);
	struct sk_collection found = SK_COLLECTION_INIT;
	struct sk_walk commits = SK_WALK_INIT;
	int ret = -1;

	if (sk_walk_commits(&commits, capture->repo, tips, tip_count, NULL, 0,
			    err) == 0 &&
	    sk_collect(&found, capture->repo, &commits, &project, false, err) ==
		    0)
		ret = found.missing_count
			      ? fail_unread(&found, err)
			      : record_baseline(capture, &found, err);
	sk_trace("walk", "baseline: %zu commits, %zu events", commits.count,
		 found.event_count);
	sk_collection_free(&found);
	sk_walk_free(&commits);
	return ret;
}
