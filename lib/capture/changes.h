/* SPDX-License-Identifier: MIT */
/*
 * What one commit says of its missions that no parent says. The inner part of
 * collect.h, which walks the commits.
 */
#ifndef SK_CAPTURE_CHANGES_H
#define SK_CAPTURE_CHANGES_H

#include "base/map.h"
#include "capture/collect.h"
#include "capture/known.h"
#include "capture/version.h"
#include "capture/view.h"

/* The trees of kitty-specs/ in a commit and in each of its parents. */
struct sk_sides {
	struct sk_oid now;
	struct sk_oid *before;
	bool *has_before; /* false: that parent has no such folder */
	size_t count;	  /* of parents */
};

/* What goes from commit to commit of one walk. */
struct sk_changes {
	struct sk_reader reader; /* of the commit at hand */
	const struct sk_project_id *project;
	struct sk_view_cache *cache;
	struct sk_versions *versions;
	struct sk_known known; /* from outside of the walk */
	struct sk_map seen; /* ids of events and keys of faults found so far */
	struct sk_collection *out;
};

/*
 * Add what is new in `commit` to changes->out; the reader was begun with it.
 * What cannot be read is left out and named there. Returns 0 or -1.
 */
int sk_changes_of_commit(struct sk_changes *changes,
			 const struct sk_commit *commit,
			 const struct sk_sides *sides,
			 struct sk_err *err) SK_NODISCARD;

#endif
