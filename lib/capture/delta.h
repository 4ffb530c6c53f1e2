/* SPDX-License-Identifier: MIT */
/*
 * One mission in one commit: what changes.c and milestones.c both look at, and
 * how they put events out.
 */
#ifndef SK_CAPTURE_DELTA_H
#define SK_CAPTURE_DELTA_H

#include "capture/changes.h"

/* One commit being looked at. */
struct sk_delta {
	struct sk_changes *changes;
	const struct sk_commit *commit;
	const struct sk_sides *sides;
	char hex[SK_HEX_LEN + 1];
	struct sk_str author;		   /* read when first asked for */
	const struct sk_view_log **others; /* all logs of all parents */
	size_t other_count, other_cap;
	bool has_others; /* `others` is filled */
	struct sk_err *err;
};

/* One mission in that commit. */
struct sk_change {
	struct sk_delta *delta;
	const char *mission; /* name of its folder */
	struct sk_view now;
	struct sk_view *before; /* one for each parent */
	const struct sk_view_log *log;
	const struct sk_view_log **logs_before;
	struct sk_wp_list wps;
	struct sk_wp_list *wps_before;
	struct sk_mission_fact fact;
	struct sk_str mission_key; /* keeps fact.mission_key */
};

/* The commit's author time, microseconds. */
int64_t sk_delta_author_us(const struct sk_delta *delta);

/* Make sure that delta->author is read. Returns 0 or -1. */
int sk_delta_get_author(struct sk_delta *delta) SK_NODISCARD;

/* Put an event out, unless this walk has it already. Takes the draft. */
void sk_delta_put(struct sk_delta *delta, struct sk_draft *draft);

/*
 * Put out the milestones that files tell of: the mission has begun, it has its
 * spec, plan and tasks. Reads meta.json. Returns 0 or -1.
 */
int sk_milestones_of_files(struct sk_change *change) SK_NODISCARD;

/*
 * Put out those that lanes tell of: work has begun, review has begun, all is
 * done. Comes after sk_milestones_of_files().
 */
void sk_milestones_of_lanes(struct sk_change *change);

#endif
