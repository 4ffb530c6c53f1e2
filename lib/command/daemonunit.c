/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "daemon/unit.h"

struct opts {
	bool remove;
};

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_str path = SK_STR_INIT;
	int rc;

	(void)argc, (void)argv;
	rc = opts->remove ? sk_daemon_unit_remove(&path, err)
			  : sk_daemon_unit_write(&path, err);
	if (rc == 0 && opts->remove)
		printf("Removed %s. To end the daemon and forget the unit,"
		       " run:\n"
		       "  git sk-daemon stop\n"
		       "  systemctl --user daemon-reload\n",
		       path.ptr);
	else if (rc == 0)
		printf("Wrote %s. To start the daemon now and with each"
		       " login, run:\n"
		       "  systemctl --user daemon-reload\n"
		       "  systemctl --user enable --now"
		       " git-sk-daemon.service\n",
		       path.ptr);
	else if (rc > 0)
		puts("Nothing to remove.");
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "remove", struct opts, remove, "take the unit away again"),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_daemon_unit = {
	.name = "install-unit",
	.operands = "",
	.summary = "Write a systemd unit that keeps it running.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
