/* SPDX-License-Identifier: MIT */
#include "capture/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "format/sha256.h"
#include "git/tree.h"

enum {
	CACHE_LOGS = 1024, /* more than a busy repository has missions */
	CACHE_FILES = 65536,
	TASKS_DEPTH = 16, /* folders below tasks/ that are looked into */
};

/* A blob that could not be read as a whole document. */
#define BLOB_MAX (256u << 20)

struct sk_view_cache {
	struct sk_map log_index; /* raw blob id -> place in logs */
	struct sk_view_log **logs;
	size_t log_count, log_cap;
	struct sk_map file_index; /* raw blob id -> place in files */
	struct sk_wp_file *files;
	size_t file_count, file_cap;
};

static const struct sk_view_log no_log = {SK_LOG_INIT, NULL, NULL};

struct sk_view_cache *sk_view_cache_new(void)
{
	return sk_calloc(1, sizeof(struct sk_view_cache));
}

static void log_free(struct sk_view_log *log)
{
	sk_log_free(&log->log);
	sk_map_free(log->keys);
	free(log->keys);
	free(log->fault_keys);
	free(log);
}

void sk_view_cache_free(struct sk_view_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < cache->log_count; i++)
		log_free(cache->logs[i]);
	sk_map_free(&cache->log_index);
	sk_map_free(&cache->file_index);
	free(cache->logs);
	free(cache->files);
	free(cache);
}

void sk_view_cache_trim(struct sk_view_cache *cache)
{
	if (cache->log_count > CACHE_LOGS) {
		for (size_t i = 0; i < cache->log_count; i++)
			log_free(cache->logs[i]);
		cache->log_count = 0;
		sk_map_free(&cache->log_index);
	}
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

int sk_view_read(struct sk_view *view, struct sk_repo *repo,
		 const struct sk_oid *tree, struct sk_err *err)
{
	*view = (struct sk_view){0};
	return sk_tree_each(repo, tree, view_entry, view, err);
}

static int read_blob(struct sk_raw *out, struct sk_repo *repo,
		     const struct sk_oid *id, struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];
	size_t size = 0;
	int rc = sk_repo_blob_size(repo, id, &size, err);

	sk_oid_hex(hex, id);
	if (rc == 0 && size > BLOB_MAX)
		return sk_fail(err, SK_EDATA, "blob %s is larger than %u bytes",
			       hex, BLOB_MAX);
	if (rc == 0)
		rc = sk_repo_read(repo, id, SK_OBJECT_BLOB, out, err);
	if (rc > 0) {
		sk_fail(err, SK_EDATA, "blob %s is missing", hex);
		return sk_hint(err, "run 'git fetch --refetch' if this is a"
				    " partial clone");
	}
	return rc;
}

/* "!" and the hash of the line: the same bad line is one fault, not many. */
static void fault_key(char key[66], const char *data, size_t len)
{
	unsigned char hash[SK_SHA256_LEN];

	sk_sha256(hash, data, len);
	key[0] = '!';
	sk_hex(key + 1, hash, sizeof(hash));
}

static struct sk_view_log *parse_log(const struct sk_raw *raw)
{
	struct sk_view_log *log = sk_calloc(1, sizeof(*log));

	sk_log_read(&log->log, raw->data, raw->len);
	log->keys = sk_calloc(1, sizeof(*log->keys));
	for (size_t i = 0; i < log->log.row_count; i++) {
		const char *id = log->log.rows[i].event_id;

		sk_map_add(log->keys, id, strlen(id), 1, NULL);
	}
	log->fault_keys =
		sk_calloc(log->log.fault_count, sizeof(*log->fault_keys));
	for (size_t i = 0; i < log->log.fault_count; i++) {
		const struct sk_log_fault *fault = &log->log.faults[i];

		fault_key(log->fault_keys[i], raw->data + fault->offset,
			  fault->len);
		sk_map_add(log->keys, log->fault_keys[i], 65, 1, NULL);
	}
	return log;
}

int sk_view_get_log(const struct sk_view_log **out, struct sk_view_cache *cache,
		    struct sk_repo *repo, const struct sk_view *view,
		    struct sk_err *err)
{
	const char *key = (const char *)view->log.id;
	struct sk_raw raw;
	int64_t *at;

	*out = &no_log;
	if (!view->has_log)
		return 0;
	at = sk_map_get(&cache->log_index, key, SK_OID_LEN);
	if (!at) {
		if (read_blob(&raw, repo, &view->log, err) < 0)
			return -1;
		at = sk_map_add(&cache->log_index, key, SK_OID_LEN,
				(int64_t)cache->log_count, NULL);
		SK_GROW(cache->logs, cache->log_count, cache->log_cap);
		cache->logs[cache->log_count++] = parse_log(&raw);
		sk_raw_release(&raw);
	}
	*out = cache->logs[*at];
	return 0;
}

/* Reading tasks/: where we are, and what was found. */
struct scan {
	struct sk_view_cache *cache;
	struct sk_repo *repo;
	struct sk_wp_list *list;
	enum sk_lane folder; /* of the 0.x layout */
	int depth;
	struct sk_err *err;
};

static int get_file(struct sk_wp_file *out, struct scan *scan,
		    const struct sk_oid *id)
{
	struct sk_view_cache *cache = scan->cache;
	const char *key = (const char *)id->id;
	int64_t *at = sk_map_get(&cache->file_index, key, SK_OID_LEN);
	struct sk_raw raw;

	if (!at) {
		if (read_blob(&raw, scan->repo, id, scan->err) < 0)
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
	struct sk_wp_state *state =
		(struct sk_wp_state *)sk_wp_list_find(list, id);

	if (!state) {
		SK_GROW(list->items, list->count, list->cap);
		state = &list->items[list->count++];
		*state = (struct sk_wp_state){.lane = SK_LANE_NONE};
		/* both are SK_WP_ID_MAX long */
		memcpy(state->id, id, strlen(id) + 1);
	}
	if (state->lane == SK_LANE_NONE)
		state->lane = lane;
}

static int scan_entry(void *ctx, const struct sk_tree_entry *entry)
{
	struct scan *scan = ctx, below = *scan;
	struct sk_wp_file file;
	char id[SK_WP_ID_MAX];

	if (sk_tree_entry_is_dir(entry)) {
		if (scan->depth == TASKS_DEPTH)
			return 0;
		if (scan->depth == 0)
			below.folder = sk_wp_folder_lane(entry->name);
		below.depth++;
		return sk_tree_each(scan->repo, &entry->id, scan_entry, &below,
				    scan->err);
	}
	if (!sk_tree_entry_is_file(entry) || !sk_wp_name_id(id, entry->name))
		return 0;
	if (get_file(&file, scan, &entry->id) < 0)
		return -1;
	add_wp(scan->list, file.id[0] ? file.id : id,
	       file.lane != SK_LANE_NONE ? file.lane : scan->folder);
	return 0;
}

int sk_view_get_wps(struct sk_wp_list *list, struct sk_view_cache *cache,
		    struct sk_repo *repo, const struct sk_view *view,
		    struct sk_err *err)
{
	struct scan scan = {cache, repo, list, SK_LANE_NONE, 0, err};

	*list = (struct sk_wp_list){0};
	if (!view->has_tasks ||
	    sk_tree_each(repo, &view->tasks, scan_entry, &scan, err) == 0)
		return 0;
	free(list->items);
	*list = (struct sk_wp_list){0};
	return -1;
}

const struct sk_wp_state *sk_wp_list_find(const struct sk_wp_list *list,
					  const char *id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].id, id) == 0)
			return &list->items[i];
	}
	return NULL;
}
