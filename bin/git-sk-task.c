/* SPDX-License-Identifier: MIT */
/* git sk-task: the work packages of missions, and who has them. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_task_list,   &sk_cmd_task_implement, &sk_cmd_task_move,
		&sk_cmd_task_review, &sk_cmd_task_mark,
	};

	return sk_cli_dispatch("git sk-task",
			       "The work packages of the team's missions.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
