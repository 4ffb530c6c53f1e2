/* SPDX-License-Identifier: MIT */
/*
 * From commits to events: what each commit of a walk says that none of its
 * parents said. A pure function of the commits: the same ones give the same
 * events, in whatever portions they are walked.
 */
#ifndef SK_CAPTURE_COLLECT_H
#define SK_CAPTURE_COLLECT_H

#include "contract/event.h"
#include "git/walk.h"

/* An event and the commit that made it. */
struct sk_found {
	struct sk_draft draft;
	char commit[SK_HEX_LEN + 1];
};

/* A line of an event log that cannot be read. */
struct sk_fault {
	char commit[SK_HEX_LEN + 1];
	char *path;
	size_t line;
	char *reason;
};

struct sk_collection {
	struct sk_found *events; /* oldest commit first; each id once */
	size_t event_count, event_cap;
	struct sk_fault *faults;
	size_t fault_count, fault_cap;
	size_t cut; /* commits whose parents this clone lacks: skipped */
};

#define SK_COLLECTION_INIT                                                     \
	{                                                                      \
		NULL, 0, 0, NULL, 0, 0, 0                                      \
	}

/*
 * Collect from the commits of *walk, in their order. *out is owned:
 * sk_collection_free(). Returns 0; -1 when an object is missing or damaged.
 */
int sk_collect(struct sk_collection *out, struct sk_repo *repo,
	       const struct sk_walk *walk, const struct sk_project_id *project,
	       struct sk_err *err) SK_NODISCARD;
void sk_collection_free(struct sk_collection *collection);

#endif
