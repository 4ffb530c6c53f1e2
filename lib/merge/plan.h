/* SPDX-License-Identifier: MIT */
/*
 * What the merge of a mission into its target branch is going to be, before any
 * of it is done: each lane into the mission branch, in order, and that into the
 * target. The commits are made, in the object database alone: to carry a plan
 * out is to move the refs that it names. Nothing else is written: no ref, no
 * index, no file of a work tree; merge drivers run elsewhere (merge/standin.h).
 * What is to stay of them is signed where 'git commit' would; of a squash or a
 * rebase the merges of lanes go with their branch, and of a plan that is only
 * told all of them.
 *
 * All that stands in the way is collected. What cannot be looked at since
 * something else is missing is left out, all else is looked at: without a
 * mission branch the lanes are merged into what its remedy would begin it at.
 *
 * The mission's own files say of the merge what is to be said: who was approved
 * is done, its number, where the target was, and status.json of that. It is in
 * the commit that brings the merge, or in one behind that where there is none
 * (replayed commits; what the target had already). `merge_tree` is what comes
 * before it.
 */
#ifndef SK_MERGE_PLAN_H
#define SK_MERGE_PLAN_H

#include "base/words.h"
#include "git/repo.h"
#include "guard/blocker.h"

enum sk_merge_strategy {
	SK_MERGE_AS_SQUASH, /* one commit, of the target alone */
	SK_MERGE_AS_MERGE,  /* a merge commit */
	SK_MERGE_AS_REBASE, /* each commit anew, on top of the target */
};

/* Its name, "squash". */
const char *sk_merge_strategy_name(enum sk_merge_strategy strategy);

/* Returns 0; -1 with SK_EUSAGE when it is none; NULL is squash. */
int sk_merge_strategy_parse(enum sk_merge_strategy *out, const char *name,
			    struct sk_err *err) SK_NODISCARD;

/* All borrowed. */
struct sk_merge_wanted {
	const char *mission; /* as workflow/handle.h takes it; NULL: of here */
	const char *into;    /* a branch; NULL: the mission's target */
	enum sk_merge_strategy strategy;
	bool is_dry;  /* it is only to be told: nothing of it is signed */
	bool fetches; /* ask the remote how far its target is */
	bool pushes;  /* the target is to be pushed then */
	bool keeps_branches, keeps_worktrees; /* nothing of them goes */
};

enum sk_merge_lane_state {
	SK_MERGE_LANE_PLANNING, /* on the target: it has no branch */
	SK_MERGE_LANE_MERGED,	/* by this plan, as `commit` */
	SK_MERGE_LANE_INCLUDED, /* the mission branch has its commits */
	SK_MERGE_LANE_CANCELED, /* nothing of it is wanted, its branch stays */
	SK_MERGE_LANE_MISSING,	/* there is no branch */
	SK_MERGE_LANE_CONFLICT, /* it cannot be merged */
};

struct sk_merge_lane {
	char *id;
	struct sk_words wp_ids;
	char *branch;		  /* without refs/heads/ */
	char *worktree;		  /* that has it; NULL: none */
	bool has_untracked;	  /* files there that git does not know, or
				   ignores */
	char tip[SK_HEX_LEN + 1]; /* of the branch; "": there is none */
	enum sk_merge_lane_state state;
	char commit[SK_HEX_LEN + 1]; /* the merge; "": none is made */
	struct sk_words files; /* that it changes, once a conflict has asked */
};

/* A ref that moves; in the order in which they are to be told. */
struct sk_merge_ref {
	char *ref;		   /* in full */
	char from[SK_HEX_LEN + 1]; /* at which it has to be, still */
	char to[SK_HEX_LEN + 1];   /* the same: it is to stay */
	char *worktree; /* that has it checked out, and follows; NULL: none */
};

/* What nobody needs once the target has it; to be removed without force. */
struct sk_merge_rest {
	bool is_worktree; /* else a branch */
	char *name;	  /* the folder, or the branch without refs/heads/ */
	char tip[SK_HEX_LEN + 1]; /* of the branch, or that is checked out */
	bool has_untracked;	  /* of a worktree: it is to stay */
};

struct sk_merge_plan {
	enum sk_merge_strategy strategy;
	char *slug;   /* of the mission; NULL: it is not known */
	char *branch; /* the mission's, NULL likewise; coordination or not */
	char *target; /* NULL: not known */
	struct sk_blockers found; /* in order; warnings are apart */
	struct sk_blockers warnings;

	struct sk_merge_lane *lanes; /* in the order they are merged in */
	size_t lane_count;
	char base[SK_HEX_LEN + 1];	 /* where the target is; "": unknown */
	char mission[SK_HEX_LEN + 1];	 /* the mission branch, all merged */
	char commit[SK_HEX_LEN + 1];	 /* where the target gets */
	char merge_tree[SK_HEX_LEN + 1]; /* its tree; "": not to be told */
	size_t commit_count;		 /* that the target gets */
	struct sk_words files;		 /* that change on the target */
	struct sk_merge_ref *refs;	 /* none unless ready */
	size_t ref_count, ref_cap;
	struct sk_merge_rest *rests;
	size_t rest_count, rest_cap;
	char *remote, *there; /* to be pushed to, the ref in full; NULL: not */
};

/*
 * Make the plan. Runs git some times for each lane; waits for the network when
 * that is wanted. *plan is owned: sk_merge_plan_free(), whatever this returned.
 * Returns 0, be it ready or not; -1 when the repository cannot be read.
 */
int sk_merge_plan_make(struct sk_merge_plan *plan, struct sk_repo *repo,
		       const struct sk_merge_wanted *wanted,
		       struct sk_err *err) SK_NODISCARD;
void sk_merge_plan_free(struct sk_merge_plan *plan);

/* Whether nothing stands in the way. */
bool sk_merge_plan_is_ready(const struct sk_merge_plan *plan);

#endif
