/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "base/now.h"
#include "doctor/doctor.h"
#include "front/projectview.h"

struct opts {
	bool json, offline;
};

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_doctor d = SK_DOCTOR_INIT;
	int ret;

	(void)argc, (void)argv, (void)err;
	d.offline = opts->offline;
	d.now_s = sk_now_ms() / 1000;
	sk_doctor_run(&d);
	fputs(opts->json ? d.json.ptr : d.text.ptr, stdout);
	ret = d.count ? 1 : 0;
	sk_doctor_free(&d);
	return ret;
}

static const struct sk_opt table[] = {
	SK_JSON(struct opts, json),
	SK_FLAG(0, "offline", struct opts, offline, "ask no server"),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_doctor = {
	.name = "",
	.operands = "",
	.summary = "Say what is wrong here, and what to run.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
	.after = sk_note_project,
};
