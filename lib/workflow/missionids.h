/* SPDX-License-Identifier: MIT */
/*
 * Ids for missions of releases that gave none, and numbers that are numbers.
 * An id that is there is never changed. A new one is made of what meta.json
 * says of the mission's beginning, its folder and its time, so that every
 * clone that makes it makes the same, and a plan is what is done.
 */
#ifndef SK_WORKFLOW_MISSIONIDS_H
#define SK_WORKFLOW_MISSIONIDS_H

#include "base/err.h"
#include "base/str.h"
#include "format/ulid.h"

enum sk_missionid_outcome {
	SK_MISSIONID_WROTE,
	SK_MISSIONID_SKIP, /* nothing is to be done */
	SK_MISSIONID_ERROR,
};

struct sk_missionid {
	char *slug; /* the folder below kitty-specs */
	enum sk_missionid_outcome outcome;
	char id[SK_ULID_LEN + 1];    /* that it has then; "" for none */
	char *why;		     /* not, or what is wrong; or NULL */
	struct sk_str before, after; /* meta.json */
};

struct sk_missionids {
	char *project;
	struct sk_missionid *items; /* by slug */
	size_t count, cap;
};

#define SK_MISSIONIDS_INIT                                                     \
	{                                                                      \
		NULL, NULL, 0, 0                                               \
	}

/*
 * Look at the meta.json of every mission in the work tree `project`; changes
 * nothing. *ids, empty before, is owned, also on failure:
 * sk_missionids_free(). Returns 0; -1 when the folders cannot be read.
 */
int sk_missionids_plan(struct sk_missionids *ids, const char *project,
		       struct sk_err *err) SK_NODISCARD;
void sk_missionids_free(struct sk_missionids *ids);

/*
 * Replace the files, each under the lock of its mission; one that somebody has
 * changed since is left, and has become an error. Returns 0 or -1.
 */
int sk_missionids_apply(struct sk_missionids *ids, const char *common_dir,
			struct sk_err *err) SK_NODISCARD;

/* How many have that outcome. */
size_t sk_missionids_count(const struct sk_missionids *ids,
			   enum sk_missionid_outcome outcome);

/* "wrote", "skip", "error"; borrowed for ever. */
const char *sk_missionid_outcome_name(enum sk_missionid_outcome outcome);

#endif
