/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include "command/mergerun.h"
#include "command/missionopt.h"

struct opts {
	const char *mission, *feature, *into, *strategy;
	bool fetch, dry_run, push, keep_branch, keep_worktree;
	bool resume, abort, json;
};

/* What a merge that is planned already is not told again. */
static int check_alone(const struct opts *opts, struct sk_err *err)
{
	const char *name = opts->resume ? "--resume" : "--abort";

	if (opts->resume && opts->abort)
		return sk_fail(err, SK_EUSAGE,
			       "'--resume' and '--abort' exclude each other");
	if ((opts->resume || opts->abort) &&
	    (opts->into || opts->strategy || opts->fetch || opts->dry_run ||
	     opts->push || opts->keep_branch || opts->keep_worktree))
		return sk_fail(err, SK_EUSAGE,
			       "'%s' takes a mission and '--json' alone", name);
	return 0;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_merge_wanted wanted = {
		.into = opts->into,
		.fetches = opts->fetch,
		.pushes = opts->push,
		.is_dry = opts->dry_run,
		.keeps_branches = opts->keep_branch,
		.keeps_worktrees = opts->keep_worktree,
	};
	struct sk_repo *repo = NULL;
	int rc;

	if (check_alone(opts, err) < 0 ||
	    sk_mission_named(&wanted.mission, opts->mission, opts->feature,
			     argc, argv, err) < 0 ||
	    sk_merge_strategy_parse(&wanted.strategy, opts->strategy, err) <
		    0 ||
	    sk_repo_open_as_git(&repo, err) < 0)
		return -1;
	if (opts->resume)
		rc = sk_merge_resume(repo, wanted.mission, opts->json, err);
	else if (opts->abort)
		rc = sk_merge_abort(repo, wanted.mission, opts->json, err);
	else if (opts->dry_run)
		rc = sk_merge_dry_run(repo, &wanted, opts->json, err);
	else
		rc = sk_merge_run(repo, &wanted, opts->json, err);
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
	SK_FLAG(0, "push", struct opts, push, "push the target then"),
	SK_FLAG(0, "keep-branch", struct opts, keep_branch,
		"leave the branches of lanes and mission there"),
	SK_FLAG(0, "keep-worktree", struct opts, keep_worktree,
		"leave their worktrees there"),
	SK_FLAG(0, "resume", struct opts, resume,
		"end a merge that was interrupted"),
	SK_FLAG(0, "abort", struct opts, abort, "take it back"),
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
