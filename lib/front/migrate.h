/* SPDX-License-Identifier: MIT */
/* `git sk-sync migrate`: rows that waited without an account become ours. */
#ifndef SK_FRONT_MIGRATE_H
#define SK_FRONT_MIGRATE_H

#include "base/err.h"

/* The options struct and `run` of the subcommand. */
struct sk_migrate_opts {
	bool adopt, dry_run, json, quiet;
};
int sk_migrate_run(void *values, int argc, char **argv, struct sk_err *err);

#endif
