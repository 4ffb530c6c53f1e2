/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "command/mergeview.h"
#include "command/missionopt.h"

struct opts {
	const char *mission, *feature, *into, *strategy;
	bool fetch, dry_run, json;
};

static void warn(const struct sk_merge_plan *plan)
{
	for (size_t i = 0; i < plan->warnings.len; i++)
		sk_warn("%s", plan->warnings.items[i].message.ptr);
}

static void print(const struct sk_merge_plan *plan, bool json)
{
	struct sk_str text = SK_STR_INIT;

	if (json)
		sk_merge_plan_add_json(&text, plan);
	else
		sk_merge_plan_add_text(&text, plan);
	fwrite(text.ptr, 1, text.len, stdout);
	sk_str_free(&text);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_merge_wanted wanted = {.into = opts->into,
					 .fetches = opts->fetch};
	struct sk_merge_plan plan;
	struct sk_repo *repo = NULL;
	int rc;

	if (!opts->dry_run)
		return sk_fail(err, SK_EUSAGE, "'--dry-run' is needed");
	if (sk_mission_named(&wanted.mission, opts->mission, opts->feature,
			     argc, argv, err) < 0 ||
	    sk_merge_strategy_parse(&wanted.strategy, opts->strategy, err) <
		    0 ||
	    sk_repo_open_as_git(&repo, err) < 0)
		return -1;
	rc = sk_merge_plan_make(&plan, repo, &wanted, err);
	if (rc == 0) {
		warn(&plan);
		print(&plan, opts->json);
		rc = !sk_merge_plan_is_ready(&plan);
	}
	sk_merge_plan_free(&plan);
	sk_repo_close(repo);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "the same as the operand"),
	SK_TEXT(0, "into", struct opts, into, "branch",
		"merge into this one; else into the mission's target"),
	SK_TEXT(0, "strategy", struct opts, strategy, "how",
		"merge, squash or rebase (default: squash)"),
	SK_FLAG(0, "fetch", struct opts, fetch,
		"ask the remote first how far the target is there"),
	SK_FLAG('n', "dry-run", struct opts, dry_run,
		"say what would be done, and change nothing"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_merge = {
	.name = "git sk-merge",
	.operands = "[<mission>]",
	.summary = "Merge a mission into its target branch.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
