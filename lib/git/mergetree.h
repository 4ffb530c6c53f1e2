/* SPDX-License-Identifier: MIT */
/*
 * A merge of two commits that is nowhere but in the object database: by git's
 * own 'merge-tree --write-tree', so that renames, attributes, merge drivers and
 * the configuration count as for 'git merge'. Refs, index and the files of the
 * work tree are neither read nor written, but for this:
 *
 *	attributes	of `.gitattributes` git 2.39 reads those in the work
 *			tree of the place, committed or not, and none where it
 *			has none, as in a bare repository; never those of the
 *			commits or the index. `info/attributes` of the common
 *			folder, the user's and the system's always count.
 *	merge drivers	are run at the top of that work tree, in a bare
 *			repository in its folder. Git puts the versions there
 *			meanwhile, as `.merge_file_XXXXXX`. One that fails, or
 *			is killed, makes a conflict.
 *	submodules	are looked into where they are checked out.
 *
 * What a partial clone left out git fetches, as it does for 'git merge'.
 */
#ifndef SK_GIT_MERGETREE_H
#define SK_GIT_MERGETREE_H

#include "git/entries.h"
#include "git/version.h"

/* The first git that has 'merge-tree --write-tree' (its release notes). */
#define SK_GIT_WITH_MERGE_TREE                                                 \
	{                                                                      \
		2, 38                                                          \
	}

enum { SK_STAGE_BASE, SK_STAGE_OURS, SK_STAGE_THEIRS, SK_STAGES };

/* A path that git could not merge, as the index would have it. */
struct sk_merge_conflict {
	char *path;
	struct sk_entry stages[SK_STAGES]; /* mode 0: not there */
};

/* One of git's, about these paths. */
struct sk_merge_message {
	char *kind; /* "Auto-merging", "CONFLICT (contents)"; in English */
	char *text; /* in the user's language, may have several lines */
	char **paths;
	size_t path_count;
};

struct sk_merged_tree {
	char tree[SK_HEX_LEN + 1]; /* of a conflict, too: with its markers */
	struct sk_merge_conflict *conflicts; /* in order of path */
	size_t conflict_count, conflict_cap;
	struct sk_merge_message *messages; /* in order of path */
	size_t message_count, message_cap;
	struct sk_str said; /* on stderr, by git and by drivers */
};

#define SK_MERGED_TREE_INIT                                                    \
	{                                                                      \
		.said = SK_STR_INIT                                            \
	}

/*
 * Merge `theirs` into `ours`, both ids of commits, or revisions. *out is owned:
 * sk_merged_tree_free(). Runs git.
 *
 * Returns 0; 1 when there are conflicts; -1 with SK_EFAIL, in git's words or as
 * it is too old: without a common commit, an object is missing, the repository
 * cannot be written.
 */
int sk_merge_trees(struct sk_merged_tree *out, const struct sk_git_place *place,
		   const char *ours, const char *theirs,
		   struct sk_err *err) SK_NODISCARD;
void sk_merged_tree_free(struct sk_merged_tree *merged);

/* The conflict at that path; NULL: none is. Borrowed. */
const struct sk_merge_conflict *
sk_merged_tree_conflict(const struct sk_merged_tree *merged, const char *path);

/*
 * Strike out the conflict at that path, and the messages that call it one and
 * are about no other path: somebody else has merged it.
 */
void sk_merged_tree_settle(struct sk_merged_tree *merged, const char *path);

/* Add a conflict, which is copied, unless there is one at its path. */
void sk_merged_tree_unsettle(struct sk_merged_tree *merged,
			     const struct sk_merge_conflict *conflict);

#endif
