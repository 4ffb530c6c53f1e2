/* SPDX-License-Identifier: MIT */
/* The hooks of lanes, which a clone wants from its first lane on. */
#ifndef SK_SETUP_LANEHOOKS_H
#define SK_SETUP_LANEHOOKS_H

#include "base/err.h"
#include "base/str.h"

/*
 * Install those that are missing in the clone here, the way its others were;
 * nothing else is repaired. Sets *where to the file or folder they are in now.
 * Returns 0; 1 when there is nothing to do, or somebody adds lines by hand or
 * has hooks in one worktree alone; -1 as sk_setup_plan_install() and
 * sk_setup_apply().
 */
int sk_lane_hooks_install(struct sk_str *where,
			  struct sk_err *err) SK_NODISCARD;

#endif
