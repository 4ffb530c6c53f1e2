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
	struct sk_str author; /* read when first asked for */
	struct sk_err *err;
};

/* A mission in the commit, or in one of its parents. */
struct sk_side {
	struct sk_view view;
	struct sk_version *log; /* NULL when it has none */
	struct sk_wp_list wps;	/* read when first asked for */
	bool has_wps;
};

/* One mission in that commit. */
struct sk_change {
	struct sk_delta *delta;
	const char *mission; /* name of its folder */
	struct sk_side now;
	struct sk_side *before;	     /* one for each parent */
	const struct sk_side *read;  /* what was read last */
	struct sk_mission_fact fact; /* filled when first asked for */
	struct sk_str mission_key;   /* keeps fact.mission_key */
};

/*
 * The commit's author time, microseconds, within the years 1970 to 9999: what
 * lies outside is told as the nearest that has a text.
 */
int64_t sk_delta_author_us(const struct sk_delta *delta);

/* Make sure that delta->author is read. Returns 0 or -1. */
int sk_delta_get_author(struct sk_delta *delta) SK_NODISCARD;

/* Whether the log decides: files speak where it is absent or empty. */
bool sk_side_has_log(const struct sk_side *side);

/* Make sure that side->wps is read. Returns 0 or -1. */
int sk_side_get_wps(struct sk_change *change,
		    struct sk_side *side) SK_NODISCARD;

/* Put an event out, unless this walk has it already. Takes the draft. */
void sk_delta_put(struct sk_delta *delta, struct sk_draft *draft);

/* Add a fault, unless this walk has one with its key; all is copied. */
void sk_delta_add_fault(struct sk_changes *changes,
			const struct sk_fault *fault);

/*
 * Reading `path` for a commit has stopped with *err, at what the commit `in`
 * has there (this one or a parent): name it, and what is missing, and forget
 * it. A late log makes the commit late, and is nothing to name. Returns 0; -1
 * when that is not what went wrong.
 */
int sk_delta_leave_out(struct sk_changes *changes, const struct sk_oid *commit,
		       const struct sk_oid *in, const char *path,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Put out the milestones that files tell of: the mission has begun, it has its
 * spec, plan and tasks. Returns 0 or -1.
 */
int sk_milestones_of_files(struct sk_change *change) SK_NODISCARD;

/*
 * Put out those that lanes tell of: work has begun, review has begun, all is
 * done. Returns 0 or -1.
 */
int sk_milestones_of_lanes(struct sk_change *change) SK_NODISCARD;

#endif
