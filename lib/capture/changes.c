/* SPDX-License-Identifier: MIT */
#include "capture/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "capture/delta.h"
#include "git/tree.h"

static void put_transition(struct sk_delta *delta,
			   const struct sk_transition *transition)
{
	struct sk_draft draft, rollback;

	sk_draft_status_changed(&draft, delta->changes->project, transition);
	if (sk_transition_is_rollback(transition)) {
		sk_draft_rollback(&rollback, transition, draft.event_id);
		sk_delta_put(delta, &draft);
		sk_delta_put(delta, &rollback);
	} else {
		sk_delta_put(delta, &draft);
	}
}

static void put_fault(struct sk_change *c, const struct sk_log_fault *fault,
		      const char *key)
{
	struct sk_collection *out = c->delta->changes->out;
	struct sk_str path = SK_STR_INIT;
	struct sk_fault *entry;
	bool added;

	sk_map_add(&c->delta->changes->seen, key, strlen(key), 1, &added);
	if (!added)
		return;
	sk_str_addf(&path, "kitty-specs/%s/%s", c->mission, SK_EVENT_LOG_NAME);
	SK_GROW(out->faults, out->fault_count, out->fault_cap);
	entry = &out->faults[out->fault_count++];
	memcpy(entry->commit, c->delta->hex, sizeof(entry->commit));
	entry->path = sk_str_take(&path);
	entry->line = fault->line;
	entry->reason = sk_strdup(fault->reason);
}

/* Every event log a parent has: where a new log's lines may come from. */
static int add_other(void *ctx, const struct sk_tree_entry *entry)
{
	struct sk_delta *delta = ctx;
	const struct sk_view_log *log;
	struct sk_view view;

	if (!sk_tree_entry_is_dir(entry))
		return 0;
	if (sk_view_read(&view, delta->changes->repo, &entry->id, delta->err) <
		    0 ||
	    sk_view_get_log(&log, delta->changes->cache, delta->changes->repo,
			    &view, delta->err) < 0)
		return -1;
	if (log->keys) {
		SK_GROW(delta->others, delta->other_count, delta->other_cap);
		delta->others[delta->other_count++] = log;
	}
	return 0;
}

static int get_others(struct sk_delta *delta)
{
	const struct sk_sides *sides = delta->sides;

	for (size_t i = 0; i < sides->count && !delta->has_others; i++) {
		if (sides->has_before[i] &&
		    sk_tree_each(delta->changes->repo, &sides->before[i],
				 add_other, delta, delta->err) < 0)
			return -1;
	}
	delta->has_others = true;
	return 0;
}

/* A log that no parent has here may be that of a mission that moved. */
static bool log_is_new(const struct sk_change *c)
{
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		if (c->before[i].has_log)
			return false;
	}
	return c->delta->sides->count > 0;
}

static bool is_known(const struct sk_change *c, bool moved, const char *key)
{
	const struct sk_delta *delta = c->delta;
	size_t len = strlen(key);

	for (size_t i = 0; i < delta->sides->count; i++) {
		const struct sk_view_log *log = c->logs_before[i];

		if (log->keys && sk_map_get(log->keys, key, len))
			return true;
	}
	for (size_t i = 0; moved && i < delta->other_count; i++) {
		if (sk_map_get(delta->others[i]->keys, key, len))
			return true;
	}
	return false;
}

/* One new row of the log, whose bytes are `raw`. */
static int put_row(struct sk_change *c, const struct sk_log_row *row,
		   const struct sk_raw *raw)
{
	struct sk_json *root = NULL;
	struct sk_transition t = {0};

	if (sk_json_parse(&root, raw->data + row->offset, row->len,
			  c->delta->err) < 0)
		return -1;
	t.event_id = row->event_id;
	t.mission = sk_json_get_text(root, "mission_slug");
	if (!t.mission)
		t.mission = sk_json_get_text(root, "feature_slug");
	if (!t.mission || !*t.mission)
		t.mission = c->mission;
	t.wp_id = row->wp_id;
	t.from = row->from;
	t.to = row->to;
	t.at_us = row->at_us == INT64_MIN ? sk_delta_author_us(c->delta)
					  : row->at_us;
	t.actor = sk_json_get_text(root, "actor");
	if (!t.actor)
		t.actor = "unknown";
	t.force = sk_json_is_true(sk_json_get(root, "force"));
	t.reason = sk_json_get_text(root, "reason");
	t.review_ref = sk_json_get_text(root, "review_ref");
	t.execution_mode = sk_json_get_text(root, "execution_mode");
	t.evidence = sk_json_get(root, "evidence");
	put_transition(c->delta, &t);
	sk_json_free(root);
	return 0;
}

static int changes_by_log(struct sk_change *c)
{
	const struct sk_log *log = &c->log->log;
	struct sk_changes *changes = c->delta->changes;
	bool moved = log_is_new(c);
	struct sk_raw raw = {"", 0, NULL};
	int rc = 0;

	if (moved && log->row_count + log->fault_count &&
	    get_others(c->delta) < 0)
		return -1;
	for (size_t i = 0; i < log->fault_count; i++) {
		if (!is_known(c, moved, c->log->fault_keys[i]))
			put_fault(c, &log->faults[i], c->log->fault_keys[i]);
	}
	for (size_t i = 0; i < log->row_count && rc == 0; i++) {
		const struct sk_log_row *row = &log->rows[i];

		if (is_known(c, moved, row->event_id) ||
		    sk_map_get(&changes->seen, row->event_id,
			       strlen(row->event_id)))
			continue;
		if (!raw.handle)
			rc = sk_repo_read(changes->repo, &c->now.log,
					  SK_OBJECT_BLOB, &raw, c->delta->err);
		if (rc == 0)
			rc = put_row(c, row, &raw);
	}
	sk_raw_release(&raw);
	return rc;
}

/* Work package files tell of a transition by its result alone. */
static int changes_by_files(struct sk_change *c)
{
	const struct sk_delta *delta = c->delta;

	for (size_t i = 0; i < c->wps.count; i++) {
		const struct sk_wp_state *wp = &c->wps.items[i], *old = NULL;
		struct sk_transition t = {.mission = c->mission,
					  .wp_id = wp->id,
					  .to = wp->lane,
					  .at_us = sk_delta_author_us(delta)};

		if (delta->sides->count)
			old = sk_wp_list_find(&c->wps_before[0], wp->id);
		t.from = old ? old->lane : SK_LANE_NONE;
		if (t.to == SK_LANE_NONE || t.to == t.from)
			continue;
		if (sk_delta_get_author(c->delta) < 0)
			return -1;
		t.actor = delta->author.ptr;
		put_transition(c->delta, &t);
	}
	return 0;
}

/* Fill everything that is asked of both sides. */
static int load(struct sk_change *c)
{
	struct sk_changes *changes = c->delta->changes;
	struct sk_err *err = c->delta->err;

	if (sk_view_get_log(&c->log, changes->cache, changes->repo, &c->now,
			    err) < 0 ||
	    sk_view_get_wps(&c->wps, changes->cache, changes->repo, &c->now,
			    err) < 0)
		return -1;
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		if (sk_view_get_log(&c->logs_before[i], changes->cache,
				    changes->repo, &c->before[i], err) < 0 ||
		    sk_view_get_wps(&c->wps_before[i], changes->cache,
				    changes->repo, &c->before[i], err) < 0)
			return -1;
	}
	return 0;
}

static int put_change(struct sk_change *c)
{
	int rc = 0;

	if (load(c) < 0 || sk_milestones_of_files(c) < 0)
		return -1;
	if (!c->log->log.is_empty)
		rc = changes_by_log(c);
	else if (c->delta->sides->count <= 1)
		rc = changes_by_files(c);
	if (rc == 0)
		sk_milestones_of_lanes(c);
	return rc;
}

/* One entry of kitty-specs/ that differs from the first parent's. */
static int mission_differs(void *ctx, const struct sk_tree_entry *old,
			   const struct sk_tree_entry *now)
{
	struct sk_delta *delta = ctx;
	const struct sk_sides *sides = delta->sides;
	struct sk_repo *repo = delta->changes->repo;
	struct sk_change c = {.delta = delta, .mission_key = SK_STR_INIT};
	int rc = 0;

	(void)old; /* found again below, as that of any other parent */
	if (!now || !sk_tree_entry_is_dir(now))
		return 0;
	c.mission = now->name;
	c.before = sk_calloc(sides->count, sizeof(*c.before));
	c.logs_before = sk_calloc(sides->count, sizeof(*c.logs_before));
	c.wps_before = sk_calloc(sides->count, sizeof(*c.wps_before));
	if (sk_view_read(&c.now, repo, &now->id, delta->err) < 0)
		rc = -1;
	for (size_t i = 0; i < sides->count && rc == 0; i++) {
		struct sk_tree_entry entry;

		if (!sides->has_before[i])
			continue;
		rc = sk_tree_find(repo, &sides->before[i], now->name, &entry,
				  delta->err);
		if (rc == 0 && sk_oid_equal(&entry.id, &now->id))
			goto out; /* as a parent has it: nothing is new */
		if (rc == 0 && sk_tree_entry_is_dir(&entry))
			rc = sk_view_read(&c.before[i], repo, &entry.id,
					  delta->err);
		if (rc == 1)
			rc = 0;
	}
	if (rc == 0)
		rc = put_change(&c);
	if (rc < 0)
		sk_within(delta->err, "mission '%.100s'", now->name);
out:
	for (size_t i = 0; i < sides->count; i++)
		free(c.wps_before[i].items);
	free(c.wps.items);
	free(c.wps_before);
	free(c.logs_before);
	free(c.before);
	sk_str_free(&c.mission_key);
	return rc < 0 ? -1 : 0;
}

int sk_changes_of_commit(struct sk_changes *changes,
			 const struct sk_commit *commit,
			 const struct sk_sides *sides, struct sk_err *err)
{
	struct sk_delta delta = {.changes = changes,
				 .commit = commit,
				 .sides = sides,
				 .author = SK_STR_INIT,
				 .err = err};
	const struct sk_oid *first =
		sides->count && sides->has_before[0] ? &sides->before[0] : NULL;
	int rc;

	sk_oid_hex(delta.hex, &commit->id);
	sk_view_cache_trim(changes->cache);
	rc = sk_tree_diff(changes->repo, first, &sides->now, mission_differs,
			  &delta, err);
	free(delta.others);
	sk_str_free(&delta.author);
	return rc < 0 ? -1 : 0;
}
