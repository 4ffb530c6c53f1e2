/* SPDX-License-Identifier: MIT */
/* The lanes a work package can be in, by spec-kitty's names. */
#ifndef SK_MISSION_LANE_H
#define SK_MISSION_LANE_H

#include "base/base.h"

enum sk_lane {
	SK_LANE_NONE,	 /* no lane: the from side of a first transition */
	SK_LANE_GENESIS, /* before planned; in later logs, as a from side */
	SK_LANE_PLANNED,
	SK_LANE_CLAIMED,
	SK_LANE_IN_PROGRESS,
	SK_LANE_FOR_REVIEW,
	SK_LANE_IN_REVIEW,
	SK_LANE_APPROVED,
	SK_LANE_DONE,
	SK_LANE_BLOCKED,
	SK_LANE_CANCELED,
};
#define SK_LANE_COUNT (SK_LANE_CANCELED + 1)

/* The name in files; NULL for SK_LANE_NONE. */
const char *sk_lane_name(enum sk_lane lane);

/*
 * The lane of that exact name, or of the alias `doing`; SK_LANE_NONE when it
 * is none.
 */
enum sk_lane sk_lane_parse(const char *name);

/* Nothing follows it: done or canceled. */
bool sk_lane_is_terminal(enum sk_lane lane);

/* Work on it has begun: anything but none, genesis, planned and claimed. */
bool sk_lane_is_started(enum sk_lane lane);

#endif
