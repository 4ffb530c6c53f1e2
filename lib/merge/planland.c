/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/committree.h"
#include "git/tree.h"
#include "guard/gate.h"
#include "guard/reviews.h"
#include "merge/planning.h"

/* The tree of a commit. */
static int find_tree(char tree[SK_HEX_LEN + 1], struct sk_planning *p,
		     const char *commit, struct sk_err *err)
{
	struct sk_str rev = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_oid oid;
	int rc;

	sk_str_addf(&rev, "%s^{tree}", commit);
	rc = sk_git_must(
		&said, &p->place, NULL,
		(const char *const[]){"rev-parse", "--verify", rev.ptr, NULL},
		err);
	sk_str_rtrim(&said);
	if (rc == 0 && sk_oid_parse(&oid, said.ptr) < 0)
		rc = sk_fail(err, SK_EDATA, "'%.80s' is no id", said.ptr);
	if (rc == 0)
		sk_oid_hex(tree, &oid);
	sk_str_free(&said);
	sk_str_free(&rev);
	return rc;
}

/* Whether the target has all of the mission. */
static bool is_in_target(const struct sk_planning *p)
{
	struct sk_err ignored = {0};

	return sk_git_run(NULL, NULL, &p->place, NULL,
			  (const char *const[]){"merge-base", "--is-ancestor",
						p->plan->mission, p->plan->base,
						NULL},
			  &ignored) == 0;
}

static int commit(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	const char *parents[] = {plan->base, NULL, NULL};
	struct sk_commit_wanted wanted = {.tree = plan->merge_tree,
					  .parents = parents};
	struct sk_str message = SK_STR_INIT;
	int rc;

	if (plan->strategy == SK_MERGE_AS_MERGE) {
		parents[1] = plan->mission;
		sk_str_addf(&message, "Merge %s into %s", plan->branch,
			    plan->target);
	} else {
		sk_str_addf(&message, "feat(%s): squash merge of mission",
			    plan->branch);
	}
	wanted.message = message.ptr;
	rc = sk_commit_tree(plan->commit, &p->place, &wanted, err);
	sk_str_free(&message);
	return rc;
}

static void block_failed(struct sk_planning *p, const struct sk_err *why)
{
	struct sk_blocker *b =
		sk_plan_block(p, SK_BLOCKER_MERGE_FAILED, p->plan->target, why);

	if (b->remediation.len)
		return;
	sk_plan_add_merge(&b->remediation, p, p->plan->branch, p->plan->target);
	if (strstr(why->msg, "unrelated"))
		sk_str_puts(&b->remediation, " --allow-unrelated-histories");
}

/*
 * The three-way merge, whatever the strategy: the tree is the same for each.
 * Returns 0; 1 with blockers; -1.
 */
static int merge(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	struct sk_err why = {0};
	struct sk_merge merged;
	int rc = sk_merge_commits(&merged, p->repo, &p->place, plan->base,
				  plan->mission, &why);

	(void)err;
	if (rc > 0)
		sk_plan_add_conflicts(p, &merged, NULL, NULL);
	if (rc < 0)
		block_failed(p, &why);
	if (rc == 0)
		memcpy(plan->merge_tree, merged.git.tree,
		       sizeof(plan->merge_tree));
	sk_plan_add_notes(p, &merged);
	sk_merge_free(&merged);
	return rc == 0 ? 0 : 1;
}

/* What goes onto the target. Returns 0; 1 with blockers; -1. */
static int build(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	char old[SK_HEX_LEN + 1];
	struct sk_err why = {0};
	int rc = find_tree(old, p, plan->base, err);

	if (rc == 0 && is_in_target(p)) {
		memcpy(plan->merge_tree, old, sizeof(old));
		memcpy(plan->commit, plan->base, sizeof(plan->base));
		return 0;
	}
	if (rc == 0)
		rc = merge(p, err);
	if (rc != 0)
		return rc;
	/* nothing to commit: it was squashed, or picked, before */
	if (plan->strategy != SK_MERGE_AS_MERGE &&
	    strcmp(plan->merge_tree, old) == 0) {
		memcpy(plan->commit, plan->base, sizeof(plan->base));
		return 0;
	}
	if (plan->strategy == SK_MERGE_AS_REBASE)
		return sk_plan_rebase(plan->commit, p, err);
	if (commit(p, &why) == 0)
		return 0;
	block_failed(p, &why);
	return 1;
}

/* One version of the missions, for the gate. */
static int find_version(struct sk_version *out, struct sk_planning *p,
			const char *commit, const char *name,
			struct sk_err *err)
{
	struct sk_oid oid;
	int rc = sk_oid_parse(&oid, commit);

	*out = (struct sk_version){.name = name};
	memcpy(out->hex, commit, strlen(commit) + 1);
	if (rc == 0)
		rc = sk_specs_find(&p->specs, p->repo, &oid, &out->missions,
				   err);
	return rc == 0 ? 0 : -1;
}

static bool has_code(const struct sk_blockers *list, const char *code)
{
	for (size_t i = 0; i < list->len; i++) {
		if (strcmp(list->items[i].code, code) == 0)
			return true;
	}
	return false;
}

/* Take over what a gate has found, but for what was said already. */
static void take(struct sk_planning *p, const struct sk_blockers *found)
{
	struct sk_blockers *ours = &p->plan->found;
	bool is_known = has_code(ours, SK_BLOCKER_MISSING_MISSION_BRANCH);

	for (size_t i = 0; i < found->len; i++) {
		const struct sk_blocker *from = &found->items[i];
		struct sk_blocker *b;

		if (is_known &&
		    strcmp(from->code, SK_BLOCKER_MISSING_MISSION_BRANCH) ==
			    0 &&
		    strcmp(from->subject, p->plan->slug) == 0)
			continue;
		b = from->is_warning
			    ? sk_warning_add(ours, from->code, from->subject)
			    : sk_blocker_add(ours, from->code, from->subject);
		sk_str_puts(&b->message, from->message.ptr);
		sk_str_puts(&b->remediation, from->remediation.ptr);
		sk_blockers_drop_twin(ours);
	}
}

/*
 * All that the gates would say of this merge, of whatever is merged: what is in
 * the end is not lost on the way.
 */
static int look_as_gate(struct sk_planning *p, struct sk_err *err)
{
	const struct sk_merge_plan *plan = p->plan;
	struct sk_gate gate = SK_GATE_INIT(p->repo);
	struct sk_version *parents =
		sk_calloc(plan->lane_count + 2, sizeof(*parents));
	struct sk_version result;
	size_t count = 2;
	int rc = find_version(&parents[0], p, plan->base, plan->target, err);

	if (rc == 0)
		rc = find_version(&parents[1], p, p->start, plan->branch, err);
	for (size_t i = 0; rc == 0 && i < plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &plan->lanes[i];

		if (lane->state == SK_MERGE_LANE_MERGED)
			rc = find_version(&parents[count++], p, lane->tip,
					  lane->id, err);
	}
	if (rc == 0)
		rc = find_version(&result, p, plan->commit, "the merge", err);
	if (rc == 0)
		sk_gate_look_merge(&gate, parents, count, &result);
	take(p, &gate.found);
	sk_words_add_all(&p->untold, &gate.untold);
	sk_gate_free(&gate);
	free(parents);
	return rc;
}

/* The reviews as they will be; or, where that is not known, as they are. */
static int look_at_reviews(struct sk_planning *p, struct sk_err *err)
{
	const char *commit =
		p->plan->commit[0] ? p->plan->commit : p->plan->base;
	struct sk_tree_entry entry;
	struct sk_version version;
	struct sk_err why = {0};
	int rc = find_version(&version, p, commit, "", err);

	if (rc < 0 || !version.missions.len)
		return rc;
	rc = sk_tree_find(p->repo, &version.missions, p->plan->slug, &entry,
			  &why);
	if (rc == 0 && sk_tree_entry_is_dir(&entry))
		rc = sk_reviews_look(&p->plan->found, p->repo, p->plan->slug,
				     &entry.id, &p->state, &why);
	if (rc < 0)
		sk_untold_add(&p->untold, p->plan->slug, &why);
	return 0;
}

int sk_plan_land(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	int rc = 1;

	if (!p->mission || !p->target)
		return 0;
	if (plan->mission[0])
		rc = build(p, err);
	if (rc > 0)
		plan->commit[0] = '\0';
	if (rc >= 0 && look_at_reviews(p, err) < 0)
		rc = -1;
	if (rc == 0)
		rc = look_as_gate(p, err);
	return rc < 0 ? -1 : 0;
}
