/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "merge/planning.h"
#include "mission/names.h"

/*
 * How many commits neither the mission branch, all merged, nor the target has.
 * Returns 0 or -1.
 */
static int count_missed(unsigned long *count, struct sk_planning *p,
			const struct sk_git_place *place, const char *rev,
			struct sk_err *err)
{
	const struct sk_merge_plan *plan = p->plan;
	const char *const args[] = {
		"rev-list",    "--count",
		rev,	       "--not",
		plan->mission, plan->base[0] ? plan->base : plan->mission,
		NULL};
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_must(&said, place, NULL, args, err);

	if (rc == 0 && sscanf(said.ptr, "%lu", count) != 1)
		rc = sk_fail(err, SK_EDATA, "git rev-list counts '%.40s'",
			     said.ptr);
	sk_str_free(&said);
	return rc;
}

static void add_missed(struct sk_str *out, unsigned long count)
{
	sk_str_addf(out, " has %lu %s that this merge has not", count,
		    sk_plural((int64_t)count, "commit", "commits"));
}

static bool is_listed(const struct sk_merge_plan *plan, const char *branch)
{
	for (size_t i = 0; i < plan->lane_count; i++) {
		const char *name = plan->lanes[i].branch;

		if (name && strcmp(name, branch) == 0)
			return true;
	}
	return false;
}

/* Lanes are computed anew, and the branches of those that were remain. */
static int look_at_branch(struct sk_planning *p, const char *branch,
			  const char *ref, struct sk_err *err)
{
	unsigned long count = 0;
	struct sk_blocker *b;
	int rc = count_missed(&count, p, &p->place, ref, err);

	if (rc == 0 && count) {
		b = sk_warning_add(&p->plan->found, SK_WARNING_UNLISTED_LANE,
				   branch);
		sk_str_puts(&b->message, "lanes.json has no lane of branch ");
		sk_plan_add_name(&b->message, branch);
		sk_str_puts(&b->message, ", which");
		add_missed(&b->message, count);
	}
	return rc;
}

static int look_at_branches(struct sk_planning *p, struct sk_err *err)
{
	struct sk_str begin = SK_STR_INIT;
	int rc = 0;

	sk_str_puts(&begin, SK_PLAN_HEADS);
	sk_lane_branch_add(&begin, p->plan->slug, "lane-");
	for (size_t i = 0; rc == 0 && i < p->all.tip_count; i++) {
		const char *ref = p->all.tips[i].ref;
		const char *branch = ref + strlen(SK_PLAN_HEADS);

		if (strncmp(ref, begin.ptr, begin.len) == 0 &&
		    !is_listed(p->plan, branch))
			rc = look_at_branch(p, branch, ref, err);
	}
	sk_str_free(&begin);
	return rc;
}

/* What was committed in a lane's folder, on no branch. */
static int look_at_worktree(struct sk_planning *p,
			    const struct sk_worktree *tree, struct sk_err *err)
{
	const struct sk_git_place place =
		sk_worktree_place(p->repo, tree->folder);
	unsigned long count = 0;
	struct sk_blocker *b;
	int rc = count_missed(&count, p, &place, "HEAD", err);

	if (rc == 0 && count) {
		b = sk_warning_add(&p->plan->found,
				   SK_WARNING_UNMERGED_WORKTREE, tree->folder);
		sk_str_puts(&b->message, "the worktree ");
		sk_plan_add_name(&b->message, tree->folder);
		sk_str_puts(&b->message, ", which is on no branch,");
		add_missed(&b->message, count);
	}
	return rc;
}

int sk_plan_look_beside(struct sk_planning *p, struct sk_err *err)
{
	int rc = 0;

	if (!p->mission || !p->plan->mission[0])
		return 0;
	rc = look_at_branches(p, err);
	for (size_t i = 1; rc == 0 && i < p->trees.count; i++) {
		const struct sk_worktree *tree = &p->trees.items[i];

		if (!tree->is_missing && !tree->branch &&
		    sk_plan_is_of_lane(p, tree))
			rc = look_at_worktree(p, tree, err);
	}
	return rc;
}
