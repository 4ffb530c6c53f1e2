/* SPDX-License-Identifier: MIT */
#include "capture/catchup.h"

#include "base/now.h"

/* Returns 0; 1 when there is none and none is to be made; -1. */
static int open_queue(struct sk_capture *orders,
		      const struct sk_account *account, struct sk_err *err)
{
	return orders->dry_run
		       ? sk_outbox_open_readonly(&orders->box,
						 account->queue_path.ptr, err)
		       : sk_account_open_queue(&orders->box, account, err);
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

int sk_catch_up(struct sk_capture *orders, const struct sk_config *config,
		const struct sk_account *account,
		struct sk_capture_report *report, struct sk_str *overdue,
		struct sk_err *err)
{
	struct sk_outbox *given = orders->box;
	struct sk_project project = SK_PROJECT_INIT;
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int rc;

	*report = (struct sk_capture_report){0};
	/* without a commit it is no project yet, and has nothing to tell */
	rc = sk_repo_head(orders->repo, &head, &ref, err);
	sk_str_free(&ref);
	report->is_unborn = rc > 0 && !orders->rev;
	if (rc < 0 || report->is_unborn)
		return rc < 0 ? -1 : 0;
	if (sk_project_load(&project, orders->repo, config, err) < 0)
		return -1;
	rc = given ? 0 : open_queue(orders, account, err);
	orders->project = &project;
	if (rc >= 0)
		rc = sk_capture(orders, report, err);
	if (rc >= 0 && orders->clone && !orders->dry_run)
		settle(report, &project, config);
	if (rc >= 0 && overdue)
		rc = sk_overdue_notice(overdue, orders->box, sk_now_ms() / 1000,
				       err);
	if (!given)
		sk_outbox_close(orders->box);
	orders->box = given;
	orders->project = NULL;
	sk_project_free(&project);
	return rc < 0 ? -1 : 0;
}
