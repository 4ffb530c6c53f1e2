/* SPDX-License-Identifier: MIT */
/*
 * What one commit says of one mission by its files: which there are, and the
 * lane of each work package. Files that were read once are remembered, since
 * each is "now" in one commit and "before" in the next.
 */
#ifndef SK_CAPTURE_VIEW_H
#define SK_CAPTURE_VIEW_H

#include "base/map.h"
#include "capture/reader.h"
#include "mission/wpfile.h"

/* The files of a mission's folder that matter; which are there, and which. */
struct sk_view {
	bool has_meta, has_spec, has_plan, has_tasks_md;
	bool has_log, has_tasks;
	struct sk_oid meta;  /* blob of meta.json */
	struct sk_oid log;   /* blob of the event log */
	struct sk_oid tasks; /* tree of tasks/ */
};

/* Read the folder. Returns 0 or -1. */
int sk_view_read(struct sk_view *view, struct sk_reader *reader,
		 const struct sk_oid *tree, struct sk_err *err) SK_NODISCARD;

/* What was read of work package files so far. */
struct sk_view_cache;
struct sk_view_cache *sk_view_cache_new(void);
void sk_view_cache_free(struct sk_view_cache *cache);

/* Forget everything once it has become much. */
void sk_view_cache_trim(struct sk_view_cache *cache);

/* The work packages of a mission by their files, in git's tree order. */
struct sk_wp_state {
	char id[SK_WP_ID_MAX];
	enum sk_lane lane; /* of the first file of it that has one */
};

struct sk_wp_list {
	struct sk_wp_state *items;
	size_t count, cap;
	struct sk_map index; /* id -> place in items */
};

/* Release the list. */
void sk_wp_list_free(struct sk_wp_list *list);

/* A folder that was left out: it lies too deep. */
struct sk_view_deep {
	bool is_set;
	struct sk_oid tree;
	struct sk_str path; /* below the mission's folder; owned */
};

/*
 * Fill *list; owned: sk_wp_list_free(). A folder that comes more than once is
 * read once. *deep (may be NULL) is set to the first folder that lies too deep
 * to be read, unless it is set. Returns 0; -1, also when there are more paths
 * than are looked at.
 */
int sk_view_get_wps(struct sk_wp_list *list, struct sk_view_cache *cache,
		    struct sk_reader *reader, const struct sk_view *view,
		    struct sk_view_deep *deep, struct sk_err *err) SK_NODISCARD;

/* The entry of one work package; NULL when there is none. */
const struct sk_wp_state *sk_wp_list_find(const struct sk_wp_list *list,
					  const char *id);

#endif
