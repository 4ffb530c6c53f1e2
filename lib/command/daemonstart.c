/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "daemon/manage.h"

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	int rc = sk_daemon_start(&state, err);

	(void)values, (void)argc, (void)argv;
	if (rc >= 0)
		printf("%s: process %ld, port %u\n",
		       rc ? "Already running" : "Started", (long)state.pid,
		       state.port);
	sk_daemon_state_free(&state);
	return rc < 0 ? -1 : 0;
}

const struct sk_cmd sk_cmd_daemon_start = {
	.name = "start",
	.operands = "",
	.summary = "Start the daemon in the background.",
	.run = run,
	.after = sk_note_clone,
};
