/* SPDX-License-Identifier: MIT */
/* git sk-mission: the missions of a repository, wherever they are. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_mission_create,	  &sk_cmd_mission_setup_plan,
		&sk_cmd_mission_finalize, &sk_cmd_mission_list,
		&sk_cmd_mission_show,	  &sk_cmd_mission_template,
		&sk_cmd_mission_migrate,
	};

	return sk_cli_dispatch("git sk-mission", "The missions of the team.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
