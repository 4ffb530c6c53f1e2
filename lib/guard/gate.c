/* SPDX-License-Identifier: MIT */
#include "guard/gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/commitfile.h"
#include "guard/lanebranch.h"
#include "guard/reviews.h"
#include "mission/eventlog.h"

void sk_gate_free(struct sk_gate *gate)
{
	sk_blockers_free(&gate->found);
	sk_words_free(&gate->untold);
}

int sk_gate_parse(enum sk_gate_mode *mode, const struct sk_config *config,
		  const char *key, struct sk_err *err)
{
	static const char *const names[] = {
		[SK_GATE_BLOCK] = "block",
		[SK_GATE_WARN] = "warn",
		[SK_GATE_OFF] = "off",
	};
	const char *text = sk_config_get(config, key);

	*mode = SK_GATE_BLOCK;
	for (size_t i = 0; text && i < SK_COUNTOF(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*mode = (enum sk_gate_mode)i;
			return 0;
		}
	}
	if (!text)
		return 0;
	sk_fail(err, SK_EDATA, "%s is '%.40s'", key, text);
	return sk_hint(err, "set it to block, warn or off");
}

/* Append the missions that differ between two trees of them. */
static int add_changed(void *ctx, const struct sk_tree_entry *old,
		       const struct sk_tree_entry *now)
{
	(void)old;
	if (now && sk_tree_entry_is_dir(now))
		sk_words_add_new(ctx, now->name);
	return 0;
}

static const struct sk_oid *or_none(const struct sk_oid *tree)
{
	return tree->len ? tree : NULL;
}

/*
 * What a commit itself has changed: a merge what is as in none of its parents,
 * any other what is not as in its one.
 */
static void find_changed(struct sk_gate *gate, struct sk_words *out,
			 const struct sk_version *now,
			 const struct sk_version *olds, size_t count)
{
	struct sk_words all[2] = {SK_WORDS_INIT, SK_WORDS_INIT};
	struct sk_err err = {0};

	for (size_t i = 0; i < (count ? count : 1); i++) {
		const struct sk_oid *old =
			count ? or_none(&olds[i].missions) : NULL;
		struct sk_words *each = &all[i > 0];

		sk_words_free(&all[1]);
		if (sk_tree_diff(gate->repo, old, or_none(&now->missions),
				 add_changed, each, &err) < 0)
			sk_untold_add(&gate->untold, "kitty-specs", &err);
		for (size_t k = all[0].len; i > 0 && k-- > 0;) {
			if (sk_words_has(&all[1], all[0].items[k]))
				continue;
			free(all[0].items[k]);
			all[0].items[k] = all[0].items[--all[0].len];
		}
	}
	for (size_t i = 0; i < all[0].len; i++)
		sk_words_add_new(out, all[0].items[i]);
	sk_words_free(&all[1]);
	sk_words_free(&all[0]);
}

/* One mission as it is in the end: its reviews, and its branch. */
static int look_at_mission(struct sk_gate *gate, const char *slug,
			   const struct sk_oid *mission,
			   struct sk_branch_list *branches, struct sk_err *err)
{
	struct sk_reduced state = SK_REDUCED_INIT;
	struct sk_raw text = SK_RAW_INIT;
	struct sk_log log = SK_LOG_INIT;
	int rc = sk_tree_file_read(&text, gate->repo, mission,
				   SK_EVENT_LOG_NAME, SK_EVENT_LOG_MAX, err);

	if (rc == 0) {
		sk_log_read(&log, text.data, text.len, SIZE_MAX);
		sk_reduced_add(&state, &log);
		sk_reduced_fold(&state);
		rc = sk_reviews_look(&gate->found, gate->repo, slug, mission,
				     &state, err);
		if (rc < 0)
			sk_untold_add(&gate->untold, slug, err);
		rc = sk_lane_branch_look(&gate->found, gate->repo, slug,
					 mission, &state, branches, err);
	}
	sk_reduced_free(&state);
	sk_log_free(&log);
	sk_raw_release(&text);
	return rc < 0 ? -1 : 0;
}

static void look_at_missions(struct sk_gate *gate, const struct sk_words *slugs,
			     const struct sk_oid *missions,
			     struct sk_branch_list *branches)
{
	for (size_t i = 0; missions->len && i < slugs->len; i++) {
		const char *slug = slugs->items[i];
		struct sk_tree_entry entry;
		struct sk_err err = {0};
		int rc = sk_tree_find(gate->repo, missions, slug, &entry, &err);

		if (rc == 0 && sk_tree_entry_is_dir(&entry))
			rc = look_at_mission(gate, slug, &entry.id, branches,
					     &err);
		if (rc < 0)
			sk_untold_add(&gate->untold, slug, &err);
	}
}

void sk_gate_look_merge(struct sk_gate *gate, const struct sk_version *parents,
			size_t parent_count, const struct sk_version *result)
{
	struct sk_branch_list branches = SK_BRANCH_LIST_INIT;
	struct sk_words changed = SK_WORDS_INIT;
	struct sk_loss loss = {.repo = gate->repo,
			       .out = &gate->found,
			       .untold = &gate->untold,
			       .ends = &result->missions,
			       .end_count = 1};

	sk_loss_look(&loss, SK_LOSS_MERGE, result, parents, parent_count);
	find_changed(gate, &changed, result, parents, 1);
	look_at_missions(gate, &changed, &result->missions, &branches);
	sk_loss_free(&loss);
	sk_words_free(&changed);
	sk_branch_list_free(&branches);
}

/* The commits of a push, one after the other. */
struct range {
	struct sk_gate *gate;
	struct sk_loss loss;
	struct sk_specs specs;
	struct sk_words changed;
	struct sk_version *olds; /* the parents of one commit */
	size_t old_cap;
};

static int name_version(struct sk_version *version, struct sk_str *name,
			struct range *range, const struct sk_oid *commit,
			struct sk_err *err)
{
	int rc = sk_specs_find(&range->specs, range->gate->repo, commit,
			       &version->missions, err);

	sk_oid_hex(version->hex, commit);
	sk_str_addf(name, "commit %.12s", version->hex);
	return rc;
}

/* Returns whether it is not as all of its parents. 1, 0 or -1. */
static int read_parents(struct range *range, const struct sk_version *now,
			const struct sk_commit *commit, struct sk_str *names,
			struct sk_err *err)
{
	int differs = !commit->parent_count && now->missions.len;

	if (commit->parent_count > range->old_cap) {
		range->old_cap = commit->parent_count;
		range->olds = sk_realloc(range->olds, range->old_cap,
					 sizeof(*range->olds));
	}
	for (size_t i = 0; i < commit->parent_count; i++) {
		struct sk_version *old = &range->olds[i];

		if (name_version(old, &names[i], range, &commit->parents[i],
				 err) < 0)
			return -1;
		old->name = names[i].ptr;
		differs |= memcmp(&old->missions, &now->missions,
				  sizeof(old->missions)) != 0;
	}
	return differs;
}

static void look_at_commit(struct range *range, const struct sk_commit *commit)
{
	size_t count = commit->parent_count;
	struct sk_str *names = sk_calloc(count + 1, sizeof(*names));
	struct sk_gate *gate = range->gate;
	struct sk_version now = {.name = ""};
	struct sk_err err = {0};
	int rc;

	for (size_t i = 0; i <= count; i++)
		names[i] = (struct sk_str)SK_STR_INIT;
	rc = name_version(&now, &names[count], range, &commit->id, &err);
	now.name = names[count].ptr;
	if (rc == 0 && !commit->is_cut)
		rc = read_parents(range, &now, commit, names, &err);
	if (rc < 0)
		sk_untold_add(&gate->untold, now.name, &err);
	if (rc > 0) {
		sk_loss_look(&range->loss,
			     count > 1 ? SK_LOSS_MERGE : SK_LOSS_PLAIN, &now,
			     range->olds, count);
		find_changed(gate, &range->changed, &now, range->olds, count);
	}
	for (size_t i = 0; i <= count; i++)
		sk_str_free(&names[i]);
	free(names);
}

/* Whether everything of `old` is in `now`. Returns 1, 0 or -1. */
static int is_forward(struct sk_repo *repo, const struct sk_push_ref *ref,
		      struct sk_err *err)
{
	struct sk_walk walk = SK_WALK_INIT;
	int rc = sk_walk_commits(&walk, repo, &ref->old, 1, &ref->now, 1, err);

	if (rc == 0)
		rc = walk.count == 0;
	sk_walk_free(&walk);
	return rc;
}

static const char *short_name(const char *ref)
{
	static const char heads[] = "refs/heads/";

	return strncmp(ref, heads, strlen(heads)) == 0 ? ref + strlen(heads)
						       : ref;
}

/*
 * What is lost on the way to a commit that goes on from the old one, the commit
 * in between that lost it answers for.
 */
static void look_at_ref(struct range *range, const struct sk_push_ref *ref)
{
	struct sk_version old = {.name = ""}, now = {.name = ""};
	struct sk_str names[3] = {SK_STR_INIT, SK_STR_INIT, SK_STR_INIT};
	struct sk_gate *gate = range->gate;
	struct sk_err err = {0};
	int rc = name_version(&now, &names[2], range, &ref->now, &err);

	if (rc == 0)
		rc = name_version(&old, &names[2], range, &ref->old, &err);
	if (rc == 0)
		rc = memcmp(&old.missions, &now.missions,
			    sizeof(old.missions)) == 0;
	if (rc == 0)
		rc = is_forward(gate->repo, ref, &err);
	if (rc == 0) {
		sk_str_puts(&names[0], "the push of '");
		sk_str_add_visible(&names[0], short_name(ref->name),
				   strlen(short_name(ref->name)), 200);
		sk_str_puts(&names[0], "'");
		sk_str_addf(&names[1], "the remote's %.12s", old.hex);
		now.name = names[0].ptr;
		old.name = names[1].ptr;
		sk_loss_look(&range->loss, SK_LOSS_REPLACE, &now, &old, 1);
	}
	if (rc < 0)
		sk_untold_add(&gate->untold, ref->name, &err);
	for (size_t i = 0; i < SK_COUNTOF(names); i++)
		sk_str_free(&names[i]);
}

/* What the refs become, each once: there is all that is not lost. */
static struct sk_oid *find_ends(struct range *range, const struct sk_push *push,
				size_t *count)
{
	struct sk_oid *ends = sk_calloc(push->tip_count + 1, sizeof(*ends));
	struct sk_map known = SK_MAP_INIT;
	struct sk_err err = {0};
	bool is_new;

	*count = 0;
	for (size_t i = 0; i < push->tip_count; i++) {
		struct sk_oid tree;

		if (sk_specs_find(&range->specs, range->gate->repo,
				  &push->tips[i], &tree, &err) != 0)
			continue; /* the walk tells that */
		sk_map_add(&known, (const char *)tree.id, SK_OID_LEN, 1,
			   &is_new);
		if (is_new && tree.len)
			ends[(*count)++] = tree;
	}
	sk_map_free(&known);
	return ends;
}

void sk_gate_look_push(struct sk_gate *gate, const struct sk_push *push)
{
	struct sk_branch_list branches = SK_BRANCH_LIST_INIT;
	struct range range = {.gate = gate,
			      .loss = {.repo = gate->repo,
				       .out = &gate->found,
				       .untold = &gate->untold}};
	struct sk_walk walk = SK_WALK_INIT;
	struct sk_err err = {0};
	size_t count;
	struct sk_oid *ends = find_ends(&range, push, &count);

	range.loss.ends = ends;
	range.loss.end_count = count;
	if (sk_walk_commits(&walk, gate->repo, push->tips, push->tip_count,
			    push->hidden, push->hidden_count, &err) < 0)
		sk_untold_add(&gate->untold, "the commits", &err);
	for (size_t i = 0; i < walk.count; i++)
		look_at_commit(&range, walk.commits[i]);
	for (size_t i = 0; i < push->count; i++) {
		if (push->refs[i].old.len)
			look_at_ref(&range, &push->refs[i]);
	}
	for (size_t i = 0; i < count; i++)
		look_at_missions(gate, &range.changed, &ends[i], &branches);
	sk_walk_free(&walk);
	sk_loss_free(&range.loss);
	sk_specs_free(&range.specs);
	sk_words_free(&range.changed);
	sk_branch_list_free(&branches);
	free(range.olds);
	free(ends);
}
