/* SPDX-License-Identifier: MIT */
#include "command/command.h"
#include "deliver/finalsync.h"

struct opts {
	bool foreground;
};

/* For hooks, which nobody watches: what it has to say goes to the log. */
static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_diagnostics said = {.to_log = !opts->foreground};

	(void)argc, (void)argv, (void)err;
	sk_final_sync_run(&said);
	return 0;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "foreground", struct opts, foreground,
		"say on stderr what would go to the log"),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_sync_flush = {
	.name = "flush",
	.operands = "",
	.summary = "",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
