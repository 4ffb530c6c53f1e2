/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "capture/catchup.h"
#include "command/captureview.h"
#include "command/gate.h"
#include "command/queuestatus.h"
#include "command/summary.h"
#include "deliver/deliver.h"
#include "deliver/sender.h"

/* Set by the first Ctrl-C or SIGTERM: the batch in flight is the last. */
static volatile sig_atomic_t is_stopped;

static void on_signal(int number)
{
	(void)number;
	is_stopped = 1;
}

/* The second signal does what it always does. */
static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal,
				.sa_flags = SA_RESTART | SA_RESETHAND};

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}

struct opts {
	bool json, quiet, verbose;
	const char *report;
};

static void show_progress(void *ctx, const struct sk_report *report,
			  int64_t total)
{
	(void)ctx;
	sk_detail("%lld synced, %lld duplicates, %lld pending, %lld failed of"
		  " %lld",
		  (long long)report->synced, (long long)report->duplicates,
		  (long long)report->pending, (long long)report->failed,
		  (long long)total);
	sk_meter("Sending events: %lld of %lld",
		 (long long)(sk_report_delivered(report) + report->pending +
			     report->failed),
		 (long long)total);
}

/* The reasons for which there is nothing to do, or nothing that can be done. */
enum outcome {
	SENT,
	EMPTY,
	NOT_SET_UP, /* and empty, which then means nothing */
	ALL_HELD,
	LOGGED_OUT,
	SWITCHED_OFF,
	SENT_BY_OTHERS,
};

static int deliver(struct sk_sender *sender, struct sk_report *report,
		   struct sk_err *err)
{
	const struct sk_deliver_options options = {.stop = &is_stopped,
						   .progress = show_progress};
	int rc;

	sk_warn_lines(sk_http_notices(sender->http));
	sk_detail("sending to '%s' as '%s'", sender->account->creds.server.ptr,
		  sender->account->creds.username.ptr);
	catch_signals();
	rc = sk_deliver(sender, &options, report, err);
	sk_meter_done();
	return rc < 0 ? -1 : 0;
}

/* All of one run: what is read at the start, and what came of it. */
struct run {
	struct sk_account account;
	struct sk_config config;
	struct sk_outbox *box; /* NULL: not opened yet */
	struct sk_preflight pre;
	bool is_refused; /* by that */
	struct sk_report report;
	enum outcome outcome;
};

/* Look first, without touching anything: mostly there is nothing to do. */
static int look(struct run *run, struct sk_err *err)
{
	bool has_legacy = run->pre.legacy.taken.events > 0;
	struct sk_queue_status status = SK_QUEUE_STATUS_INIT;
	struct sk_report *report = &run->report;
	enum outcome *outcome = &run->outcome;
	int ret;

	status.box = run->box;
	ret = sk_queue_status_read(&status, &run->account, &run->config, err);
	if (ret < 0)
		goto out;
	*outcome = SENT;
	if (sk_queue_status_is_not_set_up(&status))
		sk_warn("%s", SK_NOT_SET_UP_LINE);
	if (status.ready == 0 && !(has_legacy && status.may_send)) {
		*outcome = status.stats.held > 0		    ? ALL_HELD
			   : sk_queue_status_is_not_set_up(&status) ? NOT_SET_UP
								    : EMPTY;
		report->queued = 0;
		goto out;
	}
	if (!status.is_logged_in || !status.may_send) {
		*outcome = status.may_send ? LOGGED_OUT : SWITCHED_OFF;
		report->queued = status.ready;
		report->stopped = true;
	}
	if (*outcome == LOGGED_OUT)
		sk_report_hold_back(report, SK_CAT_UNAUTHENTICATED,
				    "nobody is logged in");
out:
	if (run->box)
		status.box = NULL; /* it is the run's */
	sk_queue_status_free(&status);
	return ret;
}

static int send_queue(struct run *run, struct sk_err *err)
{
	struct sk_sender sender = SK_SENDER_INIT;
	enum sk_sender_state state;
	int ret = sk_gate_sending(&run->pre, &run->account, err);

	run->is_refused = ret < 0 && err->code == SK_EBOUNDARY;
	if (ret < 0 || look(run, err) < 0)
		return -1;
	if (run->outcome != SENT)
		return 0;
	sender.box = run->box;
	run->box = NULL;
	ret = sk_sender_open(&sender, &run->account, &state, err);
	if (ret == 0 && state == SK_SENDER_READY)
		ret = deliver(&sender, &run->report, err);
	else if (ret == 0 && state == SK_SENDER_TAKEN)
		run->outcome = SENT_BY_OTHERS;
	sk_sender_close(&sender);
	return ret;
}

/* Whether all that could be sent was accepted, by us or by whoever sends. */
static bool is_good(enum outcome outcome, const struct sk_report *report)
{
	switch (outcome) {
	case SENT:
		return sk_report_is_clean(report);
	case EMPTY:
	case NOT_SET_UP:
	case SENT_BY_OTHERS:
		return true;
	case ALL_HELD:
	case LOGGED_OUT:
	case SWITCHED_OFF:
		break;
	}
	return false;
}

/* What goes beside the answer, whatever its form. */
static void explain(enum outcome outcome, const struct sk_report *report)
{
	long long queued = (long long)report->queued;

	switch (outcome) {
	case SENT:
		if (report->interrupted)
			sk_warn("interrupted: %lld %s stay in the queue",
				queued, sk_plural(queued, "event", "events"));
		break;
	case LOGGED_OUT:
		sk_warn("%lld %s in the queue: nobody is logged in", queued,
			sk_plural(queued, "event waits", "events wait"));
		sk_advise("run 'git sk-auth login'");
		break;
	case SWITCHED_OFF:
		sk_warn("%lld %s in the queue: sending is switched off", queued,
			sk_plural(queued, "event waits", "events wait"));
		sk_advise("unset sk.sync or SPEC_KITTY_ENABLE_SAAS_SYNC");
		break;
	case ALL_HELD:
		sk_warn("what is in the queue was refused too often to be sent"
			" again by itself");
		sk_advise("run 'git sk-sync status' to see why");
		break;
	case SENT_BY_OTHERS:
		if (isatty(STDERR_FILENO))
			sk_advise("another process is sending the queue");
		break;
	case EMPTY:
	case NOT_SET_UP: /* said already */
		break;
	}
}

/* Only failures make a report; "-" is standard output. */
static int write_report(const char *path, const struct sk_report *report,
			struct sk_err *err)
{
	struct sk_str doc = SK_STR_INIT;
	int ret = 0;

	if (report->failed == 0)
		return 0;
	sk_summary_add_json(&doc, report, sk_now_ms() / 1000, NULL, NULL);
	if (strcmp(path, "-") == 0)
		fwrite(doc.ptr, 1, doc.len, stdout);
	else
		ret = sk_file_write(path, doc.ptr, doc.len, 0600, err);
	sk_str_free(&doc);
	return ret;
}

static void print_answer(const struct opts *opts, const struct run *run,
			 const struct sk_err *error)
{
	const struct sk_report *report = &run->report;
	bool to_stderr = opts->report && strcmp(opts->report, "-") == 0;
	struct sk_str text = SK_STR_INIT;

	if (opts->json)
		sk_summary_add_json(&text, report, sk_now_ms() / 1000, error,
				    run->is_refused ? &run->pre : NULL);
	else if (opts->quiet)
		sk_str_clear(&text);
	else if (run->outcome == EMPTY && error->code == SK_OK)
		sk_str_puts(&text, "Queue is empty, nothing to sync.\n");
	else if (run->outcome == SENT)
		sk_summary_add_text(&text, report);
	fputs(text.ptr, to_stderr ? stderr : stdout);
	sk_str_free(&text);
}

/*
 * Queue what was committed since the last hook ran, where the working folder is
 * in a repository that was set up; elsewhere there is nothing to do. Says on
 * stderr which lines could not be read.
 */
static int catch_up_here(struct run *run, struct sk_err *err)
{
	struct sk_capture_report report = {0};
	struct sk_capture orders = {0};
	int ret;

	orders.clone = sk_config_clone(&run->config);
	if (!orders.clone)
		return 0;
	ret = sk_repo_open_as_git(&orders.repo, err);
	if (ret == 0)
		ret = sk_account_open_queue(&run->box, &run->account, err);
	orders.box = run->box;
	if (ret == 0)
		ret = sk_catch_up(&orders, &run->config, &run->account, &report,
				  NULL, err);
	sk_capture_describe(&report);
	sk_capture_explain(&report);
	sk_capture_report_free(&report);
	sk_repo_close(orders.repo);
	return ret;
}

/*
 * What no hook has seen comes along. When it cannot be had, what is in the
 * queue already is sent all the same. Returns whether it worked.
 */
static bool catch_up(struct run *run)
{
	struct sk_err why = {0};

	if (catch_up_here(run, &why) == 0)
		return true;
	sk_warn("cannot look for new events: %s", why.msg);
	if (why.hint[0])
		sk_advise("%s", why.hint);
	return false;
}

static int send(struct run *run, const struct opts *opts, struct sk_err *err)
{
	const struct sk_report *report = &run->report;
	bool caught_up;
	int ret;

	run->report.want_failures = opts->json || opts->report;
	caught_up = catch_up(run);
	ret = send_queue(run, err);
	if (ret == 0 && opts->report)
		ret = write_report(opts->report, report, err);
	if (ret == 0 || opts->json || sk_report_delivered(report) > 0)
		print_answer(opts, run, err);
	explain(run->outcome, report);
	if (ret == 0)
		ret = caught_up && is_good(run->outcome, report) ? 0 : 1;
	return ret;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct run run = {.account = SK_ACCOUNT_INIT,
			  .config = SK_CONFIG_INIT,
			  .pre = SK_PREFLIGHT_INIT,
			  .report = SK_REPORT_INIT,
			  .outcome = EMPTY};
	int ret = -1;

	(void)argc, (void)argv;
	if (opts->json && opts->report && strcmp(opts->report, "-") == 0)
		return sk_fail(err, SK_EUSAGE,
			       "--json and --report=- both want standard"
			       " output");
	if (sk_account_load(&run.account, err) == 0 &&
	    sk_config_load(&run.config, err) == 0)
		ret = send(&run, opts, err);
	else if (opts->json)
		print_answer(opts, &run, err);
	if (ret >= 0)
		sk_note_clone_of(&run.config);
	sk_outbox_close(run.box);
	sk_report_free(&run.report);
	sk_preflight_free(&run.pre);
	sk_config_free(&run.config);
	sk_account_free(&run.account);
	return ret;
}

static const struct sk_opt table[] = {
	SK_JSON(struct opts, json),
	SK_TEXT(0, "report", struct opts, report, "file",
		"write the failures there, if any; - is stdout"),
	SK_QUIET_FLAG(struct opts, quiet),
	SK_VERBOSE_FLAG(struct opts, verbose), SK_OPT_LAST};

const struct sk_cmd sk_cmd_sync_now = {
	.name = "now",
	.operands = "",
	.summary = "Send what waits in the queue.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
