/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "merge/planning.h"
#include "mission/names.h"

/*
 * Where a branch that is missing is to begin: as a remote has it, else where
 * the mission is to go.
 */
static void find_start(struct sk_planning *p)
{
	const struct sk_mission_tip *tip = p->branch;

	if (!tip)
		tip = sk_missions_remote(&p->all, p->plan->branch);
	if (!tip)
		tip = p->target;
	if (tip)
		sk_plan_tip_hex(p->start, tip);
}

static void block_mission(struct sk_planning *p)
{
	const char *branch = p->plan->branch;
	struct sk_blocker *b = sk_blocker_add(&p->plan->found,
					      SK_BLOCKER_MISSING_MISSION_BRANCH,
					      p->plan->slug);

	sk_str_puts(&b->message, "mission ");
	sk_plan_add_name(&b->message, p->plan->slug);
	sk_str_puts(&b->message, ": its branch ");
	sk_plan_add_name(&b->message, branch);
	sk_str_puts(&b->message, " is missing");
	if (p->start[0])
		sk_blocker_add_branch(&b->remediation, branch, p->start);
	else
		sk_str_puts(&b->remediation, "git fetch --all");
}

/* A name that no branch can have makes no command that works. Returns 0; 1 with
 * a blocker; -1. */
static int check_name(struct sk_planning *p, const char *branch,
		      struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_blocker *b;
	int rc;

	sk_str_addf(&ref, SK_PLAN_HEADS "%s", branch);
	rc = sk_git_run(
		NULL, NULL, &p->place, NULL,
		(const char *const[]){"check-ref-format", ref.ptr, NULL}, err);
	if (rc > 0) {
		b = sk_blocker_add(&p->plan->found, SK_BLOCKER_UNREADABLE_LANES,
				   p->plan->slug);
		sk_str_puts(&b->message,
			    "lanes.json: no branch can be called ");
		sk_plan_add_name(&b->message, branch);
		sk_str_puts(&b->remediation, "git sk-mission finalize ");
		sk_blocker_add_word(&b->remediation, p->plan->slug);
	}
	sk_str_free(&ref);
	return rc < 0 ? -1 : rc != 0;
}

/* Whether the commit that merged a lane says so in this line. */
static bool says_merge(const struct sk_planning *p, const char *lane,
		       const char *line)
{
	struct sk_str ours = SK_STR_INIT, gits = SK_STR_INIT;
	bool says;

	sk_str_addf(&ours, "Merge %s into %s", lane, p->plan->branch);
	sk_str_addf(&gits, "Merge branch '%s'", lane);
	says = strcmp(line, ours.ptr) == 0 ||
	       strncmp(line, gits.ptr, gits.len) == 0;
	sk_str_free(&gits);
	sk_str_free(&ours);
	return says;
}

/*
 * A lane whose branch is gone was merged if a merge on the mission branch says
 * so. That a work package is done does not say where its commits are.
 */
static int was_merged(const struct sk_planning *p, const char *lane,
		      struct sk_err *err)
{
	const char *const args[] = {
		"log",	  "-z", "--merges", "--format=%s", "--fixed-strings",
		"--grep", lane, p->start,   "--",	   NULL};
	struct sk_words lines = SK_WORDS_INIT;
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_must(&said, &p->place, NULL, args, err);

	sk_plan_split(&lines, &said);
	for (size_t i = 0; rc == 0 && i < lines.len; i++)
		rc = says_merge(p, lane, lines.items[i]);
	sk_words_free(&lines);
	sk_str_free(&said);
	return rc;
}

static void block_lane(struct sk_planning *p, const struct sk_merge_lane *lane,
		       const char *remote)
{
	struct sk_blocker *b = sk_blocker_add(
		&p->plan->found, SK_BLOCKER_MISSING_LANE_BRANCH, lane->id);

	sk_str_add_visible(&b->message, lane->id, strlen(lane->id), 100);
	for (size_t i = 0; i < lane->wp_ids.len; i++)
		sk_str_addf(&b->message, "%s%.60s", i ? ", " : " (",
			    lane->wp_ids.items[i]);
	sk_str_puts(&b->message, lane->wp_ids.len ? "): " : ": ");
	sk_str_puts(&b->message, "its branch ");
	sk_plan_add_name(&b->message, lane->branch);
	sk_str_puts(&b->message, " is missing, and nothing says that its"
				 " commits are in ");
	sk_plan_add_name(&b->message, p->plan->branch);
	if (remote[0])
		sk_blocker_add_branch(&b->remediation, lane->branch, remote);
	else
		sk_str_puts(&b->remediation, "git fetch --all");
}

bool sk_plan_is_canceled(const struct sk_planning *p,
			 const struct sk_merge_lane *lane)
{
	for (size_t i = 0; i < lane->wp_ids.len; i++) {
		if (sk_plan_lane_of(p, lane->wp_ids.items[i]) !=
		    SK_LANE_CANCELED)
			return false;
	}
	return true;
}

static int look_at_lane(struct sk_planning *p, struct sk_merge_lane *lane,
			struct sk_err *err)
{
	const struct sk_mission_tip *remote;
	char hex[SK_HEX_LEN + 1] = "";
	int rc = 0;

	if (lane->state == SK_MERGE_LANE_PLANNING)
		return 0;
	if (lane->tip[0]) {
		if (lane->wp_ids.len && sk_plan_is_canceled(p, lane))
			lane->state = SK_MERGE_LANE_CANCELED;
		return 0;
	}
	remote = sk_missions_remote(&p->all, lane->branch);
	if (remote)
		sk_plan_tip_hex(hex, remote);
	if (p->is_landed) {
		lane->state = SK_MERGE_LANE_INCLUDED;
		return 0;
	}
	if (sk_plan_is_canceled(p, lane)) {
		lane->state = SK_MERGE_LANE_CANCELED;
		return 0;
	}
	if (!sk_mission_slug_is_safe(lane->id)) {
		rc = check_name(p, lane->branch, err);
		if (rc != 0) {
			p->is_partial = true;
			return rc < 0 ? -1 : 0;
		}
	}
	if (p->branch && hex[0])
		rc = sk_plan_has(p, p->start, hex);
	else if (p->branch)
		rc = was_merged(p, lane->branch, err);
	if (rc > 0) {
		lane->state = SK_MERGE_LANE_INCLUDED;
	} else if (rc == 0) {
		block_lane(p, lane, hex);
		p->is_partial = true;
	}
	return rc < 0 ? -1 : 0;
}

int sk_plan_look_branches(struct sk_planning *p, struct sk_err *err)
{
	if (!p->mission)
		return 0;
	find_start(p);
	if (!p->branch && !p->is_landed && !p->is_single) {
		int rc = check_name(p, p->plan->branch, err);

		if (rc < 0)
			return -1;
		if (rc == 0)
			block_mission(p);
		p->is_partial = rc > 0;
	}
	for (size_t i = 0; i < p->plan->lane_count; i++) {
		if (look_at_lane(p, &p->plan->lanes[i], err) < 0)
			return -1;
	}
	return 0;
}
