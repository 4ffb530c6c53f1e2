/* SPDX-License-Identifier: MIT */
/* git sk-sync: the queue of events, sent, looked at, tried again. */
#include "command/command.h"

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&sk_cmd_sync_now,      &sk_cmd_sync_status,
		&sk_cmd_sync_retry,    &sk_cmd_sync_backfill,
		&sk_cmd_sync_migrate,  &sk_cmd_sync_baseline,
		&sk_cmd_sync_complete, &sk_cmd_sync_flush,
	};

	return sk_cli_dispatch("git sk-sync",
			       "Send the events of this account to the server.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
