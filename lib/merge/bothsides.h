/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/merge: which event logs and status.json of missions both sides of
 * a merge have changed since the commits that they have in common, followed to
 * where their mission's folder has moved.
 */
#ifndef SK_MERGE_BOTHSIDES_H
#define SK_MERGE_BOTHSIDES_H

#include "git/entries.h"
#include "git/repo.h"

/* A file; each is there on both sides, and is not the same. */
struct sk_both {
	char *path;  /* where it is in the merge */
	char *other; /* and on the side that has not moved it; NULL: there */
	struct sk_entry ours, theirs;
	struct sk_entry *bases; /* each version once; none: both added it */
	size_t base_count, base_cap;
	bool is_log; /* else a status.json */
	bool is_changed_here, is_changed_there, has_no_place;
};

struct sk_boths {
	struct sk_map pairs; /* of paths, ours and theirs */
	struct sk_both *items;
	size_t count, cap;
};

/*
 * Find them for two commits, by git's own detection of renames. What one side
 * removed, moved alone or left as it was is none, nor is what both moved, but
 * not to the same place. *out is owned: sk_boths_free(). Runs git, for each
 * common commit of which both have changed kitty-specs/ twice. Returns 0 or -1.
 */
int sk_boths_find(struct sk_boths *out, struct sk_repo *repo,
		  const struct sk_git_place *place, const char *ours,
		  const char *theirs, struct sk_err *err) SK_NODISCARD;
void sk_boths_free(struct sk_boths *boths);

#endif
