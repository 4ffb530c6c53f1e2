/* SPDX-License-Identifier: MIT */
/* git sk-auth: who we are to the server of the team. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_auth_login,
		&sk_cmd_auth_logout,
		&sk_cmd_auth_status,
		&sk_cmd_auth_whoami,
	};

	return sk_cli_dispatch("git sk-auth",
			       "Who you are to the server of your team.", cmds,
			       SK_COUNTOF(cmds), argc, argv);
}
