/* SPDX-License-Identifier: MIT */
#include "command/command.h"
#include "command/missionopt.h"
#include "command/taskmove.h"

struct opts {
	const char *mission, *feature, *agent, *note;
	bool no_commit, json;
};

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_task_move how = {.agent = opts->agent,
				   .json = opts->json,
				   .no_commit = opts->no_commit};
	struct sk_move move = {.wp = argv[0],
			       .to = SK_LANE_IN_REVIEW,
			       .is_claim = true,
			       .note = opts->note,
			       .file = SK_STR_INIT,
			       .message = SK_STR_INIT,
			       .warning = SK_STR_INIT};
	int rc;

	if (argc != 1)
		return sk_fail(err, SK_EUSAGE, "a work package is needed");
	rc = sk_mission_named(&how.handle, opts->mission, opts->feature, 0,
			      NULL, err);
	if (rc == 0)
		rc = sk_task_move_run(&move, &how, err);
	sk_move_free(&move);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "of this mission"),
	SK_TEXT(0, "agent", struct opts, agent, "name", "who reviews it"),
	SK_TEXT(0, "note", struct opts, note, "text",
		"say this in its activity log"),
	SK_FLAG(0, "no-commit", struct opts, no_commit,
		"write the files, and leave it there"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_task_review = {
	.name = "review",
	.operands = "<WPnn>",
	.summary = "Claim a work package for review.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
