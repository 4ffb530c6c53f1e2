/* SPDX-License-Identifier: MIT */
/* git sk-daemon: a sender that stays, for those who want one. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_daemon_start,  &sk_cmd_daemon_stop,
		&sk_cmd_daemon_status, &sk_cmd_daemon_run,
		&sk_cmd_daemon_unit,
	};

	return sk_cli_dispatch("git sk-daemon",
			       "Send queued events from a process that stays.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
