/* SPDX-License-Identifier: MIT */
#include "capture/catchup.h"

#include "base/now.h"
#include "base/trace.h"
#include "capture/baseline.h"
#include "capture/revisit.h"

/* Returns 0; 1 when there is none and none is to be made; -1. */
static int open_queue(struct sk_capture *orders,
		      const struct sk_account *account, struct sk_err *err)
{
	if (orders->dry_run)
		return sk_outbox_open_readonly(&orders->box,
					       account->queue_path.ptr, err);
	if (orders->wake != SK_WAKE_COMMAND)
		return sk_account_open_queue_in_hook(&orders->box, account,
						     err);
	return sk_account_open_queue(&orders->box, account, err);
}

/*
 * What was captured is captured, whether the configuration can be written or
 * not: the next capture would find the same project again.
 */
static void settle(struct sk_capture_report *report,
		   const struct sk_project *project,
		   const struct sk_config *config)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_project_settle(project, config, &err) < 0)
		sk_str_addf(&text, "the project cannot be settled: %s",
			    err.msg);
	else if (project->replaced.len)
		sk_project_add_change(&text, project);
	if (text.len)
		report->notice = sk_str_take(&text);
}

static int backfill_bounds(struct sk_bounds *bounds,
			   const struct sk_capture *orders, struct sk_err *err)
{
	return orders->branches
		       ? sk_bounds_of_branches(bounds, orders->repo, err)
		       : sk_bounds_of_revs(bounds, orders->repo, orders->revs,
					   orders->rev_count, err);
}

/* Returns 0, or -1; *is_new and *is_partial as in the report. */
static int find_bounds(struct sk_bounds *bounds,
		       const struct sk_capture *orders, bool *is_new,
		       bool *is_partial, struct sk_err *err)
{
	int rc = 0;

	if (orders->everything) {
		if (orders->clone && !orders->dry_run)
			rc = sk_baseline_meet(orders, is_partial, err);
		*is_new = orders->clone && !orders->dry_run && rc == 0;
		return rc < 0 ? -1 : backfill_bounds(bounds, orders, err);
	}
	rc = sk_bounds_find(bounds, orders->repo, orders->box, orders->clone,
			    orders->wake, err);
	if (rc != 1)
		return rc;
	rc = sk_baseline_meet(orders, is_partial, err);
	*is_new = rc == 0;
	sk_bounds_free(bounds);
	if (rc >= 0)
		rc = sk_bounds_find(bounds, orders->repo, orders->box,
				    orders->clone, orders->wake, err);
	return rc < 0 ? -1 : 0;
}

/* A command has the time that a hook has not. */
static void fill_baseline(const struct sk_capture *orders)
{
	struct sk_err unread = {0};

	if (sk_baseline_fill(orders, &unread) < 0)
		sk_trace("walk", "no baseline: %s", unread.msg);
}

static int capture(struct sk_capture *orders, const struct sk_config *config,
		   struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_project project = SK_PROJECT_INIT;
	struct sk_bounds bounds = SK_BOUNDS_INIT;
	bool is_new = false, is_partial = false, fills, is_project;
	int rc = find_bounds(&bounds, orders, &is_new, &is_partial, err);

	/* whoever was to fill it may have been ended before it was done */
	fills = (is_new || bounds.has_baseline) &&
		orders->wake == SK_WAKE_COMMAND;
	/* without a commit it is no project yet, and has nothing to tell */
	is_project = bounds.has_head || bounds.tip_count;
	fills &= is_project;
	if (rc == 0 && is_project)
		rc = sk_project_load(&project, orders->repo, config, err);
	orders->project = &project;
	if (rc == 0 && fills)
		fill_baseline(orders);
	if (rc == 0)
		rc = sk_capture(orders, &bounds, report, err);
	if (rc == 0 && is_project && orders->clone && !orders->dry_run)
		rc = sk_revisit(orders, report, err);
	if (rc == 0 && is_project && orders->clone && !orders->dry_run)
		settle(report, &project, config);
	report->is_new = is_new;
	report->is_partial = is_partial && !orders->everything;
	orders->project = NULL;
	sk_bounds_free(&bounds);
	sk_project_free(&project);
	return rc;
}

int sk_catch_up(struct sk_capture *orders, const struct sk_config *config,
		const struct sk_account *account,
		struct sk_capture_report *report, struct sk_str *overdue,
		struct sk_err *err)
{
	struct sk_outbox *given = orders->box;
	int rc;

	*report = (struct sk_capture_report){0};
	rc = given ? 0 : open_queue(orders, account, err);
	if (rc >= 0)
		rc = capture(orders, config, report, err);
	if (rc >= 0 && overdue)
		rc = sk_overdue_notice(overdue, orders->box, sk_now_ms() / 1000,
				       err);
	if (!given)
		sk_outbox_close(orders->box);
	orders->box = given;
	return rc < 0 ? -1 : 0;
}
