/* SPDX-License-Identifier: MIT */
#include "command/taskmove.h"

#include "command/command.h"
#include "command/missionopt.h"

struct opts {
	const char *mission, *feature, *agent, *assignee, *shell_pid;
	const char *reason, *note, *reviewer, *reference, *review_ref;
	bool force, no_commit, json;
};

static int read_operands(struct sk_move *move, int argc, char **argv,
			 struct sk_err *err)
{
	if (argc != 2)
		return sk_fail(err, SK_EUSAGE,
			       "a work package and a lane are needed");
	move->wp = argv[0];
	move->to = sk_move_read_lane(argv[1]);
	if (move->to != SK_LANE_NONE)
		return 0;
	sk_fail(err, SK_EUSAGE, "there is no lane '%.60s'", argv[1]);
	return sk_hint(err, "use planned, claimed, in_progress, for_review,"
			    " in_review, approved, done, blocked or canceled");
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_task_move how = {.agent = opts->agent,
				   .json = opts->json,
				   .no_commit = opts->no_commit};
	struct sk_move move = {.reason = opts->reason,
			       .note = opts->note,
			       .reviewer = opts->reviewer,
			       .reference = opts->reference,
			       .review_ref = opts->review_ref,
			       .agent = opts->agent,
			       .assignee = opts->assignee,
			       .shell_pid = opts->shell_pid,
			       .force = opts->force,
			       .file = SK_STR_INIT,
			       .message = SK_STR_INIT,
			       .warning = SK_STR_INIT};
	int rc = read_operands(&move, argc, argv, err);

	if (rc == 0)
		rc = sk_mission_named(&how.handle, opts->mission, opts->feature,
				      0, NULL, err);
	if (rc == 0)
		rc = sk_task_move_run(&move, &how, err);
	sk_move_free(&move);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "of this mission"),
	SK_TEXT(0, "agent", struct opts, agent, "name", "who moves it"),
	SK_TEXT(0, "assignee", struct opts, assignee, "name",
		"who is to work on it"),
	SK_TEXT(0, "shell-pid", struct opts, shell_pid, "pid",
		"the process that works on it"),
	SK_TEXT(0, "reason", struct opts, reason, "text", "why"),
	SK_TEXT(0, "note", struct opts, note, "text",
		"say this in its activity log"),
	SK_TEXT(0, "reviewer", struct opts, reviewer, "name",
		"who has reviewed it"),
	SK_TEXT(0, "reference", struct opts, reference, "text",
		"where that review is found"),
	SK_TEXT(0, "review-ref", struct opts, review_ref, "text",
		"the feedback it is sent back with"),
	SK_FLAG('f', "force", struct opts, force,
		"whatever the rules say; needs --reason"),
	SK_FLAG(0, "no-commit", struct opts, no_commit,
		"write the files, and leave it there"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_task_move = {
	.name = "move",
	.operands = "<WPnn> <lane>",
	.summary = "Move a work package to another lane.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 2,
	.run = run,
};
