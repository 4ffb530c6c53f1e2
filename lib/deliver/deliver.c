/* SPDX-License-Identifier: MIT */
#include "deliver/deliver.h"

#include <string.h>

#include "base/now.h"
#include "base/trace.h"
#include "deliver/backoff.h"
#include "deliver/pass.h"
#include "outbox/backlog.h"
#include "outbox/state.h"
#include "outbox/stats.h"

enum {
	PAUSE_MS = 1000, /* between attempts */
	/* Rows that wait without a failure (pending) are looked at again. */
	LOOK_AGAIN_MS = 30000,
};

static int attempts(struct sk_pass *pass, struct sk_err *err)
{
	unsigned left = pass->options->attempts ? pass->options->attempts : 1;
	int rc;

	while ((rc = sk_pass_run(pass, err)) == 1) {
		struct sk_report *report = pass->report;

		if (--left == 0 || !pass->may_repeat ||
		    sk_pass_is_stopped(pass))
			break;
		if (!sk_sleep_ms(PAUSE_MS) && sk_pass_is_stopped(pass))
			break;
		report->stopped = report->is_refreshing = false;
		report->queued_category = SK_CAT_NONE;
		pass->has_refreshed = false;
	}
	return rc < 0 ? -1 : 0;
}

/* Keep for the next run how this one ended. */
static int keep_backoff(struct sk_pass *pass, struct sk_err *err)
{
	const struct sk_report *report = pass->report;
	struct sk_backoff backoff = {0, 0};
	bool failed = report->stopped && !report->interrupted;

	if (sk_outbox_begin(pass->sender->box, err) < 0)
		return -1;
	if ((!failed || sk_report_delivered(report) > 0) &&
	    sk_backoff_reset(pass->sender->box, err) < 0)
		goto fail;
	if (failed && sk_backoff_fail(&backoff, pass->sender->box, sk_now_ms(),
				      report->retry_after_s,
				      sk_category_name(report->queued_category),
				      report->queued_error.ptr, err) < 0)
		goto fail;
	if (failed && sk_state_set_int(pass->sender->box, "was_refreshing",
				       report->is_refreshing, err) < 0)
		goto fail;
	pass->report->next_ms = backoff.next_ms;
	return sk_outbox_commit(pass->sender->box, err);
fail:
	sk_outbox_rollback(pass->sender->box);
	return -1;
}

/*
 * Leave the wake-up marker: cleared first, so that one set meanwhile for a new
 * event is not lost. It is a hint, and no reason to fail.
 */
static void mark(struct sk_pass *pass)
{
	const struct sk_report *report = pass->report;
	int64_t ready, next_ms = report->next_ms;
	struct sk_err why = {0};

	if (sk_backlog_clear(&why) == 0) {
		ready = sk_queue_ready(pass->sender->box, &why);
		if (ready == 0)
			return;
		if (next_ms == 0 && ready <= pass->left.known + report->queued)
			next_ms = sk_now_ms() + LOOK_AGAIN_MS;
		if (ready > 0 && sk_backlog_mark(next_ms, &why) == 0)
			return;
	}
	sk_trace("queue", "no marker: %s", why.msg);
}

static int finish(struct sk_pass *pass, struct sk_err *err)
{
	struct sk_report *report = pass->report;
	int64_t ready = sk_queue_ready(pass->sender->box, err);

	if (ready < 0)
		return -1;
	report->queued = pass->left.unanswered;
	if (report->stopped)
		report->queued =
			ready > pass->left.known ? ready - pass->left.known : 0;
	if (pass->total > 0 && keep_backoff(pass, err) < 0)
		return -1;
	mark(pass);
	return 0;
}

/* Whether an earlier failure asks for patience; a clock set back does not. */
static int must_wait(struct sk_pass *pass, struct sk_err *err)
{
	const int64_t longest =
		SK_RETRY_AFTER_CAP_S * 1000LL + SK_BACKOFF_CAP_MS;
	int64_t now = sk_now_ms();
	struct sk_backoff backoff;

	if (!pass->options->respect_wait)
		return 0;
	if (sk_backoff_load(&backoff, pass->sender->box, err) < 0)
		return -1;
	if (backoff.next_ms <= now || backoff.next_ms > now + longest)
		return 0;
	pass->report->next_ms = backoff.next_ms;
	mark(pass);
	return 1;
}

static int deliver(struct sk_pass *pass, struct sk_err *err)
{
	int rc = must_wait(pass, err);

	if (rc)
		return rc;
	pass->total = sk_queue_ready(pass->sender->box, err);
	if (pass->total < 0)
		return -1;
	if (pass->total > 0 && attempts(pass, err) < 0)
		return -1;
	return finish(pass, err);
}

int sk_deliver(struct sk_sender *sender,
	       const struct sk_deliver_options *options,
	       struct sk_report *report, struct sk_err *err)
{
	const char *queue = sk_outbox_path(sender->box);
	struct sk_pass pass;
	int ret;

	if (strcmp(sk_clearance_queue(sender->clearance), queue) != 0)
		return sk_fail(err, SK_EBOUNDARY,
			       "queue '%s' was not cleared to be sent", queue);
	sk_pass_init(&pass, sender, options, report);
	ret = deliver(&pass, err);
	sk_pass_free(&pass);
	return ret;
}
