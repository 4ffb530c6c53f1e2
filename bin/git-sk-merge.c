/* SPDX-License-Identifier: MIT */
/* git sk-merge: a mission, all of its lanes, into its target branch. */
#include "command/command.h"

int main(int argc, char **argv)
{
	return sk_cli_run(&sk_cmd_merge, argc, argv);
}
