/* SPDX-License-Identifier: MIT */
/* git sk-doctor: what is wrong here, and what to run about it. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_doctor,
		&sk_cmd_doctor_orphan_daemons,
		&sk_cmd_doctor_restart_daemon,
	};

	return sk_cli_dispatch("git sk-doctor",
			       "Say what is wrong here, and what to run.", cmds,
			       SK_COUNTOF(cmds), argc, argv);
}
