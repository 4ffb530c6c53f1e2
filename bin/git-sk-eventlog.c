/* SPDX-License-Identifier: MIT */
/* git sk-eventlog: the event logs of missions, for git, scripts and people. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_eventlog_reduce,
		&sk_cmd_eventlog_check,
		&sk_cmd_eventlog_textconv,
		&sk_cmd_eventlog_merge,
	};

	return sk_cli_dispatch(
		"git sk-eventlog",
		"Reduce, check, read and merge event logs of missions.", cmds,
		SK_COUNTOF(cmds), argc, argv);
}
