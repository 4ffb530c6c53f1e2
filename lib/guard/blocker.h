/* SPDX-License-Identifier: MIT */
/*
 * What stands in the way of a merge or a push, all of it: no finding hides
 * another. The codes are for programs and stay as they are; docs/blockers.md
 * says what each means.
 */
#ifndef SK_GUARD_BLOCKER_H
#define SK_GUARD_BLOCKER_H

#include "base/str.h"

#define SK_BLOCKER_MISSING_MISSION_BRANCH "missing_mission_branch"
#define SK_BLOCKER_REJECTED_REVIEW	  "rejected_review"
#define SK_BLOCKER_UNREADABLE_EVENT_LOG	  "unreadable_event_log"
#define SK_BLOCKER_LOST_EVENTS		  "lost_events"
#define SK_BLOCKER_OWNER_MISMATCH	  "owner_mismatch"
#define SK_BLOCKER_OWNER_RECORD		  "owner_record"
#define SK_BLOCKER_LEGACY_ROWS		  "legacy_rows"
#define SK_BLOCKER_UNRESOLVED_MISSION	  "unresolved_mission"
#define SK_BLOCKER_UNREADABLE_MISSION	  "unreadable_mission"
#define SK_BLOCKER_MISSING_LANES	  "missing_lanes"
#define SK_BLOCKER_UNREADABLE_LANES	  "unreadable_lanes"
#define SK_BLOCKER_DIRTY_WORKTREE	  "dirty_worktree"
#define SK_BLOCKER_UNTRACKED_FILE	  "untracked_file"
#define SK_BLOCKER_HIDDEN_CHANGE	  "hidden_change"
#define SK_BLOCKER_UNDER_WAY		  "under_way"
#define SK_BLOCKER_CHECKED_OUT_TWICE	  "checked_out_twice"
#define SK_BLOCKER_MISSING_WORKTREE	  "missing_worktree"
#define SK_BLOCKER_MISSING_TARGET	  "missing_target_branch"
#define SK_BLOCKER_WRONG_TARGET		  "wrong_target_branch"
#define SK_BLOCKER_FETCH_FAILED		  "fetch_failed"
#define SK_BLOCKER_TARGET_BEHIND	  "target_behind"
#define SK_BLOCKER_TARGET_DIVERGED	  "target_diverged"
#define SK_BLOCKER_MISSING_LANE_BRANCH	  "missing_lane_branch"
#define SK_BLOCKER_UNAPPROVED_WP	  "unapproved_work_package"
#define SK_BLOCKER_UNMET_DEPENDENCY	  "unmet_dependency"
#define SK_BLOCKER_SPARSE_CHECKOUT	  "sparse_checkout"
#define SK_BLOCKER_REVERTED_MERGE	  "reverted_merge"
#define SK_BLOCKER_MERGE_CONFLICT	  "merge_conflict"
#define SK_BLOCKER_MERGE_FAILED		  "merge_failed"
#define SK_BLOCKER_MERGE_UNDER_WAY	  "merge_under_way"
#define SK_BLOCKER_MERGE_INTERRUPTED	  "merge_interrupted"
#define SK_BLOCKER_MISSING_REMOTE	  "missing_remote"
#define SK_BLOCKER_REBASE_DIFFERS	  "rebase_differs"
#define SK_BLOCKER_UNRECORDABLE		  "unrecordable_mission"
#define SK_WARNING_KEPT_EVENTS		  "kept_events"
#define SK_WARNING_UNLISTED_LANE	  "unlisted_lane"
#define SK_WARNING_UNMERGED_WORKTREE	  "unmerged_worktree"
#define SK_WARNING_NOT_LOOKED_AT	  "not_looked_at"
#define SK_WARNING_TORN_EVENT_LOG	  "torn_event_log"
#define SK_WARNING_REMOVED_EVENTS	  "removed_events"
#define SK_WARNING_REMOVED_MISSION	  "removed_mission"

struct sk_blocker {
	const char *code; /* one of those above */
	char *subject;	  /* of what: a mission, most often */
	bool is_warning;  /* it stops nothing */
	struct sk_str message;
	struct sk_str remediation; /* a command that can be pasted, or words */
};

struct sk_blockers {
	struct sk_blocker *items;
	size_t len, cap;
};

#define SK_BLOCKERS_INIT                                                       \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Release the memory; the list is empty and usable again. */
void sk_blockers_free(struct sk_blockers *list);

/*
 * Append one, to be filled in; `code` is kept and must be a literal, `subject`
 * is copied. Returns it, borrowed until the next is added.
 */
struct sk_blocker *sk_blocker_add(struct sk_blockers *list, const char *code,
				  const char *subject);

/* Append one that stops nothing; otherwise the same. */
struct sk_blocker *sk_warning_add(struct sk_blockers *list, const char *code,
				  const char *subject);

/* Take the last one off again if there is one like it: same code and message.
 */
void sk_blockers_drop_twin(struct sk_blockers *list);

/* Whether one of that code is among them. */
bool sk_blockers_has(const struct sk_blockers *list, const char *code);

/* How many are no mere warnings. */
size_t sk_blockers_count(const struct sk_blockers *list);

/*
 * Append a name as a word of a command line, for a shell: in single quotes
 * where it needs them, as it stands elsewhere. Control characters are not in it
 * but for a line feed at the end.
 */
void sk_blocker_add_word(struct sk_str *out, const char *name);

/* Append the command that makes the branch, at the commit of that id. */
void sk_blocker_add_branch(struct sk_str *out, const char *branch,
			   const char *hex);

#endif
