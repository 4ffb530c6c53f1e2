/* SPDX-License-Identifier: MIT */
#include "capture/collect.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "capture/delta.h"
#include "git/tree.h"

void sk_collection_free(struct sk_collection *collection)
{
	for (size_t i = 0; i < collection->event_count; i++)
		sk_draft_free(&collection->events[i].draft);
	for (size_t i = 0; i < collection->fault_count; i++)
		sk_fault_free(&collection->faults[i]);
	free(collection->late);
	free(collection->missing);
	free(collection->events);
	free(collection->faults);
	*collection = (struct sk_collection)SK_COLLECTION_INIT;
}

/* The tree of kitty-specs/ in a commit. Returns 0; 1 when it has none; -1. */
static int missions_tree(struct sk_oid *out, struct sk_reader *reader,
			 const struct sk_oid *root, struct sk_err *err)
{
	struct sk_tree_entry entry;
	int rc = sk_reader_find(reader, root, SK_MISSIONS_DIR, &entry, err);

	if (rc != 0)
		return rc;
	*out = entry.id;
	return sk_tree_entry_is_dir(&entry) ? 0 : 1;
}

static int parent_tree(struct sk_oid *out, struct sk_reader *reader,
		       const struct sk_oid *id, struct sk_err *err)
{
	struct sk_commit *parent = NULL;
	int rc = sk_commit_read(&parent, reader->repo, id, err);

	if (rc > 0)
		sk_fail(err, SK_EDATA, "a parent commit is missing");
	if (rc != 0)
		return sk_reader_stop(
			reader, rc > 0 ? SK_STOP_MISSING : SK_STOP_DAMAGED, id);
	rc = missions_tree(out, reader, &parent->tree, err);
	sk_commit_free(parent);
	return rc;
}

/* A walk under way. */
struct run {
	struct sk_changes changes;
	struct sk_map walked; /* raw ids of its commits */
	bool is_in_ledger;    /* nobody has to know what is outside of it */
	size_t log_max;
};

static bool is_walked(const struct run *run, const struct sk_oid *id)
{
	return sk_map_get(&run->walked, (const char *)id->id, SK_OID_LEN);
}

/*
 * Find the trees of kitty-specs/ on all sides. Returns 0; 1 when there is
 * nothing new, because the folder is not there or is that of a parent; -1.
 */
static int find_sides(struct sk_sides *sides, struct run *run,
		      const struct sk_commit *commit, struct sk_err *err)
{
	struct sk_reader *reader = &run->changes.reader;
	bool is_old = false;
	int rc = missions_tree(&sides->now, reader, &commit->tree, err);

	sides->before = sk_calloc(commit->parent_count, sizeof(struct sk_oid));
	sides->has_before = sk_calloc(commit->parent_count, sizeof(bool));
	sides->count = commit->parent_count;
	for (size_t i = 0; i < commit->parent_count && rc == 0; i++) {
		rc = parent_tree(&sides->before[i], reader, &commit->parents[i],
				 err);
		sides->has_before[i] = rc == 0;
		if (rc == 0 && !run->is_in_ledger &&
		    !is_walked(run, &commit->parents[i]))
			sk_known_add(&run->changes.known, &sides->before[i]);
		is_old |=
			rc == 0 && sk_oid_equal(&sides->before[i], &sides->now);
		if (rc == 1)
			rc = 0;
	}
	return rc == 0 ? is_old : rc;
}

/* What it changed cannot be told: it is where we begin. */
static void begin_at(struct run *run, const struct sk_commit *commit)
{
	struct sk_err ignored = {0};
	struct sk_oid tree;

	run->changes.out->cut++;
	if (!run->is_in_ledger && missions_tree(&tree, &run->changes.reader,
						&commit->tree, &ignored) == 0)
		sk_known_add(&run->changes.known, &tree);
}

static int collect_commit(struct run *run, struct sk_repo *repo,
			  const struct sk_commit *commit, struct sk_err *err)
{
	struct sk_sides sides = {0};
	int rc = 1;

	sk_reader_start(&run->changes.reader, repo, run->log_max);
	if (commit->is_cut)
		begin_at(run, commit);
	else
		rc = find_sides(&sides, run, commit, err);
	if (rc == 0)
		rc = sk_changes_of_commit(&run->changes, commit, &sides, err);
	if (rc < 0)
		rc = sk_delta_leave_out(&run->changes, &commit->id, &commit->id,
					SK_MISSIONS_DIR, err);
	free(sides.before);
	free(sides.has_before);
	return rc;
}

int sk_collect(struct sk_collection *out, struct sk_repo *repo,
	       const struct sk_walk *walk, const struct sk_project_id *project,
	       bool is_in_ledger, size_t log_max, struct sk_err *err)
{
	struct run run = {.changes = {.project = project,
				      .cache = sk_view_cache_new(),
				      .versions = sk_versions_new(),
				      .seen = SK_MAP_INIT,
				      .out = out},
			  .walked = SK_MAP_INIT,
			  .is_in_ledger = is_in_ledger,
			  .log_max = log_max};
	int rc = 0;

	*out = (struct sk_collection)SK_COLLECTION_INIT;
	/* all of them first: those of notes come in any order */
	for (size_t i = 0; i < walk->count; i++)
		sk_map_add(&run.walked, (const char *)walk->commits[i]->id.id,
			   SK_OID_LEN, 1, NULL);
	for (size_t i = 0; i < walk->count && rc >= 0; i++) {
		rc = collect_commit(&run, repo, walk->commits[i], err);
		if (rc < 0) {
			char hex[SK_HEX_LEN + 1];

			sk_oid_hex(hex, &walk->commits[i]->id);
			sk_within(err, "commit %.12s", hex);
		}
	}
	sk_view_cache_free(run.changes.cache);
	sk_versions_free(run.changes.versions);
	sk_known_free(&run.changes.known);
	sk_map_free(&run.changes.seen);
	sk_map_free(&run.walked);
	if (rc < 0)
		sk_collection_free(out);
	return rc < 0 ? -1 : 0;
}
