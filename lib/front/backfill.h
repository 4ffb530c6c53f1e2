/* SPDX-License-Identifier: MIT */
/* Capturing by command: the history on request, and what hooks missed. */
#ifndef SK_FRONT_BACKFILL_H
#define SK_FRONT_BACKFILL_H

#include "base/err.h"

/* The options struct and `run` of `git sk-sync backfill [<rev>]`. */
struct sk_backfill_opts {
	bool dry_run, json, quiet, verbose;
};
int sk_backfill_run(void *values, int argc, char **argv, struct sk_err *err);

/*
 * Queue what was committed since the last hook ran, where the working folder
 * is in a repository that was set up; elsewhere there is nothing to do. Says
 * on stderr which lines could not be read. Returns 0 or -1.
 */
int sk_catch_up_here(struct sk_err *err) SK_NODISCARD;

#endif
