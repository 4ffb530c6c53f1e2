/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/dependency.h"
#include "mission/lanes.h"
#include "mission/names.h"
#include "mission/ownership.h"

/* A lane that is being made: some of the plan's work packages. */
struct group {
	char id[16];
	const struct sk_lane_wp **wps;
	size_t len;
	struct sk_words depends_on;
	int64_t depth; /* the parallel group; -1 until it is known */
	bool is_open;  /* ... and being looked at */
};

struct maker {
	const struct sk_lane_plan *plan;
	const struct sk_lane_wp **wps; /* sorted by id */
	size_t *parent;		       /* of each, in its tree of one lane */
	struct group *groups;
	size_t len;
	struct sk_form *merges;
	struct sk_form *by_rule;
	int64_t strangers; /* joined though neither depends on the other */
};

static int compare_wps(const void *a, const void *b)
{
	const struct sk_lane_wp *x = *(const struct sk_lane_wp *const *)a;
	const struct sk_lane_wp *y = *(const struct sk_lane_wp *const *)b;

	return strcmp(x->id, y->id);
}

/* The place of a work package; `len` of the plan when it is not there. */
static size_t place_of(const struct maker *m, const char *id)
{
	size_t i = 0;

	while (i < m->plan->len && strcmp(m->wps[i]->id, id) != 0)
		i++;
	return i;
}

/* The smallest of its tree. */
static size_t root_of(const struct maker *m, size_t i)
{
	while (m->parent[i] != i)
		i = m->parent[i];
	return i;
}

/* Put two into one lane and say why, unless they are in one. */
static void join(struct maker *m, size_t a, size_t b, const char *rule,
		 const char *evidence)
{
	size_t x = root_of(m, a), y = root_of(m, b);
	struct sk_form *event;
	int64_t count = 0;

	if (x == y)
		return;
	m->parent[x > y ? x : y] = x > y ? y : x;
	event = sk_form_object();
	sk_form_set(event, "wp_a", sk_form_text(m->wps[a]->id));
	sk_form_set(event, "wp_b", sk_form_text(m->wps[b]->id));
	sk_form_set(event, "rule", sk_form_text(rule));
	sk_form_set(event, "evidence", sk_form_text(evidence));
	sk_form_append(m->merges, event);
	sk_form_as_int(sk_form_get(m->by_rule, rule), &count);
	sk_form_set(m->by_rule, rule, sk_form_int(count + 1));
	if (!sk_words_has(m->wps[a]->dependencies, m->wps[b]->id) &&
	    !sk_words_has(m->wps[b]->dependencies, m->wps[a]->id))
		m->strangers++;
}

static void join_dependents(struct maker *m, size_t i)
{
	const struct sk_words *on = m->wps[i]->dependencies;
	struct sk_str text = SK_STR_INIT;

	for (size_t j = 0; j < on->len; j++) {
		size_t to = place_of(m, on->items[j]);

		if (to == m->plan->len || m->wps[to]->is_planning)
			continue;
		sk_str_clear(&text);
		sk_str_addf(&text, "%s depends on %s", m->wps[i]->id,
			    on->items[j]);
		join(m, i, to, "dependency", text.ptr);
	}
	sk_str_free(&text);
}

/* The first pair of globs that share a path says why. */
static void join_overlapping(struct maker *m, size_t a, size_t b)
{
	const struct sk_words *x = m->wps[a]->owned_files;
	const struct sk_words *y = m->wps[b]->owned_files;

	for (size_t i = 0; i < x->len; i++) {
		for (size_t j = 0; j < y->len; j++) {
			struct sk_str text = SK_STR_INIT;

			if (!sk_globs_overlap(x->items[i], y->items[j]))
				continue;
			sk_str_addf(&text, "%s overlaps %s", x->items[i],
				    y->items[j]);
			join(m, a, b, "write_scope_overlap", text.ptr);
			sk_str_free(&text);
			return;
		}
	}
}

static void join_all(struct maker *m)
{
	for (size_t i = 0; i < m->plan->len; i++) {
		if (m->plan->joins_dependents && !m->wps[i]->is_planning)
			join_dependents(m, i);
	}
	for (size_t i = 0; i < m->plan->len; i++) {
		for (size_t j = i + 1; j < m->plan->len; j++) {
			if (!m->wps[i]->is_planning && !m->wps[j]->is_planning)
				join_overlapping(m, i, j);
		}
	}
}

static void add_group(struct maker *m, const char *id)
{
	struct group *group = &m->groups[m->len++];

	*group = (struct group){.depth = -1};
	memcpy(group->id, id, strlen(id) + 1);
	group->wps = sk_calloc(m->plan->len, sizeof(*group->wps));
}

/*
 * Letters in the order of the smallest ids; then the lane for planning. Returns
 * false when the letters do not do.
 */
static bool make_groups(struct maker *m)
{
	struct group *group;

	for (size_t i = 0; i < m->plan->len; i++) {
		char id[] = "lane-a";

		if (m->wps[i]->is_planning || root_of(m, i) != i)
			continue;
		if (m->len == SK_LANES_MAX)
			return false;
		id[5] = (char)('a' + m->len);
		add_group(m, id);
		group = &m->groups[m->len - 1];
		for (size_t j = i; j < m->plan->len; j++) {
			if (!m->wps[j]->is_planning && root_of(m, j) == i)
				group->wps[group->len++] = m->wps[j];
		}
	}
	for (size_t i = 0; i < m->plan->len; i++) {
		if (!m->wps[i]->is_planning)
			continue;
		group = m->len ? &m->groups[m->len - 1] : NULL;
		if (!group || strcmp(group->id, SK_LANES_PLANNING) != 0)
			add_group(m, SK_LANES_PLANNING);
		group = &m->groups[m->len - 1];
		group->wps[group->len++] = m->wps[i];
	}
	return true;
}

static struct group *group_of(const struct maker *m, const char *wp_id)
{
	for (size_t i = 0; i < m->len; i++) {
		for (size_t j = 0; j < m->groups[i].len; j++) {
			if (strcmp(m->groups[i].wps[j]->id, wp_id) == 0)
				return &m->groups[i];
		}
	}
	return NULL;
}

static void find_dependencies(const struct maker *m, struct group *group)
{
	for (size_t i = 0; i < group->len; i++) {
		const struct sk_words *on = group->wps[i]->dependencies;

		for (size_t j = 0; j < on->len; j++) {
			const struct group *to = group_of(m, on->items[j]);

			if (to && to != group)
				sk_words_add_new(&group->depends_on, to->id);
		}
	}
	sk_words_sort(&group->depends_on);
}

/*
 * The longest way to a lane that depends on none. Two lanes may depend on each
 * other, planning being one lane for all: the way back does not count.
 */
static int64_t depth_of(const struct maker *m, struct group *group)
{
	if (group->depth >= 0)
		return group->depth;
	if (group->is_open)
		return -1;
	group->is_open = true;
	for (size_t i = 0; i < m->len; i++) {
		int64_t depth;

		if (!sk_words_has(&group->depends_on, m->groups[i].id))
			continue;
		depth = depth_of(m, &m->groups[i]) + 1;
		if (depth > group->depth)
			group->depth = depth;
	}
	if (group->depth < 0)
		group->depth = 0;
	return group->depth;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return strcmp(x->id, y->id);
}

static struct sk_form *list_of(const struct sk_words *words)
{
	struct sk_form *list = sk_form_array();

	for (size_t i = 0; i < words->len; i++)
		sk_form_append(list, sk_form_text(words->items[i]));
	return list;
}

/* The ids in the order of the work, as far as it is this lane's. */
static struct sk_form *ids_of(const struct group *group)
{
	struct sk_dependencies all = SK_DEPENDENCIES_INIT;
	struct sk_words order = SK_WORDS_INIT;
	struct sk_form *list;

	for (size_t i = 0; i < group->len; i++)
		sk_dependencies_add(&all, group->wps[i]->id,
				    group->wps[i]->dependencies);
	sk_dependencies_order(&all, &order);
	list = list_of(&order);
	sk_words_free(&order);
	sk_dependencies_free(&all);
	return list;
}

static struct sk_form *form_of(const struct group *group)
{
	struct sk_words scope = SK_WORDS_INIT, surfaces = SK_WORDS_INIT;
	struct sk_form *lane = sk_form_object();

	for (size_t i = 0; i < group->len; i++) {
		const struct sk_lane_wp *wp = group->wps[i];

		for (size_t j = 0; j < wp->owned_files->len; j++)
			sk_words_add_new(&scope, wp->owned_files->items[j]);
		for (size_t j = 0; wp->surfaces && j < wp->surfaces->len; j++)
			sk_words_add_new(&surfaces, wp->surfaces->items[j]);
	}
	if (strcmp(group->id, SK_LANES_PLANNING) == 0) {
		sk_words_free(&surfaces);
		sk_words_add(&surfaces, "planning");
	}
	sk_words_sort(&scope);
	sk_words_sort(&surfaces);
	sk_form_set(lane, "lane_id", sk_form_text(group->id));
	sk_form_set(lane, "wp_ids", ids_of(group));
	sk_form_set(lane, "write_scope", list_of(&scope));
	sk_form_set(lane, "predicted_surfaces", list_of(&surfaces));
	sk_form_set(lane, "depends_on_lanes", list_of(&group->depends_on));
	sk_form_set(lane, "parallel_group", sk_form_int(group->depth));
	sk_words_free(&scope);
	sk_words_free(&surfaces);
	return lane;
}

static struct sk_form *report_of(const struct maker *m)
{
	struct sk_form *report = sk_form_object();

	sk_form_set(report, "events", sk_form_copy(m->merges));
	sk_form_set(report, "total_merges",
		    sk_form_int((int64_t)sk_form_count(m->merges)));
	sk_form_set(report, "independent_wps_collapsed",
		    sk_form_int(m->strangers));
	sk_form_set(report, "by_rule", sk_form_copy(m->by_rule));
	return report;
}

static struct sk_form *write_all(const struct maker *m)
{
	const struct sk_lane_plan *plan = m->plan;
	struct sk_form *form = sk_form_object(), *lanes = sk_form_array();
	struct sk_form *planning = sk_form_array();
	struct sk_str branch = SK_STR_INIT;

	sk_mission_branch_add(&branch, plan->mission_slug);
	for (size_t i = 0; i < m->len; i++)
		sk_form_append(lanes, form_of(&m->groups[i]));
	for (size_t i = 0; i < plan->len; i++) {
		if (m->wps[i]->is_planning)
			sk_form_append(planning, sk_form_text(m->wps[i]->id));
	}
	sk_form_set(form, "version", sk_form_int(1));
	sk_form_set(form, "mission_slug", sk_form_text(plan->mission_slug));
	sk_form_set(form, "mission_id",
		    sk_form_text(plan->mission_id ? plan->mission_id
						  : plan->mission_slug));
	sk_form_set(form, "mission_branch", sk_form_text(branch.ptr));
	sk_form_set(form, "target_branch", sk_form_text(plan->target_branch));
	sk_form_set(form, "lanes", lanes);
	sk_form_set(form, "computed_at", sk_form_text(plan->computed_at));
	sk_form_set(form, "computed_from",
		    sk_form_text("dependency_graph+ownership"));
	sk_form_set(form, "planning_artifact_wps", planning);
	if (sk_form_count(m->merges))
		sk_form_set(form, "collapse_report", report_of(m));
	sk_str_free(&branch);
	return form;
}

static void check_owned(const struct sk_lane_plan *plan,
			struct sk_faults *faults)
{
	for (size_t i = 0; i < plan->len; i++) {
		if (!plan->wps[i].is_planning && !plan->wps[i].owned_files->len)
			sk_fault_add(faults, SK_FAULT_NO_OWNED_FILES,
				     plan->wps[i].id,
				     "'%s' changes code and owns no files",
				     plan->wps[i].id);
	}
}

static void make(struct maker *m, struct sk_faults *faults)
{
	for (size_t i = 0; i < m->plan->len; i++) {
		m->wps[i] = &m->plan->wps[i];
		m->parent[i] = i;
	}
	if (m->plan->len)
		qsort(m->wps, m->plan->len, sizeof(*m->wps), compare_wps);
	join_all(m);
	if (!make_groups(m))
		sk_fault_add(
			faults, SK_FAULT_TOO_MANY_LANES, m->plan->mission_slug,
			"more than %d lanes, each with a letter: have work"
			" packages own files together, or make two missions",
			SK_LANES_MAX);
	for (size_t i = 0; i < m->len; i++)
		find_dependencies(m, &m->groups[i]);
	for (size_t i = 0; i < m->len; i++)
		depth_of(m, &m->groups[i]);
	if (m->len)
		qsort(m->groups, m->len, sizeof(*m->groups), compare_groups);
}

int sk_lanes_make(struct sk_form **out, const struct sk_lane_plan *plan,
		  struct sk_faults *faults)
{
	struct maker m = {.plan = plan};
	size_t before = faults->len;

	*out = NULL;
	check_owned(plan, faults);
	m.wps = sk_calloc(plan->len + 1, sizeof(*m.wps));
	m.parent = sk_calloc(plan->len + 1, sizeof(*m.parent));
	m.groups = sk_calloc(SK_LANES_MAX + 1, sizeof(*m.groups));
	m.merges = sk_form_array();
	m.by_rule = sk_form_object();
	make(&m, faults);
	if (faults->len == before)
		*out = write_all(&m);
	for (size_t i = 0; i < m.len; i++) {
		free(m.groups[i].wps);
		sk_words_free(&m.groups[i].depends_on);
	}
	sk_form_free(m.by_rule);
	sk_form_free(m.merges);
	free(m.groups);
	free(m.parent);
	free(m.wps);
	return faults->len > before;
}
