/* SPDX-License-Identifier: MIT */
/*
 * lanes.json: the execution lanes of a mission. A lane is a branch and a
 * worktree for work packages that cannot be worked on side by side; those that
 * only plan share "lane-planning", which is the target branch itself. These
 * lanes have nothing to do with those of lane.h.
 */
#ifndef SK_MISSION_LANES_H
#define SK_MISSION_LANES_H

#include "base/words.h"
#include "format/jsonform.h"
#include "mission/faults.h"

#define SK_LANES_PLANNING "lane-planning"
#define SK_LANES_MAX	  26 /* they have letters */

/* The kinds of faults: code without owned files, and too many lanes. */
#define SK_FAULT_NO_OWNED_FILES "ownership_errors"
#define SK_FAULT_TOO_MANY_LANES "too_many_lanes"

/* One lane of a file; all borrowed from it. */
struct sk_work_lane {
	const char *id;
	struct sk_words wp_ids;
	struct sk_words depends_on;
	int64_t parallel_group;
};

struct sk_lanes {
	struct sk_form *form; /* all of it, owned */
	const char *mission_slug;
	const char *mission_id; /* the slug, when the file has none */
	const char *mission_branch;
	const char *target_branch;
	struct sk_work_lane *items;
	size_t len;
};

/*
 * Read the bytes of a lanes.json. *out is owned, sk_lanes_free() it whatever
 * this returned. Returns 0; -1 with SK_EDATA naming what is wrong: a file that
 * cannot be read is never one without lanes.
 */
int sk_lanes_read(struct sk_lanes *out, const char *data, size_t len,
		  struct sk_err *err) SK_NODISCARD;
void sk_lanes_free(struct sk_lanes *lanes);

/* The lane of a work package; borrowed. NULL when it is in none. */
const struct sk_work_lane *sk_lanes_find(const struct sk_lanes *lanes,
					 const char *wp_id);

/*
 * How a work package is worked on, as its event log calls it: "worktree", or
 * "direct_repo" in the planning lane or none. Borrowed for ever.
 */
const char *sk_lanes_mode(const struct sk_lanes *lanes, const char *wp_id);

/* A work package to be put into a lane; all borrowed. */
struct sk_lane_wp {
	const char *id;
	bool is_planning;
	const struct sk_words *owned_files;
	const struct sk_words *dependencies;
	const struct sk_words
		*surfaces; /* what it touches, in words; or NULL */
};

struct sk_lane_plan {
	const char *mission_slug;
	const char *mission_id; /* NULL: the slug */
	const char *target_branch;
	const char *computed_at;
	const struct sk_lane_wp *wps;
	size_t len;
	/* put what depends on each other into one lane, as was done until
	 * April 2026, instead of letting lanes depend on each other */
	bool joins_dependents;
};

/*
 * Compute the lanes: work packages whose owned files overlap share one. *out is
 * what the file shall hold, owned: sk_form_free(). Returns 0; 1 when faults
 * were appended instead.
 */
int sk_lanes_make(struct sk_form **out, const struct sk_lane_plan *plan,
		  struct sk_faults *faults) SK_NODISCARD;

/* Append the bytes of the file. */
void sk_lanes_add(struct sk_str *out, const struct sk_form *form);

#endif
