/* SPDX-License-Identifier: MIT */
/* Which mission somebody means, and which branches are of one. */
#ifndef SK_WORKFLOW_HANDLE_H
#define SK_WORKFLOW_HANDLE_H

#include "workflow/missions.h"

/*
 * The mission of that handle: its folder's name, its mission_id or the first 8
 * characters of it, the name without the number in front or without those 8
 * characters at its end, or that number.
 * Reads meta.json only when it may be an id. Borrowed from `all`.
 * Returns 0; -1 when there is none, or more than one, which are named.
 */
int sk_mission_resolve(struct sk_mission **out, struct sk_missions *all,
		       const char *handle, struct sk_err *err) SK_NODISCARD;

/*
 * The mission that is meant where nobody names one: that of the branch here,
 * of a lane or its own, else the only one there is, or that is not finished.
 * Reads the missions for that. Borrowed from `all`. Returns 0; -1 with
 * SK_EUSAGE when that is none, or more than one, which are named; -1 with
 * another code when there is no mission at all.
 */
int sk_mission_here(struct sk_mission **out, struct sk_missions *all,
		    struct sk_err *err) SK_NODISCARD;

/* A branch of a lane or, in older releases, of one work package. */
bool sk_branch_is_lane(const char *branch);

/* The branch that carries a mission under way, "kitty/mission-<slug>". */
bool sk_branch_is_of_mission(const char *branch, const char *slug);

#endif
