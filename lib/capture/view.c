/* SPDX-License-Identifier: MIT */
#include "capture/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/eventlog.h"

enum {
	CACHE_FILES = 65536,
	TASKS_DEPTH = 16,      /* folders below tasks/ that are looked into */
	TASKS_PATHS = 1000000, /* in tasks/, folders that repeat included */
};

struct sk_view_cache {
	struct sk_map file_index; /* raw blob id -> place in files */
	struct sk_wp_file *files;
	size_t file_count, file_cap;
};

struct sk_view_cache *sk_view_cache_new(void)
{
	return sk_calloc(1, sizeof(struct sk_view_cache));
}

void sk_view_cache_free(struct sk_view_cache *cache)
{
	if (!cache)
		return;
	sk_map_free(&cache->file_index);
	free(cache->files);
	free(cache);
}

void sk_view_cache_trim(struct sk_view_cache *cache)
{
	if (cache->file_count > CACHE_FILES) {
		cache->file_count = 0;
		sk_map_free(&cache->file_index);
	}
}

static int view_entry(void *ctx, const struct sk_tree_entry *entry)
{
	struct sk_view *view = ctx;
	struct {
		const char *name;
		bool *has;
		struct sk_oid *id;
	} files[] = {
		{"meta.json", &view->has_meta, &view->meta},
		{SK_EVENT_LOG_NAME, &view->has_log, &view->log},
		{"spec.md", &view->has_spec, NULL},
		{"plan.md", &view->has_plan, NULL},
		{"tasks.md", &view->has_tasks_md, NULL},
	};

	if (sk_tree_entry_is_dir(entry) && strcmp(entry->name, "tasks") == 0) {
		view->has_tasks = true;
		view->tasks = entry->id;
	}
	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		if (!sk_tree_entry_is_file(entry) ||
		    strcmp(entry->name, files[i].name) != 0)
			continue;
		*files[i].has = true;
		if (files[i].id)
			*files[i].id = entry->id;
	}
	return 0;
}

int sk_view_read(struct sk_view *view, struct sk_reader *reader,
		 const struct sk_oid *tree, struct sk_err *err)
{
	*view = (struct sk_view){0};
	return sk_reader_tree(reader, tree, view_entry, view, err);
}

void sk_wp_list_free(struct sk_wp_list *list)
{
	sk_map_free(&list->index);
	free(list->items);
	*list = (struct sk_wp_list){0};
}

/* Reading tasks/: what all of its folders share. */
struct scan {
	struct sk_view_cache *cache;
	struct sk_reader *reader;
	struct sk_wp_list *list;
	struct sk_view_deep *deep;
	struct sk_map seen; /* folders that were read -> paths in them */
	int64_t paths;
	struct sk_err *err;
};

/* One of them. */
struct folder {
	struct scan *scan;
	const struct folder *up;
	const char *name;
	const struct sk_oid *tree;
	enum sk_lane lane; /* of the 0.x layout */
	int depth;
};

static int get_file(struct sk_wp_file *out, struct scan *scan,
		    const struct sk_oid *id)
{
	struct sk_view_cache *cache = scan->cache;
	const char *key = (const char *)id->id;
	int64_t *at = sk_map_get(&cache->file_index, key, SK_OID_LEN);
	struct sk_raw raw;

	if (!at) {
		if (sk_reader_blob(scan->reader, id, &raw, scan->err) < 0)
			return -1;
		at = sk_map_add(&cache->file_index, key, SK_OID_LEN,
				(int64_t)cache->file_count, NULL);
		SK_GROW(cache->files, cache->file_count, cache->file_cap);
		sk_wp_file_read(&cache->files[cache->file_count++], raw.data,
				raw.len);
		sk_raw_release(&raw);
	}
	*out = cache->files[*at];
	return 0;
}

static void add_wp(struct sk_wp_list *list, const char *id, enum sk_lane lane)
{
	struct sk_wp_state *state;
	bool added;
	int64_t *at = sk_map_add(&list->index, id, strlen(id),
				 (int64_t)list->count, &added);

	if (added) {
		SK_GROW(list->items, list->count, list->cap);
		state = &list->items[list->count++];
		*state = (struct sk_wp_state){.lane = SK_LANE_NONE};
		/* both are SK_WP_ID_MAX long */
		memcpy(state->id, id, strlen(id) + 1);
	}
	state = &list->items[*at];
	if (state->lane == SK_LANE_NONE)
		state->lane = lane;
}

static void add_path(struct sk_str *out, const struct folder *folder)
{
	if (folder->up)
		add_path(out, folder->up);
	sk_str_addf(out, "%s/", folder->name);
}

static void note_deep(const struct folder *up,
		      const struct sk_tree_entry *entry)
{
	struct sk_view_deep *deep = up->scan->deep;

	if (!deep || deep->is_set)
		return;
	deep->is_set = true;
	deep->tree = entry->id;
	add_path(&deep->path, up);
	sk_str_puts(&deep->path, entry->name);
}

/* Count what is below a folder. Returns 0; -1 when it is too much. */
static int count_paths(struct scan *scan, int64_t paths,
		       const struct sk_oid *tree)
{
	scan->paths += paths;
	if (scan->paths <= TASKS_PATHS)
		return 0;
	sk_fail(scan->err, SK_EDATA, "more than %d paths in tasks/",
		TASKS_PATHS);
	return sk_reader_stop(scan->reader, SK_STOP_LIMIT, tree);
}

static int scan_entry(void *ctx, const struct sk_tree_entry *entry);

/*
 * What a folder says depends on itself, the lane of its place and the depth
 * alone, and the first to say something counts: once is enough.
 */
static int scan_folder(struct folder *folder)
{
	struct scan *scan = folder->scan;
	char key[SK_OID_LEN + 2];
	int64_t *known, before = scan->paths;
	int rc;

	memcpy(key, folder->tree->id, SK_OID_LEN);
	key[SK_OID_LEN] = (char)folder->lane;
	key[SK_OID_LEN + 1] = (char)folder->depth;
	known = sk_map_get(&scan->seen, key, sizeof(key));
	if (known)
		return count_paths(scan, *known, folder->tree);
	rc = sk_reader_tree(scan->reader, folder->tree, scan_entry, folder,
			    scan->err);
	if (rc == 0)
		sk_map_add(&scan->seen, key, sizeof(key), scan->paths - before,
			   NULL);
	return rc;
}

static int scan_entry(void *ctx, const struct sk_tree_entry *entry)
{
	const struct folder *up = ctx;
	struct folder below = {up->scan,   up,	     entry->name,
			       &entry->id, up->lane, up->depth + 1};
	struct sk_wp_file file;
	char id[SK_WP_ID_MAX];

	if (count_paths(up->scan, 1, up->tree) < 0)
		return -1;
	if (sk_tree_entry_is_dir(entry)) {
		if (up->depth == TASKS_DEPTH) {
			note_deep(up, entry);
			return 0;
		}
		if (up->depth == 0)
			below.lane = sk_wp_folder_lane(entry->name);
		return scan_folder(&below);
	}
	if (!sk_tree_entry_is_file(entry) || !sk_wp_name_id(id, entry->name))
		return 0;
	if (get_file(&file, up->scan, &entry->id) < 0)
		return -1;
	add_wp(up->scan->list, file.id[0] ? file.id : id,
	       file.lane != SK_LANE_NONE ? file.lane : up->lane);
	return 0;
}

int sk_view_get_wps(struct sk_wp_list *list, struct sk_view_cache *cache,
		    struct sk_reader *reader, const struct sk_view *view,
		    struct sk_view_deep *deep, struct sk_err *err)
{
	struct scan scan = {.cache = cache,
			    .reader = reader,
			    .list = list,
			    .deep = deep,
			    .seen = SK_MAP_INIT,
			    .err = err};
	struct folder tasks = {&scan,	     NULL,	   "tasks",
			       &view->tasks, SK_LANE_NONE, 0};
	int rc;

	*list = (struct sk_wp_list){0};
	rc = view->has_tasks ? scan_folder(&tasks) : 0;
	sk_map_free(&scan.seen);
	if (rc < 0)
		sk_wp_list_free(list);
	return rc;
}

const struct sk_wp_state *sk_wp_list_find(const struct sk_wp_list *list,
					  const char *id)
{
	const int64_t *at = sk_map_get(&list->index, id, strlen(id));

	return at ? &list->items[*at] : NULL;
}
