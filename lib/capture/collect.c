/* SPDX-License-Identifier: MIT */
#include "capture/collect.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "capture/changes.h"
#include "git/tree.h"

#define MISSIONS_DIR "kitty-specs"

void sk_collection_free(struct sk_collection *collection)
{
	for (size_t i = 0; i < collection->event_count; i++)
		sk_draft_free(&collection->events[i].draft);
	for (size_t i = 0; i < collection->fault_count; i++) {
		free(collection->faults[i].path);
		free(collection->faults[i].reason);
	}
	free(collection->events);
	free(collection->faults);
	*collection = (struct sk_collection)SK_COLLECTION_INIT;
}

/* The tree of kitty-specs/ in a commit. Returns 0; 1 when it has none; -1. */
static int missions_tree(struct sk_oid *out, struct sk_repo *repo,
			 const struct sk_oid *root, struct sk_err *err)
{
	struct sk_tree_entry entry;
	int rc = sk_tree_find(repo, root, MISSIONS_DIR, &entry, err);

	if (rc != 0)
		return rc;
	*out = entry.id;
	return sk_tree_entry_is_dir(&entry) ? 0 : 1;
}

static int parent_tree(struct sk_oid *out, struct sk_repo *repo,
		       const struct sk_oid *id, struct sk_err *err)
{
	struct sk_commit *parent = NULL;
	int rc = sk_commit_read(&parent, repo, id, err);

	if (rc > 0)
		return sk_fail(err, SK_EDATA, "a parent commit is missing");
	if (rc == 0)
		rc = missions_tree(out, repo, &parent->tree, err);
	sk_commit_free(parent);
	return rc;
}

/*
 * Find the trees of kitty-specs/ on all sides. Returns 0; 1 when there is
 * nothing new, because the folder is not there or is that of a parent; -1.
 */
static int find_sides(struct sk_sides *sides, struct sk_repo *repo,
		      const struct sk_commit *commit, struct sk_err *err)
{
	int rc = missions_tree(&sides->now, repo, &commit->tree, err);

	sides->before = sk_calloc(commit->parent_count, sizeof(struct sk_oid));
	sides->has_before = sk_calloc(commit->parent_count, sizeof(bool));
	sides->count = commit->parent_count;
	for (size_t i = 0; i < commit->parent_count && rc == 0; i++) {
		rc = parent_tree(&sides->before[i], repo, &commit->parents[i],
				 err);
		sides->has_before[i] = rc == 0;
		if (rc == 0 && sk_oid_equal(&sides->before[i], &sides->now))
			return 1;
		if (rc == 1)
			rc = 0;
	}
	return rc;
}

int sk_collect(struct sk_collection *out, struct sk_repo *repo,
	       const struct sk_walk *walk, const struct sk_project_id *project,
	       struct sk_err *err)
{
	struct sk_changes changes = {.repo = repo,
				     .project = project,
				     .cache = sk_view_cache_new(),
				     .seen = SK_MAP_INIT,
				     .out = out};
	int rc = 0;

	*out = (struct sk_collection)SK_COLLECTION_INIT;
	for (size_t i = 0; i < walk->count && rc >= 0; i++) {
		const struct sk_commit *commit = walk->commits[i];
		struct sk_sides sides = {0};

		/* what it changed cannot be told: it is where we begin */
		if (commit->is_cut) {
			out->cut++;
			continue;
		}
		rc = find_sides(&sides, repo, commit, err);
		if (rc == 0)
			rc = sk_changes_of_commit(&changes, commit, &sides,
						  err);
		if (rc < 0) {
			char hex[SK_HEX_LEN + 1];

			sk_oid_hex(hex, &commit->id);
			sk_within(err, "commit %.12s", hex);
		}
		free(sides.before);
		free(sides.has_before);
	}
	sk_view_cache_free(changes.cache);
	sk_map_free(&changes.seen);
	if (rc < 0)
		sk_collection_free(out);
	return rc < 0 ? -1 : 0;
}
