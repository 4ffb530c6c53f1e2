/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "capture/delta.h"
#include "capture/progress.h"
#include "format/time.h"

#define META_MAX (1u << 20)

/* What the mission's meta.json says of it; all of it may be absent. */
static int read_meta(struct sk_change *c)
{
	struct sk_delta *delta = c->delta;
	struct sk_json *root = NULL;
	struct sk_err ignored = {0};
	const char *type = NULL, *created = NULL;
	struct sk_raw raw = {"", 0, NULL};

	if (c->now.has_meta &&
	    sk_repo_read(delta->changes->repo, &c->now.meta, SK_OBJECT_BLOB,
			 &raw, delta->err) < 0)
		return -1;
	if (raw.len && raw.len <= META_MAX &&
	    sk_json_parse(&root, raw.data, raw.len, &ignored) == 0) {
		type = sk_json_get_text(root, "mission_type");
		if (!type)
			type = sk_json_get_text(root, "mission");
		created = sk_json_get_text(root, "created_at");
	}
	sk_str_set(&c->mission_key, type && *type ? type : "software-dev");
	c->fact.mission_key = c->mission_key.ptr;
	c->fact.mission = c->mission;
	c->fact.actor = delta->author.ptr;
	if (!created || sk_time_parse(&c->fact.created_us, created) < 0)
		c->fact.created_us = sk_delta_author_us(delta);
	sk_json_free(root);
	sk_raw_release(&raw);
	return 0;
}

/* A milestone is what holds now and held in no parent. */
struct milestone {
	bool now;
	bool before; /* in some parent */
};

static void put_phase(struct sk_change *c, const char *phase, int64_t at_us,
		      struct milestone m)
{
	struct sk_draft draft;

	if (!m.now || m.before)
		return;
	c->fact.at_us = at_us;
	sk_draft_phase_entered(&draft, c->delta->changes->project, &c->fact,
			       phase);
	sk_delta_put(c->delta, &draft);
}

int sk_milestones_of_files(struct sk_change *c)
{
	struct milestone meta = {c->now.has_meta, false};
	struct milestone spec = {c->now.has_spec, false};
	struct milestone plan = {c->now.has_plan, false};
	struct milestone tasks = {c->now.has_tasks_md, false};
	int64_t at_us = sk_delta_author_us(c->delta);
	struct sk_draft draft;

	if (sk_delta_get_author(c->delta) < 0 || read_meta(c) < 0)
		return -1;
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		meta.before |= c->before[i].has_meta;
		spec.before |= c->before[i].has_spec;
		plan.before |= c->before[i].has_plan;
		tasks.before |= c->before[i].has_tasks_md;
	}
	if (meta.now && !meta.before) {
		c->fact.at_us = at_us;
		sk_draft_mission_started(&draft, c->delta->changes->project,
					 &c->fact);
		sk_delta_put(c->delta, &draft);
	}
	put_phase(c, "specify", at_us, spec);
	put_phase(c, "plan", at_us, plan);
	put_phase(c, "tasks", at_us, tasks);
	return 0;
}

void sk_milestones_of_lanes(struct sk_change *c)
{
	int64_t at_us = sk_delta_author_us(c->delta);
	struct sk_progress now, before;
	struct milestone implement, review, complete;
	struct sk_draft draft;

	sk_progress_of(&now, &c->log->log, &c->wps, at_us);
	implement = (struct milestone){now.is_started, false};
	review = (struct milestone){now.is_reviewed, false};
	complete = (struct milestone){now.is_complete, false};
	for (size_t i = 0; i < c->delta->sides->count; i++) {
		sk_progress_of(&before, &c->logs_before[i]->log,
			       &c->wps_before[i], at_us);
		implement.before |= before.is_started;
		review.before |= before.is_reviewed;
		complete.before |= before.is_complete;
	}
	put_phase(c, "implement", now.started_us, implement);
	put_phase(c, "review", now.reviewed_us, review);
	if (complete.now && !complete.before) {
		c->fact.at_us = now.completed_us;
		sk_draft_mission_completed(&draft, c->delta->changes->project,
					   &c->fact, now.wp_count,
					   now.done_count);
		sk_delta_put(c->delta, &draft);
	}
}
