/* SPDX-License-Identifier: MIT */
/* `git sk-sync retry`: events that are held or parked are tried once more. */
#ifndef SK_FRONT_RETRY_H
#define SK_FRONT_RETRY_H

#include "base/err.h"

/* The options struct and `run` of the subcommand. */
struct sk_retry_opts {
	bool all, quiet;
};
int sk_retry_run(void *values, int argc, char **argv, struct sk_err *err);

#endif
