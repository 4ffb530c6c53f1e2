/* SPDX-License-Identifier: MIT */
#include "contract/collapse.h"

#include <assert.h>

static const char *const wire_names[] = {
	[SK_LANE_GENESIS] = "planned",	     [SK_LANE_PLANNED] = "planned",
	[SK_LANE_CLAIMED] = "doing",	     [SK_LANE_IN_PROGRESS] = "doing",
	[SK_LANE_FOR_REVIEW] = "for_review", [SK_LANE_IN_REVIEW] = "for_review",
	[SK_LANE_APPROVED] = "done",	     [SK_LANE_DONE] = "done",
	[SK_LANE_BLOCKED] = "doing",	     [SK_LANE_CANCELED] = "done",
};
static_assert(SK_COUNTOF(wire_names) == SK_LANE_COUNT, "one row a lane");

const char *sk_wire_lane(enum sk_lane lane)
{
	return wire_names[lane];
}
