/* SPDX-License-Identifier: MIT */
/*
 * From commits to events: what each commit of a walk says that none of its
 * parents said. A pure function of the commits: the same ones give the same
 * events, in whatever portions they are walked.
 */
#ifndef SK_CAPTURE_COLLECT_H
#define SK_CAPTURE_COLLECT_H

#include "capture/fault.h"
#include "contract/event.h"
#include "git/walk.h"

/* An event and the commit that made it. */
struct sk_found {
	struct sk_draft draft;
	char commit[SK_HEX_LEN + 1];
};

/* An object that a commit could not be read for; not there, or damaged. */
struct sk_missing {
	struct sk_oid commit;
	struct sk_oid object;
};

struct sk_collection {
	struct sk_found *events; /* oldest commit first; each id once */
	size_t event_count, event_cap;
	struct sk_fault *faults; /* each key once */
	size_t fault_count, fault_cap;
	struct sk_missing *missing; /* look at these commits again with them */
	size_t missing_count, missing_cap;
	struct sk_oid *late; /* commits with a log that is read later */
	size_t late_count, late_cap;
	size_t cut; /* commits whose parents this clone lacks: skipped */
};

#define SK_COLLECTION_INIT                                                     \
	{                                                                      \
		NULL, 0, 0, NULL, 0, 0, NULL, 0, 0, NULL, 0, 0, 0              \
	}

/* Where the missions are. */
#define SK_MISSIONS_DIR "kitty-specs"

/*
 * Collect from the commits of *walk, in their order. What of a commit cannot be
 * read, or is more than one commit may cost, is left out and named as a fault.
 * Unless `log_max` is 0, a mission that a log of more bytes decides about is
 * left out, too, and its commit is late.
 * Ids that stand in logs of the commits behind the walk are not new; with
 * `is_in_ledger` nobody looks there, since whoever asks drops what the ledger
 * has, and it has these. *out is owned: sk_collection_free(). Returns 0 or -1.
 */
int sk_collect(struct sk_collection *out, struct sk_repo *repo,
	       const struct sk_walk *walk, const struct sk_project_id *project,
	       bool is_in_ledger, size_t log_max,
	       struct sk_err *err) SK_NODISCARD;
void sk_collection_free(struct sk_collection *collection);

#endif
