/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/planning.h"
#include "mission/names.h"
#include "workflow/handle.h"
#include "workflow/mission.h"

#define LANES_NAME "lanes.json"

enum { FILE_MAX = 16 << 20 };

/* Which mission. What stands here is a blocker as any other. */
static int find_mission(struct sk_planning *p)
{
	const char *handle = p->wanted->mission;
	struct sk_err err = {0};
	struct sk_blocker *b;
	int rc = handle ? sk_mission_resolve(&p->mission, &p->all, handle, &err)
			: sk_mission_here(&p->mission, &p->all, &err);

	if (rc == 0)
		return 0;
	p->mission = NULL;
	b = sk_blocker_add(&p->plan->found, SK_BLOCKER_UNRESOLVED_MISSION,
			   handle ? handle : "");
	sk_str_puts(&b->message, err.msg);
	if (err.hint[0])
		sk_str_addf(&b->message, "; %s", err.hint);
	sk_str_puts(&b->remediation, "git sk-mission list");
	return 1;
}

static void check_mission(struct sk_planning *p)
{
	struct sk_mission *m = p->mission;
	struct sk_err err = {0};

	if (!sk_mission_slug_is_safe(m->slug)) {
		sk_fail(&err, SK_EDATA, "a branch cannot have its name");
		sk_hint(&err, "git sk-mission list");
	} else if (m->fault) {
		sk_fail(&err, SK_EDATA, "%.300s", m->fault);
		sk_hint(&err, "%.200s", m->hint ? m->hint : "git fsck");
	}
	if (err.code) {
		sk_within(&err, "mission '%.100s'", m->slug);
		sk_plan_block(p, SK_BLOCKER_UNREADABLE_MISSION, m->slug, &err);
	}
}

static void block_lanes(struct sk_planning *p, const char *code,
			const char *why)
{
	const char *slug = p->mission->slug;
	struct sk_blocker *b = sk_blocker_add(&p->plan->found, code, slug);

	sk_str_puts(&b->message, "mission ");
	sk_plan_add_name(&b->message, slug);
	sk_str_addf(&b->message, ": %s", why);
	sk_str_puts(&b->remediation, "git sk-mission finalize ");
	sk_blocker_add_word(&b->remediation, slug);
}

static void read_lanes(struct sk_planning *p)
{
	struct sk_mission *m = p->mission;
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	p->is_single = !m->lanes.len && m->topology &&
		       strcmp(m->topology, "single_branch") == 0;
	if (p->is_single)
		return;
	if (!m->lanes.len)
		block_lanes(p, SK_BLOCKER_MISSING_LANES,
			    "it has no " LANES_NAME);
	else if (!sk_mission_read_file(&text, m, &p->all, &m->lanes, LANES_NAME,
				       FILE_MAX))
		sk_fail(&err, SK_EDATA, "%.300s", m->fault);
	else if (sk_lanes_read(&p->file, text.ptr, text.len, &err) < 0)
		sk_within(&err, LANES_NAME);
	if (err.code) {
		block_lanes(p, SK_BLOCKER_UNREADABLE_LANES, err.msg);
		sk_lanes_free(&p->file);
	}
	sk_str_free(&text);
}

static bool is_placed(const struct sk_merge_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->lane_count; i++) {
		if (strcmp(plan->lanes[i].id, id) == 0)
			return true;
	}
	return false;
}

/* Whether all that it depends on stands before it; what is no lane does. */
static bool can_be_placed(const struct sk_planning *p,
			  const struct sk_work_lane *lane)
{
	for (size_t i = 0; i < lane->depends_on.len; i++) {
		const char *id = lane->depends_on.items[i];

		for (size_t k = 0; k < p->file.len; k++) {
			if (&p->file.items[k] != lane &&
			    strcmp(p->file.items[k].id, id) == 0 &&
			    !is_placed(p->plan, id))
				return false;
		}
	}
	return true;
}

static void place_lane(struct sk_planning *p, const struct sk_work_lane *from)
{
	struct sk_merge_lane *lane = &p->plan->lanes[p->plan->lane_count++];
	struct sk_str branch = SK_STR_INIT;

	*lane = (struct sk_merge_lane){.id = sk_strdup(from->id),
				       .state = SK_MERGE_LANE_MISSING};
	sk_words_add_all(&lane->wp_ids, &from->wp_ids);
	if (strcmp(from->id, SK_LANES_PLANNING) == 0) {
		lane->state = SK_MERGE_LANE_PLANNING;
		return;
	}
	sk_lane_branch_add(&branch, p->mission->slug, from->id);
	lane->branch = sk_str_take(&branch);
}

/* As the file has them, but each behind those that it depends on; of those
 * that wait for one another the first goes first. */
static void order_lanes(struct sk_planning *p)
{
	struct sk_merge_plan *plan = p->plan;

	plan->lanes = sk_calloc(p->file.len + 1, sizeof(*plan->lanes));
	while (plan->lane_count < p->file.len) {
		const struct sk_work_lane *next = NULL;

		for (size_t i = 0; i < p->file.len; i++) {
			const struct sk_work_lane *lane = &p->file.items[i];

			if (is_placed(plan, lane->id))
				continue;
			if (!next)
				next = lane;
			if (can_be_placed(p, lane)) {
				next = lane;
				break;
			}
		}
		place_lane(p, next);
	}
}

static void name_branches(struct sk_planning *p)
{
	const struct sk_mission *m = p->mission;
	struct sk_str branch = SK_STR_INIT;

	if (p->file.mission_branch)
		sk_str_puts(&branch, p->file.mission_branch);
	else
		sk_mission_branch_add(&branch, m->slug);
	p->plan->branch = sk_str_take(&branch);
	p->plan->slug = sk_strdup(m->slug);
	if (!p->plan->target)
		p->plan->target = sk_strdup(m->target ? m->target
						      : p->file.target_branch);
}

static const struct sk_mission_tip *find_tip(const struct sk_planning *p,
					     const char *branch)
{
	const struct sk_mission_tip *tip;
	struct sk_str ref = SK_STR_INIT;

	sk_str_addf(&ref, SK_PLAN_HEADS "%s", branch);
	tip = sk_missions_tip(&p->all, ref.ptr);
	sk_str_free(&ref);
	return tip;
}

static void find_tips(struct sk_planning *p)
{
	struct sk_merge_plan *plan = p->plan;

	if (plan->target)
		p->target = find_tip(p, plan->target);
	if (p->target)
		sk_plan_tip_hex(plan->base, p->target);
	if (plan->branch)
		p->branch = find_tip(p, plan->branch);
	for (size_t i = 0; i < plan->lane_count; i++) {
		struct sk_merge_lane *lane = &plan->lanes[i];
		const struct sk_worktree *tree;
		const struct sk_mission_tip *tip;

		if (!lane->branch)
			continue;
		tip = find_tip(p, lane->branch);
		tree = sk_plan_worktree(p, lane->branch);
		if (tip)
			sk_plan_tip_hex(lane->tip, tip);
		if (tree)
			lane->worktree = sk_strdup(tree->folder);
	}
}

/* The work tree whose attributes count: that of the target, or the main one. */
static void find_place(struct sk_planning *p)
{
	const char *common = sk_repo_common_dir(p->repo);
	const struct sk_worktree *tree =
		p->plan->target ? sk_plan_worktree(p, p->plan->target) : NULL;

	if (!tree && p->trees.count && !p->trees.items[0].is_bare &&
	    !p->trees.items[0].is_missing)
		tree = &p->trees.items[0];
	p->place = tree ? sk_worktree_place(p->repo, tree->folder)
			: (struct sk_git_place){.folder = common,
						.git_dir = common};
}

int sk_plan_resolve(struct sk_planning *p, struct sk_err *err)
{
	static const size_t len = sizeof(SK_PLAN_HEADS) - 1;
	const char *into = p->wanted->into;

	if (into)
		p->plan->target = sk_strdup(
			strncmp(into, SK_PLAN_HEADS, len) == 0 ? into + len
							       : into);
	if (sk_missions_find(&p->all, p->repo, err) < 0 ||
	    sk_worktrees_read(&p->trees, p->repo, err) < 0)
		return -1;
	if (find_mission(p) == 0) {
		sk_mission_read(p->mission, &p->all);
		check_mission(p);
		read_lanes(p);
		order_lanes(p);
		name_branches(p);
	}
	find_tips(p);
	find_place(p);
	return sk_standin_make(&p->standin, &p->place, err);
}
