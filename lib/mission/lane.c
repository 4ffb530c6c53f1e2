/* SPDX-License-Identifier: MIT */
#include "mission/lane.h"

#include <assert.h>
#include <string.h>

static const char *const names[] = {
	[SK_LANE_GENESIS] = "genesis",
	[SK_LANE_PLANNED] = "planned",
	[SK_LANE_CLAIMED] = "claimed",
	[SK_LANE_IN_PROGRESS] = "in_progress",
	[SK_LANE_FOR_REVIEW] = "for_review",
	[SK_LANE_IN_REVIEW] = "in_review",
	[SK_LANE_APPROVED] = "approved",
	[SK_LANE_DONE] = "done",
	[SK_LANE_BLOCKED] = "blocked",
	[SK_LANE_CANCELED] = "canceled",
};
static_assert(SK_COUNTOF(names) == SK_LANE_COUNT, "one name a lane");

const char *sk_lane_name(enum sk_lane lane)
{
	return names[lane];
}

enum sk_lane sk_lane_parse(const char *name)
{
	if (strcmp(name, "doing") == 0)
		return SK_LANE_IN_PROGRESS;
	for (enum sk_lane lane = SK_LANE_GENESIS; lane < SK_LANE_COUNT;
	     lane++) {
		if (strcmp(names[lane], name) == 0)
			return lane;
	}
	return SK_LANE_NONE;
}

bool sk_lane_is_terminal(enum sk_lane lane)
{
	return lane == SK_LANE_DONE || lane == SK_LANE_CANCELED;
}

bool sk_lane_is_started(enum sk_lane lane)
{
	return lane >= SK_LANE_IN_PROGRESS;
}
