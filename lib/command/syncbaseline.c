/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <errno.h>
#include <unistd.h>

#include "setup/clone.h"

/* For the hook that registered a repository: nobody waits for this. */
static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	(void)values;
	if (argc != 1)
		return sk_fail(err, SK_EUSAGE, "a folder is wanted");
	if (chdir(argv[0]) < 0)
		return sk_fail_errno(err, errno, "cannot change to '%s'",
				     argv[0]);
	return sk_clone_fill_baseline(err);
}

const struct sk_cmd sk_cmd_sync_baseline = {
	.name = "baseline",
	.operands = "<folder>",
	.summary = "",
	.max_operands = 1,
	.run = run,
};
