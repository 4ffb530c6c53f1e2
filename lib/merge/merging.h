/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/merge: a merge under way, between what git made of it and the tree
 * that has the logs and the status.json of ours.
 */
#ifndef SK_MERGE_MERGING_H
#define SK_MERGE_MERGING_H

#include "git/treewrite.h"
#include "merge/bothsides.h"
#include "merge/driver.h"
#include "merge/merge.h"

#define SK_MERGE_META "meta.json"

struct sk_merging {
	struct sk_merge *out;
	struct sk_repo *repo;
	const struct sk_git_place *place;
	struct sk_boths boths;
	struct sk_git_args folders; /* owned; of the missions of `boths`, each
				       with a slash behind */
	struct sk_drivers drivers;
	struct sk_entries entries; /* of git's tree, at paths of missions */
	struct sk_tree_put *puts;  /* the paths are owned */
	size_t put_count, put_cap;
};

/* Append the blob. Returns 0; 1 when it is longer than a log may be; -1. */
int sk_merging_read(struct sk_str *out, struct sk_merging *m, const char *id,
		    struct sk_err *err) SK_NODISCARD;

/* Have the tree have these bytes at `path`. Returns 0 or -1. */
int sk_merging_put(struct sk_merging *m, const char *path,
		   const struct sk_str *text, struct sk_err *err) SK_NODISCARD;

/* Say what became of a file. */
void sk_merging_tell(struct sk_merging *m, const char *path,
		     enum sk_merge_made made);

/*
 * What the tree has at `path`, by now; mode 0: nothing. Borrowed until the next
 * put.
 */
const struct sk_entry *sk_merging_entry(const struct sk_merging *m,
					const char *path);

/* What is there is a merge: no conflict any more, unless for the modes. */
void sk_merging_settle(struct sk_merging *m, const char *path);

/* Make status.json anew in the folder of each mission that both sides changed
 * the log or status.json of, the logs being merged. Returns 0 or -1. */
int sk_merging_statuses(struct sk_merging *m, struct sk_err *err) SK_NODISCARD;

#endif
