/* SPDX-License-Identifier: MIT */
/* Inside lib/merge: a plan that is being made, and the steps of it. */
#ifndef SK_MERGE_PLANNING_H
#define SK_MERGE_PLANNING_H

#include "git/run.h"
#include "git/worktrees.h"
#include "guard/eventloss.h"
#include "guard/push.h"
#include "merge/merge.h"
#include "merge/plan.h"
#include "merge/standin.h"
#include "mission/lanes.h"
#include "mission/reduce.h"
#include "workflow/missions.h"

#define SK_PLAN_HEADS "refs/heads/"

/* A log whose rows the state has. */
struct sk_plan_log {
	struct sk_oid blob;
	struct sk_raw raw;
	struct sk_log log;
};

struct sk_planning {
	struct sk_merge_plan *plan;
	const struct sk_merge_wanted *wanted;
	struct sk_repo *repo;
	struct sk_missions all;
	struct sk_mission *mission; /* NULL: not resolved */
	struct sk_lanes file;
	struct sk_worktrees trees;
	struct sk_git_place place; /* whose attributes count */
	struct sk_standin standin; /* where is merged, as if there */
	struct sk_specs specs;
	struct sk_words untold;
	const struct sk_mission_tip *target; /* NULL: there is none */
	const struct sk_mission_tip *branch; /* of the mission; likewise */
	struct sk_plan_log *logs;
	size_t log_count;
	struct sk_reduced state;    /* of the branches that are merged */
	char start[SK_HEX_LEN + 1]; /* what lanes are merged into; "": none */
	char onto[SK_HEX_LEN + 1];  /* what the last commit is put on: the
				       target, what was replayed; "": none is */
	bool is_one_commit;	    /* which brings the merge, too */
	bool is_landed;	    /* all is done, and nothing is left to merge */
	bool is_single;	    /* it is on the target itself, by what it says */
	bool is_partial;    /* something is not in what was merged */
	bool has_untracked; /* the worktree that has the mission branch */
};

/* The steps, in order. Each returns 0 or -1. */
int sk_plan_resolve(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_merges(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_read_state(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_places(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_target(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_remote(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_branches(struct sk_planning *p,
			  struct sk_err *err) SK_NODISCARD;
int sk_plan_look_packages(struct sk_planning *p,
			  struct sk_err *err) SK_NODISCARD;
int sk_plan_look_reverted(struct sk_planning *p,
			  struct sk_err *err) SK_NODISCARD;
int sk_plan_merge_lanes(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_beside(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_land(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_record(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_look_as_gate(struct sk_planning *p,
			 struct sk_err *err) SK_NODISCARD;
int sk_plan_look_owner(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;
int sk_plan_finish(struct sk_planning *p, struct sk_err *err) SK_NODISCARD;

/*
 * Whether two trees, or commits, are the same but for the order of lines in
 * event logs: a merge puts them in order, and that is no news. Runs git.
 * Returns 1, 0 or -1.
 */
int sk_plan_is_same(struct sk_planning *p, const char *old, const char *now,
		    struct sk_err *err) SK_NODISCARD;

/* The lane that a work package is in by now; planned when nobody says. */
enum sk_lane sk_plan_lane_of(const struct sk_planning *p, const char *wp);

/* Whether all work packages of the lane are canceled. */
bool sk_plan_is_canceled(const struct sk_planning *p,
			 const struct sk_merge_lane *lane);

/* Append the work packages that are in lanes.json, or have a file, sorted. */
void sk_plan_list_packages(struct sk_words *out, const struct sk_planning *p);

/* Put the replayed commits on top of the target. `id` is the last of them.
 * Returns 0; 1 with blockers added; -1. */
int sk_plan_rebase(char id[SK_HEX_LEN + 1], struct sk_planning *p,
		   struct sk_err *err) SK_NODISCARD;

/* Add a blocker that says what `err` does, the command of its hint being the
 * remedy. */
struct sk_blocker *sk_plan_block(struct sk_planning *p, const char *code,
				 const char *subject, const struct sk_err *err);

/* Add one for a merge that could not be made: of `ref` into the branch. */
void sk_plan_block_failed(struct sk_planning *p, const char *subject,
			  const struct sk_err *why, const char *branch,
			  const char *ref);

/* The same of the mission into the target. */
void sk_plan_block_target(struct sk_planning *p, const struct sk_err *why);

/*
 * Add a blocker for each conflict of a merge into `into`, a branch; `lane` is
 * the one that is merged, NULL: the mission. `commit`, in conflicts of replayed
 * commits, is that one, else NULL.
 */
void sk_plan_add_conflicts(struct sk_planning *p, const struct sk_merge *merge,
			   const struct sk_merge_lane *lane,
			   const char *commit);

/* Set the files of the lanes that are merged by now, to tell who clashes. Runs
 * git for each. */
void sk_plan_list_files(struct sk_planning *p);

/* Warn of rows that were lost on one side, and are kept. */
void sk_plan_add_notes(struct sk_planning *p, const struct sk_merge *merge);

/* Whether `tip` is in the history of the commit. */
bool sk_plan_has(const struct sk_planning *p, const char *commit,
		 const char *tip);

/* Append the paths in which two trees differ, in order, with one more option of
 * 'git diff-tree'. Returns 0 or -1. */
int sk_plan_diff(struct sk_words *out, const struct sk_planning *p,
		 const char *option, const char *from, const char *to,
		 struct sk_err *err) SK_NODISCARD;

/* Append each of the words that NUL ends. */
void sk_plan_split(struct sk_words *out, const struct sk_str *text);

/* The worktree that has the branch checked out; NULL: none has. Borrowed. */
const struct sk_worktree *sk_plan_worktree(const struct sk_planning *p,
					   const char *branch);

/* Whether a lane has its worktree in that folder, be its branch in it or not.
 */
bool sk_plan_is_of_lane(const struct sk_planning *p,
			const struct sk_worktree *tree);

/* Append "git", or "git -C <folder>" for another folder than ours. */
void sk_plan_add_git(struct sk_str *out, const struct sk_planning *p,
		     const char *folder);

/* Append "git", so that what follows is done on that branch. */
void sk_plan_add_on(struct sk_str *out, const struct sk_planning *p,
		    const char *branch);

/* Append a command by which `branch` gets what `ref` has. */
void sk_plan_add_merge(struct sk_str *out, const struct sk_planning *p,
		       const char *branch, const char *ref);

/* Append the command that merges without replaying commits. */
void sk_plan_add_strategy(struct sk_str *out, const struct sk_planning *p);

/* Add one for a file that git was told not to look at, by one of two marks;
 * once, whatever it is in the way of. */
void sk_plan_block_hidden(struct sk_planning *p, const char *folder,
			  const char *name, bool is_skipped, const char *why);

/* Append a name in quotes, fit for a message. */
void sk_plan_add_name(struct sk_str *out, const char *name);

/* Set the id's digits. */
void sk_plan_tip_hex(char out[SK_HEX_LEN + 1],
		     const struct sk_mission_tip *tip);

#endif
