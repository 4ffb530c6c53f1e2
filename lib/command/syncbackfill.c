/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <unistd.h>

#include "capture/catchup.h"
#include "capture/partial.h"
#include "command/captureview.h"
#include "format/json.h"
#include "front/cli.h"

struct opts {
	bool all, dry_run, json, quiet, verbose;
};

static void print_json(const struct sk_capture_report *report, bool dry_run)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "dry_run", dry_run);
	sk_jsonw_int(&w, "commits", report->commits);
	sk_jsonw_int(&w, "found", report->found);
	sk_jsonw_int(&w, "queued", report->queued);
	sk_jsonw_int(&w, "transitions", report->transitions);
	sk_jsonw_object(&w, "types");
	for (size_t i = 0; i < report->types; i++)
		sk_jsonw_int(&w, report->type[i].name, report->type[i].count);
	sk_jsonw_end_object(&w);
	sk_jsonw_array(&w, "unreadable");
	for (size_t i = 0; i < report->fault_count; i++) {
		const struct sk_fault *fault = &report->faults[i];

		sk_jsonw_object(&w, NULL);
		sk_jsonw_text(&w, "commit", fault->commit);
		sk_jsonw_text(&w, "path", fault->path);
		sk_jsonw_int(&w, "line", (int64_t)fault->line);
		sk_jsonw_text(&w, "reason", fault->reason);
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_int(&w, "cut_commits", report->cut);
	sk_jsonw_end_object(&w);
	printf("%s\n", text.ptr);
	sk_str_free(&text);
}

static void print_text(const struct sk_capture_report *report, bool dry_run)
{
	if (report->is_unborn) {
		sk_say("There is no commit yet, nothing to queue.\n");
		return;
	}
	sk_say("%s %lld event%s from %lld commit%s",
	       dry_run ? "Would queue" : "Queued", (long long)report->queued,
	       report->queued == 1 ? "" : "s", (long long)report->commits,
	       report->commits == 1 ? "" : "s");
	for (size_t i = 0; i < report->types; i++)
		sk_say("%s%lld %s", i ? ", " : ": ",
		       (long long)report->type[i].count, report->type[i].name);
	sk_say(".\n");
	if (report->found > report->queued)
		sk_say("%lld of those found were captured before.\n",
		       (long long)(report->found - report->queued));
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_capture orders = {.revs = argv,
				    .rev_count = (size_t)argc,
				    .branches = opts->all,
				    .everything = true,
				    .dry_run = opts->dry_run};
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_capture_report report = {0};
	int ret = -1;

	if (opts->all && argc)
		return sk_fail(err, SK_EUSAGE,
			       "--all and a revision exclude each other");
	if (sk_repo_open_as_git(&orders.repo, err) < 0 ||
	    sk_config_load(&config, err) < 0 ||
	    sk_account_load(&account, err) < 0 ||
	    sk_partial_fetch_missions(orders.repo, isatty(STDERR_FILENO), err) <
		    0)
		goto out;
	orders.clone = sk_config_clone(&config);
	ret = sk_catch_up(&orders, &config, &account, &report, NULL, err);
	sk_capture_describe(&report);
	if (ret == 0 || report.queued) {
		if (opts->json)
			print_json(&report, opts->dry_run);
		else
			print_text(&report, opts->dry_run);
	}
	sk_capture_explain(&report);
out:
	if (ret >= 0)
		sk_note_clone_of(&config);
	sk_capture_report_free(&report);
	sk_account_free(&account);
	sk_config_free(&config);
	sk_repo_close(orders.repo);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "all", struct opts, all,
		"of every branch, local or remote-tracking"),
	SK_FLAG('n', "dry-run", struct opts, dry_run,
		"count only, queue nothing"),
	SK_JSON(struct opts, json),
	SK_QUIET_FLAG(struct opts, quiet),
	SK_VERBOSE_FLAG(struct opts, verbose),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_sync_backfill = {
	.name = "backfill",
	.operands = "[<rev>...]",
	.summary = "Queue the history that was not captured yet.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = -1,
	.run = run,
};
