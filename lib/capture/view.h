/* SPDX-License-Identifier: MIT */
/*
 * What one commit says of one mission: which files it has, the rows of its
 * event log, the lane of each work package by its files. Blobs that were read
 * once are remembered, since each is "now" in one commit and "before" in the
 * next.
 */
#ifndef SK_CAPTURE_VIEW_H
#define SK_CAPTURE_VIEW_H

#include "git/repo.h"
#include "mission/eventlog.h"
#include "mission/wpfile.h"

/* The files of a mission's folder that matter; which are there, and which. */
struct sk_view {
	bool has_meta, has_spec, has_plan, has_tasks_md;
	bool has_log, has_tasks;
	struct sk_oid meta;  /* blob of meta.json */
	struct sk_oid log;   /* blob of the event log */
	struct sk_oid tasks; /* tree of tasks/ */
};

/* Read the folder; NULL is a mission that is not there. Returns 0 or -1. */
int sk_view_read(struct sk_view *view, struct sk_repo *repo,
		 const struct sk_oid *tree, struct sk_err *err) SK_NODISCARD;

/* A log, and a key for each row (its event id) and each fault (its bytes). */
struct sk_view_log {
	struct sk_log log;
	struct sk_map *keys;
	char (*fault_keys)[66]; /* in the order of log.faults */
};

/* What was read so far. */
struct sk_view_cache;
struct sk_view_cache *sk_view_cache_new(void);
void sk_view_cache_free(struct sk_view_cache *cache);

/* Forget everything once it has become much; nothing borrowed may be in use. */
void sk_view_cache_trim(struct sk_view_cache *cache);

/*
 * The event log in a view, an empty one when there is none; borrowed until the
 * cache is trimmed. Returns 0 or -1.
 */
int sk_view_get_log(const struct sk_view_log **out, struct sk_view_cache *cache,
		    struct sk_repo *repo, const struct sk_view *view,
		    struct sk_err *err) SK_NODISCARD;

/* The work packages of a mission by their files, in git's tree order. */
struct sk_wp_state {
	char id[SK_WP_ID_MAX];
	enum sk_lane lane; /* of the first file of it that has one */
};

struct sk_wp_list {
	struct sk_wp_state *items;
	size_t count, cap;
};

/* Fill *list; owned, free its items. Returns 0 or -1. */
int sk_view_get_wps(struct sk_wp_list *list, struct sk_view_cache *cache,
		    struct sk_repo *repo, const struct sk_view *view,
		    struct sk_err *err) SK_NODISCARD;

/* The entry of one work package; NULL when there is none. */
const struct sk_wp_state *sk_wp_list_find(const struct sk_wp_list *list,
					  const char *id);

#endif
