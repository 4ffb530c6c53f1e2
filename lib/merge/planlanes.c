/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "git/committree.h"
#include "merge/planning.h"

/* What its merge changes, or what it has changed since it left the target. That
 * this cannot be told is no reason to stop. */
void sk_plan_list_files(struct sk_planning *p)
{
	struct sk_str before = SK_STR_INIT;
	struct sk_err ignored = {0};

	for (size_t i = 0; i < p->plan->lane_count; i++) {
		struct sk_merge_lane *lane = &p->plan->lanes[i];

		if (lane->files.len || !lane->tip[0])
			continue;
		sk_str_clear(&before);
		sk_str_addf(&before, "%s^1", lane->commit);
		if (lane->state == SK_MERGE_LANE_MERGED)
			(void)!sk_plan_diff(&lane->files, p, "-r", before.ptr,
					    lane->commit, &ignored);
		else if (lane->state == SK_MERGE_LANE_INCLUDED && p->target)
			(void)!sk_plan_diff(&lane->files, p, "--merge-base",
					    p->plan->base, lane->tip, &ignored);
	}
	sk_str_free(&before);
}

static int commit_lane(struct sk_planning *p, struct sk_merge_lane *lane,
		       const char *tree, struct sk_err *err)
{
	const char *const parents[] = {p->plan->mission, lane->tip, NULL};
	struct sk_str message = SK_STR_INIT;
	struct sk_commit_wanted wanted = {.tree = tree, .parents = parents};
	bool stays = p->plan->strategy == SK_MERGE_AS_MERGE ||
		     p->wanted->keeps_branches;
	int rc;

	/* what goes with its branch is not worth a touch of anybody's key */
	wanted.is_unsigned = p->wanted->is_dry || !stays;
	sk_str_addf(&message, "Merge %s into %s", lane->branch,
		    p->plan->branch);
	wanted.message = message.ptr;
	rc = sk_commit_tree(lane->commit, &p->place, &wanted, err);
	sk_str_free(&message);
	return rc;
}

/* What does not come out is a blocker, and those behind it are merged still. */
static void merge_lane(struct sk_planning *p, struct sk_merge_lane *lane)
{
	struct sk_err why = {0};
	struct sk_merge merge;
	int rc = sk_merge_commits(&merge, p->repo, &p->standin.place,
				  p->plan->mission, lane->tip, &why);

	lane->state = SK_MERGE_LANE_CONFLICT;
	if (rc > 0)
		sk_plan_add_conflicts(p, &merge, lane, NULL);
	sk_plan_add_notes(p, &merge);
	if (rc == 0)
		rc = commit_lane(p, lane, merge.git.tree, &why);
	sk_merge_free(&merge);
	if (rc < 0)
		sk_plan_block_failed(p, lane->id, &why, lane->branch,
				     p->branch ? p->plan->branch : p->start);
	if (rc != 0) {
		p->is_partial = true;
		return;
	}
	lane->state = SK_MERGE_LANE_MERGED;
	memcpy(p->plan->mission, lane->commit, sizeof(lane->commit));
}

int sk_plan_merge_lanes(struct sk_planning *p, struct sk_err *err)
{
	(void)err;
	if (!p->start[0])
		return 0;
	memcpy(p->plan->mission, p->start, sizeof(p->start));
	for (size_t i = 0; i < p->plan->lane_count; i++) {
		struct sk_merge_lane *lane = &p->plan->lanes[i];

		if (!lane->tip[0])
			continue;
		if (sk_plan_has(p, p->plan->mission, lane->tip))
			lane->state = SK_MERGE_LANE_INCLUDED;
		else if (lane->state != SK_MERGE_LANE_CANCELED)
			merge_lane(p, lane);
	}
	return 0;
}
