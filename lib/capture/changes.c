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
		sk_draft_rollback(&rollback, transition, &draft);
		sk_delta_put(delta, &draft);
		sk_delta_put(delta, &rollback);
	} else {
		sk_delta_put(delta, &draft);
	}
}

/* A line of the log, whose place is `line`. */
static void put_fault(struct sk_change *c, const char *bytes,
		      const struct sk_log_part *line, const char *key,
		      char *reason)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_fault fault = {
		.line = sk_log_line_number(bytes, line->offset),
		.size = line->len,
		.reason = reason};

	sk_str_addf(&path, SK_MISSIONS_DIR "/%s/%s", c->mission,
		    SK_EVENT_LOG_NAME);
	fault.path = path.ptr;
	memcpy(fault.commit, c->delta->hex, sizeof(fault.commit));
	memcpy(fault.last, c->delta->hex, sizeof(fault.last));
	memcpy(fault.key, key, sizeof(fault.key));
	sk_delta_add_fault(c->delta->changes, &fault);
	sk_str_free(&path);
}

/* Looking at the part of a log that one parent does not have. */
struct news {
	struct sk_change *c;
	const struct sk_version *base; /* that parent's; NULL: no such parent */
	struct sk_str told[SK_LOG_TOLD];
};

/*
 * Whether it is new: in no log of a parent, this mission's or another's.
 * Returns 0; 1 when it is not; -1 when that cannot be told here.
 */
static int look_for_news(const struct news *news, const char *key)
{
	const struct sk_change *c = news->c;
	struct sk_changes *changes = c->delta->changes;

	int rc;

	if (sk_map_get(&changes->seen, key, strlen(key)))
		return 1;
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		/* twice in one log is once: what grew was not there before */
		if (c->before[i].log != news->base &&
		    sk_version_has(c->before[i].log, key))
			return 1;
	}
	rc = sk_known_has(&changes->known, changes->versions, &changes->reader,
			  key, c->delta->err);
	return rc < 0 ? -1 : !rc;
}

static const char *told(struct news *news, const char *bytes,
			const struct sk_log_row *row, enum sk_log_told what)
{
	struct sk_json_span value = sk_log_value(bytes, row, what);
	struct sk_str *text = &news->told[what];

	sk_str_clear(text);
	return sk_json_span_text(text, &value) ? text->ptr : NULL;
}

/* The evidence as a tree, which may be none. Returns 0 or -1. */
static int get_evidence(struct sk_json **out, struct news *news,
			const char *bytes, const struct sk_log_row *row,
			struct sk_err *err)
{
	struct sk_json_span value = sk_log_value(bytes, row, SK_LOG_EVIDENCE);
	struct sk_str *text = &news->told[SK_LOG_EVIDENCE];

	*out = NULL;
	if (!value.ptr)
		return 0;
	sk_str_clear(text);
	sk_json_span_tame(text, &value);
	if (sk_json_parse(out, text->ptr, text->len, err) < 0)
		return sk_within(err, "evidence");
	return 0;
}

static void put_row(struct news *news, const char *bytes,
		    const struct sk_log_row *row)
{
	struct sk_change *c = news->c;
	struct sk_transition t = {
		.event_id = row->event_id,
		.mission = told(news, bytes, row, SK_LOG_MISSION),
		.wp_id = row->wp_id,
		.from = row->from,
		.to = row->to,
		.at_us = row->at_us == INT64_MIN ? sk_delta_author_us(c->delta)
						 : row->at_us,
		.actor = told(news, bytes, row, SK_LOG_ACTOR),
		.force = row->force,
		.reason = told(news, bytes, row, SK_LOG_REASON),
		.review_ref = told(news, bytes, row, SK_LOG_REVIEW_REF),
		.execution_mode = told(news, bytes, row, SK_LOG_EXECUTION_MODE),
	};
	char key[SK_FAULT_KEY_SIZE];
	struct sk_json *evidence;
	struct sk_err err = {0};

	if (get_evidence(&evidence, news, bytes, row, &err) < 0) {
		sk_fault_line_key(key, bytes + row->line.offset, row->line.len);
		put_fault(c, bytes, &row->line, key, err.msg);
		return;
	}
	if (!t.mission || !*t.mission)
		t.mission = c->mission;
	if (!t.actor)
		t.actor = "unknown";
	t.evidence = evidence;
	put_transition(c->delta, &t);
	sk_json_free(evidence);
}

static int put_part(void *ctx, const struct sk_version *part)
{
	const char *bytes = sk_version_bytes(part);
	const struct sk_log *own = &part->own;
	struct news *news = ctx;
	struct sk_delta *delta = news->c->delta;
	char key[SK_FAULT_KEY_SIZE];
	int rc = 0;

	if (sk_reader_pay(&delta->changes->reader,
			  own->row_count + own->fault_count,
			  &news->c->now.view.log, delta->err) < 0)
		return -1;
	for (size_t i = 0; i < own->fault_count && rc >= 0; i++) {
		const struct sk_log_fault *fault = &own->faults[i];

		sk_fault_line_key(key, bytes + fault->line.offset,
				  fault->line.len);
		rc = look_for_news(news, key);
		if (rc == 0)
			put_fault(news->c, bytes, &fault->line, key,
				  fault->reason);
	}
	for (size_t i = 0; i < own->row_count && rc >= 0; i++) {
		rc = look_for_news(news, own->rows[i].event_id);
		if (rc == 0)
			put_row(news, bytes, &own->rows[i]);
	}
	return rc < 0 ? -1 : 0;
}

static int changes_by_log(struct sk_change *c)
{
	struct news news = {.c = c};
	int rc;

	/* the nearest of those it grew from */
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		const struct sk_version *log = c->before[i].log;

		if (log && sk_version_is_from(c->now.log, log) &&
		    (!news.base || log->len > news.base->len))
			news.base = log;
	}
	for (size_t i = 0; i < SK_LOG_TOLD; i++)
		news.told[i] = (struct sk_str)SK_STR_INIT;
	rc = sk_version_each(c->now.log, news.base, put_part, &news);
	for (size_t i = 0; i < SK_LOG_TOLD; i++)
		sk_str_free(&news.told[i]);
	return rc;
}

/* Work package files tell of a transition by its result alone. */
static int changes_by_files(struct sk_change *c)
{
	const struct sk_delta *delta = c->delta;

	if (sk_side_get_wps(c, &c->now) < 0 ||
	    (delta->sides->count && sk_side_get_wps(c, &c->before[0]) < 0))
		return -1;
	for (size_t i = 0; i < c->now.wps.count; i++) {
		const struct sk_wp_state *wp = &c->now.wps.items[i];
		const struct sk_wp_state *old = NULL;
		struct sk_transition t = {.mission = c->mission,
					  .wp_id = wp->id,
					  .to = wp->lane,
					  .at_us = sk_delta_author_us(delta)};

		if (delta->sides->count)
			old = sk_wp_list_find(&c->before[0].wps, wp->id);
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

/* The logs of all sides, those of the parents first: the new one grew. */
static int load_logs(struct sk_change *c)
{
	struct sk_changes *changes = c->delta->changes;
	size_t count = c->delta->sides->count;
	struct sk_version **before;
	int rc = 0;

	/* the one that was just made is the quickest to ask for its size */
	if (c->now.view.has_log &&
	    sk_reader_weigh_log(&changes->reader, &c->now.view.log,
				c->delta->err) < 0)
		return -1;
	if (!c->now.view.has_log)
		count = 0; /* nothing grew; ask the parents all the same */
	before = sk_calloc(count + 1, sizeof(struct sk_version *));
	for (size_t i = 0; i < c->delta->sides->count && rc == 0; i++) {
		struct sk_side *side = &c->before[i];

		c->read = side;
		if (side->view.has_log)
			rc = sk_version_get(&side->log, changes->versions,
					    &changes->reader, &side->view.log,
					    NULL, 0, c->delta->err);
		if (i < count)
			before[i] = side->log;
	}
	if (rc == 0)
		c->read = &c->now;
	if (rc == 0 && c->now.view.has_log)
		rc = sk_version_get(&c->now.log, changes->versions,
				    &changes->reader, &c->now.view.log, before,
				    count, c->delta->err);
	free(before);
	return rc;
}

static int put_change(struct sk_change *c)
{
	int rc = 0;

	if (load_logs(c) < 0 || sk_milestones_of_files(c) < 0)
		return -1;
	if (sk_side_has_log(&c->now))
		rc = changes_by_log(c);
	else if (c->delta->sides->count <= 1)
		rc = changes_by_files(c);
	return rc < 0 ? -1 : sk_milestones_of_lanes(c);
}

/*
 * Find the mission in the `i`th parent: of the first, `old` is it. Returns 0;
 * 1 when it has none; -1.
 */
static int find_before(struct sk_tree_entry *out, struct sk_change *c, size_t i,
		       const struct sk_tree_entry *old)
{
	struct sk_delta *delta = c->delta;

	if (i > 0)
		return sk_reader_find(&delta->changes->reader,
				      &delta->sides->before[i], c->mission, out,
				      delta->err);
	if (old)
		*out = *old;
	return !old;
}

/*
 * Read the folder in the commit and in its parents. Returns 0; 1 when a parent
 * has it as it is: nothing is new; -1.
 */
static int load_views(struct sk_change *c, const struct sk_tree_entry *old,
		      const struct sk_oid *now)
{
	const struct sk_sides *sides = c->delta->sides;
	struct sk_reader *reader = &c->delta->changes->reader;
	struct sk_err *err = c->delta->err;
	int rc = sk_view_read(&c->now.view, reader, now, err);

	for (size_t i = 0; i < sides->count && rc == 0; i++) {
		struct sk_tree_entry entry;

		if (!sides->has_before[i])
			continue;
		c->read = &c->before[i];
		rc = find_before(&entry, c, i, old);
		if (rc == 0 && sk_oid_equal(&entry.id, now))
			return 1;
		if (rc == 0 && sk_tree_entry_is_dir(&entry))
			rc = sk_view_read(&c->before[i].view, reader, &entry.id,
					  err);
		if (rc == 1)
			rc = 0;
	}
	return rc;
}

/* The commit that has what was read last: this one or a parent. */
static const struct sk_oid *read_commit(const struct sk_change *c)
{
	const struct sk_commit *commit = c->delta->commit;

	return c->read && c->read != &c->now
		       ? &commit->parents[c->read - c->before]
		       : &commit->id;
}

/* One entry of kitty-specs/ that differs from the first parent's. */
static int mission_differs(void *ctx, const struct sk_tree_entry *old,
			   const struct sk_tree_entry *now)
{
	struct sk_delta *delta = ctx;
	struct sk_changes *changes = delta->changes;
	struct sk_change c = {.delta = delta, .mission_key = SK_STR_INIT};
	struct sk_str path = SK_STR_INIT;
	int rc;

	if (!now || !sk_tree_entry_is_dir(now))
		return 0;
	c.mission = now->name;
	c.before = sk_calloc(delta->sides->count, sizeof(*c.before));
	rc = load_views(&c, old, &now->id);
	if (rc == 0)
		rc = put_change(&c);
	if (rc < 0) {
		sk_str_addf(&path, SK_MISSIONS_DIR "/%s", now->name);
		rc = sk_delta_leave_out(changes, &delta->commit->id,
					read_commit(&c), path.ptr, delta->err);
		sk_str_free(&path);
	}
	for (size_t i = 0; i < delta->sides->count; i++)
		sk_wp_list_free(&c.before[i].wps);
	sk_wp_list_free(&c.now.wps);
	free(c.before);
	sk_str_free(&c.mission_key);
	if (rc >= 0)
		rc = sk_reader_is_spent(&changes->reader);
	return rc;
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
	sk_versions_trim(changes->versions);
	rc = sk_reader_diff(&changes->reader, first, &sides->now,
			    mission_differs, &delta, err);
	sk_str_free(&delta.author);
	return rc < 0 ? -1 : 0;
}
