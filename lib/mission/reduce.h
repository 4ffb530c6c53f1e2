/* SPDX-License-Identifier: MIT */
/*
 * Where the work packages of a mission stand, by its event log: the one answer
 * to it, for capture, status.json and all who ask.
 *
 * Of rows with the same id the first counts. The others are taken in order of
 * time and, at one time, of id; times are compared as such, however they are
 * written. The last row of a work package says where it stands, with one
 * exception: at one time a rollback, from for_review to in_progress with a
 * review_ref, stands above rows that are none.
 */
#ifndef SK_MISSION_REDUCE_H
#define SK_MISSION_REDUCE_H

#include "base/map.h"
#include "mission/eventlog.h"

struct sk_reduced_wp {
	const struct sk_log_row *row; /* the one it stands by */
	int64_t force_count;	      /* of its rows, how many were forced */
};

/* The rows are borrowed from the logs they were read into. */
struct sk_reduced {
	const struct sk_log_row **rows; /* each id once, in order of time */
	size_t count, cap;
	struct sk_reduced_wp *wps; /* in order of their first row */
	size_t wp_count, wp_cap;
	struct sk_map ids;   /* of the rows that were added */
	struct sk_map index; /* work package -> place in wps */
};

#define SK_REDUCED_INIT                                                        \
	{                                                                      \
		NULL, 0, 0, NULL, 0, 0, SK_MAP_INIT, SK_MAP_INIT               \
	}

/* Add the rows of a log, or of one more part of it, in the file's order. */
void sk_reduced_add(struct sk_reduced *state, const struct sk_log *log);

/* Work it out, when all are added. */
void sk_reduced_fold(struct sk_reduced *state);

/* One work package; NULL when it has no row. Borrowed. */
const struct sk_reduced_wp *sk_reduced_find(const struct sk_reduced *state,
					    const char *wp_id);

/*
 * The time for a new row: `now_us`, or behind all there are, so that it counts
 * also where another machine's clock is ahead.
 */
int64_t sk_reduced_next_us(const struct sk_reduced *state, int64_t now_us);

/* Release it; the rows are not its own. */
void sk_reduced_free(struct sk_reduced *state);

#endif
