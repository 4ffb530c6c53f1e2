/* SPDX-License-Identifier: MIT */
/*
 * 'git sk-merge' as far as it goes by now, its plan, for mergeplan*.bats.
 */
#include "command/command.h"

int main(int argc, char **argv)
{
	return sk_cli_run(&sk_cmd_merge, argc, argv);
}
