/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "doctor/restart.h"

struct opts {
	bool json;
};

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_str text = SK_STR_INIT;
	int ret = sk_doctor_orphans(&text, opts->json, err);

	(void)argc, (void)argv;
	fputs(text.ptr, stdout);
	sk_str_free(&text);
	return ret;
}

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_doctor_orphan_daemons = {
	.name = "orphan-daemons",
	.operands = "",
	.summary = "Show a record whose sender is gone.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
