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
	struct sk_restart done;

	(void)argc, (void)argv, (void)err;
	sk_doctor_restart(&done);
	sk_doctor_add_restart(&text, &done, opts->json);
	fputs(text.ptr, stdout);
	sk_str_free(&text);
	if (done.status != SK_RESTART_DONE && !opts->json) {
		sk_warn("%s", done.err.msg);
		if (done.err.hint[0])
			sk_advise("%s", done.err.hint);
	}
	return (int)done.status;
}

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_doctor_restart_daemon = {
	.name = "restart-daemon",
	.operands = "",
	.summary = "End the daemon and start it again.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
