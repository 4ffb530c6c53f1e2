/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "daemon/manage.h"

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	pid_t pid = 0;
	int rc = sk_daemon_stop(&pid, err);

	(void)values, (void)argc, (void)argv;
	if (rc == 0)
		printf("Stopped: process %ld\n", (long)pid);
	else if (rc > 0)
		puts("No daemon is running.");
	return rc < 0 ? -1 : 0;
}

const struct sk_cmd sk_cmd_daemon_stop = {
	.name = "stop",
	.operands = "",
	.summary = "End it, after the batch in flight.",
	.run = run,
};
