/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "capture/delta.h"
#include "capture/progress.h"
#include "format/time.h"

#define META_MAX (1u << 20)

/* What the mission's meta.json says of it; all of it may be absent. */
static void read_meta(struct sk_change *c, const struct sk_raw *raw)
{
	const char *type = NULL, *created = NULL;
	struct sk_json *root = NULL;
	struct sk_err ignored = {0};

	if (raw->len && raw->len <= META_MAX &&
	    sk_json_parse(&root, raw->data, raw->len, &ignored) == 0) {
		type = sk_json_get_text(root, "mission_type");
		if (!type)
			type = sk_json_get_text(root, "mission");
		created = sk_json_get_text(root, "created_at");
	}
	sk_str_set(&c->mission_key, type && *type ? type : "software-dev");
	if (!created || sk_time_parse(&c->fact.created_us, created) < 0)
		c->fact.created_us = sk_delta_author_us(c->delta);
	sk_json_free(root);
}

/* Fill the change's fact, unless it is. Returns 0 or -1. */
static int get_fact(struct sk_change *c)
{
	struct sk_delta *delta = c->delta;
	struct sk_raw raw = SK_RAW_INIT;

	if (c->fact.mission)
		return 0;
	if (sk_delta_get_author(delta) < 0 ||
	    (c->now.view.has_meta &&
	     sk_reader_blob(&delta->changes->reader, &c->now.view.meta, &raw,
			    delta->err) < 0))
		return -1;
	read_meta(c, &raw);
	sk_raw_release(&raw);
	c->fact.mission_key = c->mission_key.ptr;
	c->fact.mission = c->mission;
	c->fact.actor = delta->author.ptr;
	return 0;
}

/* A milestone is what holds now and held in no parent. */
struct milestone {
	bool now;
	bool before; /* in some parent */
};

static int put_phase(struct sk_change *c, const char *phase, int64_t at_us,
		     struct milestone m)
{
	struct sk_draft draft;

	if (!m.now || m.before)
		return 0;
	if (get_fact(c) < 0)
		return -1;
	c->fact.at_us = at_us;
	sk_draft_phase_entered(&draft, c->delta->changes->project, &c->fact,
			       phase);
	sk_delta_put(c->delta, &draft);
	return 0;
}

static int put_started(struct sk_change *c, int64_t at_us, struct milestone m)
{
	struct sk_draft draft;

	if (!m.now || m.before)
		return 0;
	if (get_fact(c) < 0)
		return -1;
	c->fact.at_us = at_us;
	sk_draft_mission_started(&draft, c->delta->changes->project, &c->fact);
	sk_delta_put(c->delta, &draft);
	return 0;
}

int sk_milestones_of_files(struct sk_change *c)
{
	const struct sk_view *now = &c->now.view;
	struct milestone meta = {now->has_meta, false};
	struct milestone spec = {now->has_spec, false};
	struct milestone plan = {now->has_plan, false};
	struct milestone tasks = {now->has_tasks_md, false};
	int64_t at_us = sk_delta_author_us(c->delta);

	for (size_t i = 0; i < c->delta->sides->count; i++) {
		const struct sk_view *before = &c->before[i].view;

		meta.before |= before->has_meta;
		spec.before |= before->has_spec;
		plan.before |= before->has_plan;
		tasks.before |= before->has_tasks_md;
	}
	if (put_started(c, at_us, meta) < 0 ||
	    put_phase(c, "specify", at_us, spec) < 0 ||
	    put_phase(c, "plan", at_us, plan) < 0)
		return -1;
	return put_phase(c, "tasks", at_us, tasks);
}

/* Whether a side reached it; files are read only where they decide. */
static int has_reached(bool *out, struct sk_change *c, struct sk_side *side,
		       enum sk_reach reach)
{
	if (!sk_side_has_log(side) && sk_side_get_wps(c, side) < 0)
		return -1;
	*out = sk_progress_reached(side->log, &side->wps, reach);
	return 0;
}

static int put_reach(struct sk_change *c, const char *phase,
		     enum sk_reach reach)
{
	struct milestone m = {false, false};

	if (has_reached(&m.now, c, &c->now, reach) < 0)
		return -1;
	for (size_t i = 0; m.now && !m.before && i < c->delta->sides->count;
	     i++) {
		if (has_reached(&m.before, c, &c->before[i], reach) < 0)
			return -1;
	}
	if (!m.now || m.before)
		return 0;
	return put_phase(c, phase,
			 sk_progress_since(c->now.log, reach,
					   sk_delta_author_us(c->delta)),
			 m);
}

static int find_terminal(void *ctx, const struct sk_version *part)
{
	(void)ctx;
	for (size_t i = 0; i < part->own.row_count; i++) {
		if (sk_lane_is_terminal(part->own.rows[i].to))
			return 1;
	}
	return 0;
}

/*
 * A log that grew from a parent's without a row that ends a work package, with
 * the same files beside it, completes nothing: no need to look at all of it.
 */
static bool may_complete(const struct sk_change *c)
{
	const struct sk_side *now = &c->now;

	for (size_t i = 0; sk_side_has_log(now) && i < c->delta->sides->count;
	     i++) {
		const struct sk_side *before = &c->before[i];

		if (sk_side_has_log(before) &&
		    before->view.has_tasks == now->view.has_tasks &&
		    sk_oid_equal(&before->view.tasks, &now->view.tasks) &&
		    sk_version_is_from(now->log, before->log) &&
		    !sk_version_each(now->log, before->log, find_terminal,
				     NULL))
			return false;
	}
	return true;
}

static int look(struct sk_progress *out, struct sk_change *c,
		struct sk_side *side)
{
	if (sk_side_get_wps(c, side) < 0)
		return -1;
	sk_progress_of(out, side->log, &side->wps,
		       sk_delta_author_us(c->delta));
	return 0;
}

static int put_completed(struct sk_change *c)
{
	struct sk_progress now, before;
	struct sk_draft draft;

	if (!may_complete(c))
		return 0;
	if (look(&now, c, &c->now) < 0)
		return -1;
	if (!now.is_complete)
		return 0;
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		if (look(&before, c, &c->before[i]) < 0)
			return -1;
		if (before.is_complete)
			return 0;
	}
	if (get_fact(c) < 0)
		return -1;
	c->fact.at_us = now.completed_us;
	sk_draft_mission_completed(&draft, c->delta->changes->project, &c->fact,
				   now.wp_count, now.done_count);
	sk_delta_put(c->delta, &draft);
	return 0;
}

int sk_milestones_of_lanes(struct sk_change *c)
{
	if (put_reach(c, "implement", SK_REACH_WORK) < 0 ||
	    put_reach(c, "review", SK_REACH_REVIEW) < 0)
		return -1;
	return put_completed(c);
}
