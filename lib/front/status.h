/* SPDX-License-Identifier: MIT */
/* `git sk-sync status`: the queue, and with --check the boundary around it. */
#ifndef SK_FRONT_STATUS_H
#define SK_FRONT_STATUS_H

#include "base/err.h"

/* The options struct and `run` of the subcommand. */
struct sk_status_opts {
	bool check, json, porcelain, nul;
};
int sk_status_run(void *values, int argc, char **argv, struct sk_err *err);

#endif
