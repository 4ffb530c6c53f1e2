/* SPDX-License-Identifier: MIT */
#include "capture/twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "capture/collect.h"
#include "capture/version.h"
#include "capture/view.h"

/* Going through the logs. */
struct search {
	struct sk_twins *twins;
	struct sk_versions *versions;
	struct sk_reader reader;
	struct sk_map ids;  /* -> the mission it was last seen in */
	struct sk_map same; /* those seen in two -> place in twins */
	char **missions;
	size_t count, cap;
};

static void add_mission_name(struct sk_twin *twin, const char *mission)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_addf(&text, "%s, %s", twin->missions, mission);
	free(twin->missions);
	twin->missions = sk_str_take(&text);
}

/* An id that another mission has, too. */
static void add_twin(struct search *search, const char *id, int64_t first)
{
	struct sk_twins *twins = search->twins;
	struct sk_twin *twin;
	bool added;
	int64_t *at = sk_map_add(&search->same, id, strlen(id),
				 (int64_t)twins->count, &added);

	if (added) {
		SK_GROW(twins->items, twins->count, twins->cap);
		twin = &twins->items[twins->count++];
		memcpy(twin->event_id, id, strlen(id) + 1);
		twin->missions = sk_strdup(search->missions[first]);
	}
	add_mission_name(&twins->items[*at],
			 search->missions[search->count - 1]);
}

static int look_at_rows(void *ctx, const struct sk_version *part)
{
	struct search *search = ctx;
	int64_t here = (int64_t)search->count - 1;

	for (size_t i = 0; i < part->own.row_count; i++) {
		const char *id = part->own.rows[i].event_id;
		bool added;
		int64_t *at =
			sk_map_add(&search->ids, id, strlen(id), here, &added);

		if (!added && *at != here) {
			add_twin(search, id, *at);
			*at = here; /* twice in this one is once */
		}
	}
	return 0;
}

static int look_at_mission(void *ctx, const struct sk_tree_entry *entry)
{
	struct search *search = ctx;
	struct sk_version *log;
	struct sk_err ignored = {0};
	struct sk_view view;

	if (!sk_tree_entry_is_dir(entry) ||
	    sk_view_read(&view, &search->reader, &entry->id, &ignored) < 0 ||
	    !view.has_log ||
	    sk_version_get(&log, search->versions, &search->reader, &view.log,
			   NULL, 0, &ignored) < 0)
		return sk_reader_is_spent(&search->reader);
	SK_GROW(search->missions, search->count, search->cap);
	search->missions[search->count++] = sk_strdup(entry->name);
	return sk_version_each(log, NULL, look_at_rows, search);
}

int sk_twins_find(struct sk_twins *out, struct sk_repo *repo,
		  struct sk_err *err)
{
	struct search search = {.twins = out, .versions = sk_versions_new()};
	struct sk_str ref = SK_STR_INIT;
	struct sk_commit *commit = NULL;
	struct sk_tree_entry entry;
	struct sk_oid head;
	int rc;

	*out = (struct sk_twins){0};
	sk_reader_start(&search.reader, repo, 0);
	rc = sk_repo_head(repo, &head, &ref, err);
	if (rc == 0)
		rc = sk_commit_read(&commit, repo, &head, err);
	if (rc == 0)
		rc = sk_reader_find(&search.reader, &commit->tree,
				    SK_MISSIONS_DIR, &entry, err);
	if (rc == 0 && sk_tree_entry_is_dir(&entry))
		rc = sk_reader_tree(&search.reader, &entry.id, look_at_mission,
				    &search, err);
	for (size_t i = 0; i < search.count; i++)
		free(search.missions[i]);
	free(search.missions);
	sk_map_free(&search.same);
	sk_map_free(&search.ids);
	sk_versions_free(search.versions);
	sk_commit_free(commit);
	sk_str_free(&ref);
	return rc < 0 ? -1 : 0;
}

void sk_twins_free(struct sk_twins *twins)
{
	for (size_t i = 0; i < twins->count; i++)
		free(twins->items[i].missions);
	free(twins->items);
	*twins = (struct sk_twins){0};
}
