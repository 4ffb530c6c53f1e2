/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "git/askid.h"
#include "merge/planning.h"

/* The tree that the target has. */
static int find_tree(char tree[SK_HEX_LEN + 1], struct sk_planning *p,
		     struct sk_err *err)
{
	struct sk_str rev = SK_STR_INIT;
	int rc;

	sk_str_addf(&rev, "%s^{tree}", p->plan->base);
	rc = sk_git_ask_id(
		tree, &p->place, NULL,
		(const char *const[]){"rev-parse", "--verify", rev.ptr, NULL},
		err);
	sk_str_free(&rev);
	return rc;
}

void sk_plan_block_target(struct sk_planning *p, const struct sk_err *why)
{
	sk_plan_block_failed(p, p->plan->target, why, p->plan->branch,
			     p->plan->target);
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
	int rc = sk_merge_commits(&merged, p->repo, &p->standin.place,
				  plan->base, plan->mission, &why);

	(void)err;
	if (rc > 0)
		sk_plan_add_conflicts(p, &merged, NULL, NULL);
	if (rc < 0)
		sk_plan_block_target(p, &why);
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
	int rc = find_tree(old, p, err);

	memcpy(p->onto, plan->base, sizeof(p->onto));
	if (rc == 0 && sk_plan_has(p, plan->base, plan->mission)) {
		memcpy(plan->merge_tree, old, sizeof(old));
		return 0;
	}
	if (rc == 0)
		rc = merge(p, err);
	if (rc != 0)
		return rc;
	/* nothing to commit: it was squashed, or picked, before */
	if (strcmp(plan->merge_tree, old) == 0)
		rc = 1;
	else if (p->is_landed)
		rc = sk_plan_is_same(p, old, plan->merge_tree, err);
	if (rc > 0)
		memcpy(plan->merge_tree, old, sizeof(old));
	if (rc != 0)
		return rc > 0 ? 0 : -1;
	if (plan->strategy == SK_MERGE_AS_REBASE)
		return sk_plan_rebase(p->onto, p, err);
	p->is_one_commit = true;
	return 0;
}

int sk_plan_land(struct sk_planning *p, struct sk_err *err)
{
	int rc = 0;

	if (p->mission && p->target && p->plan->mission[0])
		rc = build(p, err);
	if (rc != 0)
		p->onto[0] = '\0';
	return rc < 0 ? -1 : 0;
}
