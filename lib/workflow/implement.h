/* SPDX-License-Identifier: MIT */
/*
 * Start a work package: a branch and a worktree for its lane, then its claim
 * and its start in the mission's log, in one commit with its file and
 * meta.json, then the note of the worktree.
 *
 * Everything is checked before anything is made. What fails behind that is
 * taken back: the files of the work tree, the worktree and its branches, unless
 * something was done in it. Killed in between, the worktree is there or
 * the log has lines that are not committed, and the next call goes on.
 */
#ifndef SK_WORKFLOW_IMPLEMENT_H
#define SK_WORKFLOW_IMPLEMENT_H

#include "git/config.h"
#include "git/worktreeadd.h"
#include "mission/frontmatter.h"
#include "mission/lanes.h"
#include "workflow/claim.h"

struct sk_implement {
	/* to be set; borrowed */
	struct sk_repo *repo;
	const struct sk_config *config;
	const char *mission; /* NULL: as handle.h finds it */
	const char *wp;
	const char *actor;
	const char *pid;    /* of the actor's shell; NULL: unknown */
	const char *base;   /* where the lane's branch begins; NULL: where the
			       mission's is */
	const char *reason; /* NULL: none */
	bool force; /* in spite of dependencies, and of another's claim */

	/* what there is, and what was done */
	struct sk_edit edit;
	struct sk_lanes lanes;
	const struct sk_work_lane *lane; /* of these; NULL when it plans */
	struct sk_str file;		 /* of the work package: tasks/... */
	struct sk_wp front;		 /* its front matter, as committed */
	struct sk_claim claim;		 /* as it was before */
	struct sk_str beside;		 /* others at work in the same lane */
	struct sk_str main_folder;	 /* the main checkout */
	struct sk_str workspace;	 /* where to work, below that */
	struct sk_str folder;		 /* the same, absolute */
	struct sk_str branch;		 /* that is checked out there */
	struct sk_str base_branch;	 /* where it began */
	char base_commit[SK_HEX_LEN + 1];
	bool is_fresh;	       /* it has no commits of its own */
	bool is_reused;	       /* the worktree was there */
	bool is_begun;	       /* it was in progress already */
	struct sk_form *note;  /* of the worktree; NULL: none */
	struct sk_err no_note; /* why it could not be written */

	struct sk_str from; /* the mission's branch, refs/heads/... */
	struct sk_str ref, start, origin; /* of `wanted` */
	struct sk_worktree_wanted wanted;
	struct sk_worktree_added added;
	bool is_made; /* folder and branch are there */
};

#define SK_IMPLEMENT_INIT                                                      \
	{                                                                      \
		.edit = SK_EDIT_INIT, .file = SK_STR_INIT,                     \
		.claim = SK_CLAIM_INIT, .beside = SK_STR_INIT,                 \
		.main_folder = SK_STR_INIT, .workspace = SK_STR_INIT,          \
		.folder = SK_STR_INIT, .branch = SK_STR_INIT,                  \
		.base_branch = SK_STR_INIT, .from = SK_STR_INIT,               \
		.ref = SK_STR_INIT, .start = SK_STR_INIT,                      \
		.origin = SK_STR_INIT                                          \
	}

/*
 * Do it. Runs git, and the user's hooks; waits for the mission's lock. *im is
 * owned, also after a failure: sk_implement_free(). Returns 0; -1 with SK_ENO
 * when a rule says no, nothing being changed, and with other codes when it
 * failed, the message saying what of it stays.
 */
int sk_implement(struct sk_implement *im, struct sk_err *err) SK_NODISCARD;
void sk_implement_free(struct sk_implement *im);

#endif
