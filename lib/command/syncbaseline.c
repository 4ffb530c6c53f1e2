/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include "command/beside.h"
#include "setup/clone.h"

/* For the hook that registered a repository: nobody waits for this. */
static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	(void)values;
	if (sk_beside_enter(argc, argv, err) < 0)
		return -1;
	return sk_clone_fill_baseline(err);
}

const struct sk_cmd sk_cmd_sync_baseline = {
	.name = "baseline",
	.operands = "<folder>",
	.summary = "",
	.max_operands = 1,
	.run = run,
};
