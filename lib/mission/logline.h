/* SPDX-License-Identifier: MIT */
/*
 * A transition as a line of an event log, byte for byte as spec-kitty writes
 * it: keys sorted, what is not there as null, everything in ASCII.
 */
#ifndef SK_MISSION_LOGLINE_H
#define SK_MISSION_LOGLINE_H

#include "format/jsonform.h"
#include "format/ulid.h"
#include "mission/lane.h"

/* One to be written; all but id and time is borrowed. */
struct sk_logline {
	char event_id[SK_ULID_LEN + 1];
	int64_t at_us;
	const char *mission_slug;
	const char *mission_id; /* NULL: the mission has none, nor the line */
	const char *wp_id;
	enum sk_lane from, to;	    /* from SK_LANE_NONE: null */
	const char *actor;	    /* NULL is null, as all that follows */
	const char *execution_mode; /* `worktree` or `direct_repo` */
	const char *reason;
	const char *review_ref;
	const struct sk_form *evidence;
	const struct sk_form *policy_metadata;
	const struct sk_form
		*review_result; /* NULL: the line has no such key */
	bool force;
};

/*
 * Give it an id of its own, and its time: that of the i-th of a batch is i
 * microseconds after the first, so that the order of times is theirs.
 */
void sk_logline_stamp(struct sk_logline *line, int64_t start_us, size_t i);

/* Append the line, with its end. */
void sk_logline_add(struct sk_str *out, const struct sk_logline *line);

#endif
