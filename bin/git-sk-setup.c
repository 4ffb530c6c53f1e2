/* SPDX-License-Identifier: MIT */
/* git sk-setup: hooks into a repository, looked at, and out again. */
#include "command/command.h"

int main(int argc, char **argv)
{
	return sk_cli_run(&sk_cmd_setup, argc, argv);
}
