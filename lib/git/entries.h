/* SPDX-License-Identifier: MIT */
/*
 * What a tree or an index has at some paths, as git tells it: modes and ids,
 * by name. Paths are bytes between slashes, from the top of the work tree.
 */
#ifndef SK_GIT_ENTRIES_H
#define SK_GIT_ENTRIES_H

#include "base/map.h"
#include "git/oid.h"
#include "git/run.h"

struct sk_entry {
	unsigned mode;		 /* as git has it, 0100644; 0: nothing there */
	char id[SK_HEX_LEN + 1]; /* "" then */
	bool is_skipped;	 /* of an index: not in the work tree */
	bool is_unmerged;	 /* of an index: a conflict */
};

struct sk_entries {
	struct sk_map names;
	struct sk_entry *items;
	size_t count, cap;
};

/*
 * Add what `tree`, a commit or tree, has at these paths. `paths` is ended by
 * NULL, or NULL for no path in particular; a folder counts as one entry. Runs
 * git. Returns 0 or -1.
 */
int sk_entries_of_tree(struct sk_entries *out, const struct sk_git_place *place,
		       const char *tree, const char *const paths[],
		       struct sk_err *err) SK_NODISCARD;

/* The same of the place's index. Returns 0 or -1. */
int sk_entries_of_index(struct sk_entries *out,
			const struct sk_git_place *place,
			const char *const paths[],
			struct sk_err *err) SK_NODISCARD;

/* Never NULL: what is not there has mode 0. Borrowed until the next add. */
const struct sk_entry *sk_entries_get(const struct sk_entries *entries,
				      const char *path);
void sk_entries_free(struct sk_entries *entries);

/* Whether both are the same file, or nothing. */
bool sk_entry_equal(const struct sk_entry *a, const struct sk_entry *b);

/* Append what 'git update-index -z --index-info' takes to put it at `path`. */
void sk_entry_add_info(struct sk_str *out, const struct sk_entry *entry,
		       const char *path, bool is_sha256);

#endif
