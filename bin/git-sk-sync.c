/* SPDX-License-Identifier: MIT */
/* git sk-sync: the queue of events, sent, looked at, tried again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "deliver/deliver.h"
#include "deliver/finalsync.h"
#include "deliver/sender.h"
#include "front/backfill.h"
#include "front/cli.h"
#include "front/gate.h"
#include "front/hooknote.h"
#include "front/migrate.h"
#include "front/queuestatus.h"
#include "front/retry.h"
#include "front/status.h"
#include "front/summary.h"
#include "git/config.h"
#include "outbox/backlog.h"
#include "setup/clone.h"

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

struct now_opts {
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
	const char *notices = sk_http_notices(sender->http);
	int rc;

	for (size_t len; *notices; notices += len + (notices[len] != '\0')) {
		len = strcspn(notices, "\n");
		sk_warn("%.*s", (int)len, notices);
	}
	sk_detail("sending to '%s' as '%s'", sender->creds.server.ptr,
		  sender->creds.username.ptr);
	catch_signals();
	rc = sk_deliver(sender->box, sender->clearance, &sender->creds,
			sender->http, &options, report, err);
	sk_meter_done();
	return rc < 0 ? -1 : 0;
}

/* Look first, without touching anything: mostly there is nothing to do. */
static int look(enum outcome *outcome, struct sk_report *report,
		bool has_legacy, struct sk_err *err)
{
	struct sk_queue_status status = SK_QUEUE_STATUS_INIT;
	int ret = sk_queue_status_read(&status, err);

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
	sk_queue_status_free(&status);
	return ret;
}

static int send_queue(enum outcome *outcome, struct sk_report *report,
		      struct sk_err *err)
{
	struct sk_sender sender = SK_SENDER_INIT;
	enum sk_sender_state state;
	bool has_legacy;
	int ret;

	if (sk_gate_sending(&has_legacy, err) < 0 ||
	    look(outcome, report, has_legacy, err) < 0)
		return -1;
	if (*outcome != SENT)
		return 0;
	ret = sk_sender_open(&sender, &state, err);
	if (ret == 0 && state == SK_SENDER_READY)
		ret = deliver(&sender, report, err);
	else if (ret == 0 && state == SK_SENDER_TAKEN)
		*outcome = SENT_BY_OTHERS;
	sk_sender_close(&sender);
	return ret;
}

static const char *events(int64_t count)
{
	return count == 1 ? "event" : "events";
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
				queued, events(queued));
		break;
	case LOGGED_OUT:
		sk_warn("%lld %s in the queue: nobody is logged in", queued,
			queued == 1 ? "event waits" : "events wait");
		sk_advise("run 'git sk-auth login'");
		break;
	case SWITCHED_OFF:
		sk_warn("%lld %s in the queue: sending is switched off", queued,
			queued == 1 ? "event waits" : "events wait");
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
	sk_summary_add_json(&doc, report, sk_now_ms() / 1000, NULL);
	if (strcmp(path, "-") == 0)
		fwrite(doc.ptr, 1, doc.len, stdout);
	else
		ret = sk_file_write(path, doc.ptr, doc.len, 0600, err);
	sk_str_free(&doc);
	return ret;
}

static void print_answer(const struct now_opts *opts, enum outcome outcome,
			 const struct sk_report *report,
			 const struct sk_err *error)
{
	bool to_stderr = opts->report && strcmp(opts->report, "-") == 0;
	struct sk_str text = SK_STR_INIT;

	if (opts->json)
		sk_summary_add_json(&text, report, sk_now_ms() / 1000, error);
	else if (opts->quiet)
		sk_str_clear(&text);
	else if (outcome == EMPTY && error->code == SK_OK)
		sk_str_puts(&text, "Queue is empty, nothing to sync.\n");
	else if (outcome == SENT)
		sk_summary_add_text(&text, report);
	fputs(text.ptr, to_stderr ? stderr : stdout);
	sk_str_free(&text);
}

/*
 * What no hook has seen comes along. When it cannot be had, what is in the
 * queue already is sent all the same. Returns whether it worked.
 */
static bool catch_up(void)
{
	struct sk_err why = {0};

	if (sk_catch_up_here(&why) == 0)
		return true;
	sk_warn("cannot look for new events: %s", why.msg);
	if (why.hint[0])
		sk_advise("%s", why.hint);
	return false;
}

static int run_now(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct now_opts *opts = values;
	struct sk_report report = SK_REPORT_INIT;
	enum outcome outcome = EMPTY;
	bool caught_up;
	int ret;

	(void)argc, (void)argv;
	if (opts->json && opts->report && strcmp(opts->report, "-") == 0)
		return sk_fail(err, SK_EUSAGE,
			       "--json and --report=- both want standard"
			       " output");
	report.want_failures = opts->json || opts->report;
	caught_up = catch_up();
	ret = send_queue(&outcome, &report, err);
	if (ret == 0 && opts->report)
		ret = write_report(opts->report, &report, err);
	if (ret == 0 || opts->json || sk_report_delivered(&report) > 0)
		print_answer(opts, outcome, &report, err);
	explain(outcome, &report);
	if (ret == 0)
		ret = caught_up && is_good(outcome, &report) ? 0 : 1;
	sk_report_free(&report);
	return ret;
}

struct flush_opts {
	bool foreground;
};

/* For hooks, which nobody watches: what it has to say goes to the log. */
static int run_flush(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct flush_opts *opts = values;
	struct sk_diagnostics said = {.to_log = !opts->foreground};

	(void)argc, (void)argv, (void)err;
	sk_final_sync_run(&said);
	return 0;
}

static const struct sk_opt now_table[] = {
	SK_JSON(struct now_opts, json),
	SK_TEXT(0, "report", struct now_opts, report, "file",
		"write the failures there, if any; - is stdout"),
	SK_QUIET_FLAG(struct now_opts, quiet),
	SK_VERBOSE_FLAG(struct now_opts, verbose), SK_OPT_LAST};

static const struct sk_opt status_table[] = {
	SK_FLAG('c', "check", struct sk_status_opts, check,
		"compare identities, and ask the server"),
	SK_FLAG(0, "porcelain", struct sk_status_opts, porcelain,
		"print lines of key and value, for scripts"),
	SK_FLAG('z', NULL, struct sk_status_opts, nul,
		"the same, each ended by NUL, and raw"),
	SK_JSON(struct sk_status_opts, json), SK_OPT_LAST};

static const struct sk_opt migrate_table[] = {
	SK_FLAG(0, "adopt", struct sk_migrate_opts, adopt,
		"take also rows that nobody knows the account of"),
	SK_FLAG('n', "dry-run", struct sk_migrate_opts, dry_run,
		"count only, move nothing"),
	SK_JSON(struct sk_migrate_opts, json),
	SK_QUIET_FLAG(struct sk_migrate_opts, quiet), SK_OPT_LAST};

static const struct sk_opt retry_table[] = {
	SK_FLAG(0, "all", struct sk_retry_opts, all,
		"all held and parked events"),
	SK_QUIET_FLAG(struct sk_retry_opts, quiet), SK_OPT_LAST};

static const struct sk_opt backfill_table[] = {
	SK_FLAG('n', "dry-run", struct sk_backfill_opts, dry_run,
		"count only, queue nothing"),
	SK_JSON(struct sk_backfill_opts, json),
	SK_QUIET_FLAG(struct sk_backfill_opts, quiet),
	SK_VERBOSE_FLAG(struct sk_backfill_opts, verbose), SK_OPT_LAST};

static const struct sk_opt flush_table[] = {
	SK_FLAG(0, "foreground", struct flush_opts, foreground,
		"say on stderr what would go to the log"),
	SK_OPT_LAST};

/* For the hook that registered a repository: nobody waits for this. */
static int run_baseline(void *values, int argc, char **argv, struct sk_err *err)
{
	(void)values;
	if (argc != 1)
		return sk_fail(err, SK_EUSAGE, "a folder is wanted");
	if (chdir(argv[0]) < 0)
		return sk_fail_errno(err, errno, "cannot change to '%s'",
				     argv[0]);
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
	return sk_clone_fill_baseline(err);
}

int main(int argc, char **argv)
{
	struct flush_opts flush = {false};
	struct now_opts now = {.json = false};
	struct sk_status_opts status = {.json = false};
	struct sk_migrate_opts migrate = {.json = false};
	struct sk_retry_opts retry = {.all = false};
	struct sk_backfill_opts backfill = {.json = false};
	const struct sk_cmd cmds[] = {
		{.name = "now",
		 .operands = "",
		 .summary = "Send what waits in the queue.",
		 .opts = now_table,
		 .values = &now,
		 .run = run_now,
		 .after = sk_note_hooks},
		{.name = "status",
		 .operands = "",
		 .summary = "Show the queue and what became of it.",
		 .opts = status_table,
		 .values = &status,
		 .run = sk_status_run,
		 .after = sk_note_hooks},
		{.name = "retry",
		 .operands = "[<id>...]",
		 .summary = "Free events that are held or parked.",
		 .opts = retry_table,
		 .values = &retry,
		 .max_operands = -1,
		 .run = sk_retry_run,
		 .after = sk_note_hooks},
		{.name = "backfill",
		 .operands = "[<rev>]",
		 .summary = "Queue the history that was not captured yet.",
		 .opts = backfill_table,
		 .values = &backfill,
		 .max_operands = 1,
		 .run = sk_backfill_run,
		 .after = sk_note_hooks},
		{.name = "migrate",
		 .operands = "",
		 .summary = "Take over what waited without an account.",
		 .opts = migrate_table,
		 .values = &migrate,
		 .run = sk_migrate_run,
		 .after = sk_note_hooks},
		{.name = "baseline",
		 .operands = "<folder>",
		 .summary = "",
		 .max_operands = 1,
		 .run = run_baseline},
		{.name = "flush",
		 .operands = "",
		 .summary = "",
		 .opts = flush_table,
		 .values = &flush,
		 .run = run_flush},
	};

	return sk_cli_dispatch("git sk-sync",
			       "Send the events of this account to the server.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
