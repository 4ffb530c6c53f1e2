/* SPDX-License-Identifier: MIT */
/* git sk-doctor: what is wrong here, and what to run about it. */
#include <stdio.h>

#include "base/now.h"
#include "doctor/doctor.h"
#include "doctor/restart.h"
#include "front/cli.h"

struct look_opts {
	bool json, offline;
};

struct json_opts {
	bool json;
};

static int run_look(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct look_opts *opts = values;
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

static int run_orphans(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct json_opts *opts = values;
	struct sk_str text = SK_STR_INIT;
	int ret = sk_doctor_orphans(&text, opts->json, err);

	(void)argc, (void)argv;
	fputs(text.ptr, stdout);
	sk_str_free(&text);
	return ret;
}

static int run_restart(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct json_opts *opts = values;
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

static const struct sk_opt look_table[] = {
	SK_JSON(struct look_opts, json),
	SK_FLAG(0, "offline", struct look_opts, offline, "ask no server"),
	SK_OPT_LAST};

static const struct sk_opt json_table[] = {SK_JSON(struct json_opts, json),
					   SK_OPT_LAST};

int main(int argc, char **argv)
{
	struct look_opts look = {false, false};
	struct json_opts json = {false};
	const struct sk_cmd cmds[] = {
		{.name = "",
		 .operands = "",
		 .summary = "Say what is wrong here, and what to run.",
		 .opts = look_table,
		 .values = &look,
		 .run = run_look},
		{.name = "orphan-daemons",
		 .operands = "",
		 .summary = "Show a record whose sender is gone.",
		 .opts = json_table,
		 .values = &json,
		 .run = run_orphans},
		{.name = "restart-daemon",
		 .operands = "",
		 .summary = "End the daemon and start it again.",
		 .opts = json_table,
		 .values = &json,
		 .run = run_restart},
	};

	return sk_cli_dispatch("git sk-doctor",
			       "Say what is wrong here, and what to run.", cmds,
			       SK_COUNTOF(cmds), argc, argv);
}
