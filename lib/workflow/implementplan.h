/* SPDX-License-Identifier: MIT */
/* Inside lib/workflow: what goes before the start of a work package. */
#ifndef SK_WORKFLOW_IMPLEMENTPLAN_H
#define SK_WORKFLOW_IMPLEMENTPLAN_H

#include "workflow/implement.h"

/*
 * Find the work package's file and its lane, as they are committed, and check
 * that it may be started. Changes nothing. Returns 0 or -1.
 */
int sk_implement_plan(struct sk_implement *im, struct sk_err *err) SK_NODISCARD;

/*
 * Have the folder to work in: the worktree of the lane, which is made or used
 * again. Does nothing the second time. Returns 0 or -1, with nothing left of
 * ours.
 */
int sk_implement_make_place(struct sk_implement *im,
			    struct sk_err *err) SK_NODISCARD;

/* Release what the plan has found, to be found again. */
void sk_implement_forget(struct sk_implement *im);

#endif
