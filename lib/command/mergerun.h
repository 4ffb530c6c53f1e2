/* SPDX-License-Identifier: MIT */
/* What git sk-merge does beside making a plan. */
#ifndef SK_COMMAND_MERGERUN_H
#define SK_COMMAND_MERGERUN_H

#include "merge/plan.h"

/*
 * Make the plan and carry it out. Prints the answer. Returns the exit status:
 * 1 when something is in the way, which is told as by a dry run; or -1.
 */
int sk_merge_run(struct sk_repo *repo, const struct sk_merge_wanted *wanted,
		 bool json, struct sk_err *err);

/* Make the plan and print it. Returns likewise. */
int sk_merge_dry_run(struct sk_repo *repo, const struct sk_merge_wanted *wanted,
		     bool json, struct sk_err *err);

/*
 * End the merge that was interrupted, of this mission, where one is named; or
 * take it back. Print the answer. Return 0; -1, with SK_ENO when there is none,
 * or it is another's.
 */
int sk_merge_resume(struct sk_repo *repo, const char *handle, bool json,
		    struct sk_err *err);
int sk_merge_abort(struct sk_repo *repo, const char *handle, bool json,
		   struct sk_err *err);

#endif
