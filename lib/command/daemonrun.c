/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "daemon/loop.h"

/* For whoever started us in the foreground: a person, or systemd's journal. */
static void say_started(const char *url, pid_t pid)
{
	printf("Started: process %ld, %s\n", (long)pid, url);
	fflush(stdout);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	enum sk_daemon_end end;

	(void)values, (void)argc, (void)argv;
	if (sk_daemon_run(&end, say_started, err) < 0)
		return -1;
	switch (end) {
	case SK_DAEMON_TAKEN:
		puts("Already running: another daemon.");
		break;
	case SK_DAEMON_REPLACED:
		puts("Ended: the program was replaced.");
		return 1;
	case SK_DAEMON_ASKED:
		puts("Ended: asked to.");
		break;
	}
	return 0;
}

const struct sk_cmd sk_cmd_daemon_run = {
	.name = "run",
	.operands = "",
	.summary = "Be the daemon, in the foreground.",
	.run = run,
};
