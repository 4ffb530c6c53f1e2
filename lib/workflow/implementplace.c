/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "git/exclude.h"
#include "git/run.h"
#include "git/worktree.h"
#include "mission/names.h"
#include "workflow/editsave.h"
#include "workflow/implementplan.h"

#define HEADS "refs/heads/"

/* Worktrees of a bare repository are beside the one of the target branch. */
static int find_main_folder(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_mission_place *plan = &im->edit.home.plan;

	if (sk_main_folder(&im->main_folder, im->repo, im->config) == 0)
		return 0;
	sk_str_set(&im->main_folder, plan->worktree.ptr);
	if (im->main_folder.len)
		return 0;
	sk_fail(err, SK_EFAIL, "the repository has no work tree");
	return sk_hint(err, "run 'git worktree add <folder> %s'",
		       plan->branch.ptr);
}

/* Who plans works on the target branch, wherever that is checked out. */
static int find_planning_place(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_mission_place *plan = &im->edit.home.plan;

	if (!plan->worktree.len) {
		sk_fail(err, SK_ENO,
			"'%s' plans on '%s', which is not checked out", im->wp,
			plan->branch.ptr);
		return sk_hint(err, "run 'git switch %s'", plan->branch.ptr);
	}
	sk_str_set(&im->folder, plan->worktree.ptr);
	sk_str_set(&im->workspace, ".");
	sk_str_set(&im->branch, plan->branch.ptr);
	return 0;
}

/*
 * A branch that a teammate has pushed is gone on with. Else the lane's branch
 * begins where the mission's does, and that one at the target.
 */
static int find_start(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_missions *all = &im->edit.missions;
	const struct sk_mission_tip *remote =
		sk_missions_remote(all, im->branch.ptr);
	char hex[SK_HEX_LEN + 1];
	struct sk_oid base;

	if (remote)
		sk_str_set(&im->start, remote->ref);
	if (im->base) {
		if (sk_repo_resolve(im->repo, im->base, &base, err) < 0)
			return -1;
		sk_oid_hex(hex, &base);
		sk_str_set(&im->start, hex);
	}
	remote = sk_missions_remote(all, im->from.ptr + strlen(HEADS));
	if (remote)
		sk_str_set(&im->origin, remote->ref);
	else
		sk_str_addf(&im->origin, HEADS "%s",
			    im->edit.home.plan.branch.ptr);
	return 0;
}

/*
 * What lanes.json calls the mission's branch may be anything, and goes to git
 * in a line of commands.
 */
static int find_mission_branch(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_git_place place = {
		.folder = sk_repo_common_dir(im->repo),
		.git_dir = sk_repo_common_dir(im->repo)};
	const char *said = im->lanes.mission_branch;
	struct sk_str shown = SK_STR_INIT;
	int rc;

	sk_str_set(&im->from, HEADS);
	if (!said || !*said) {
		sk_mission_branch_add(&im->from, im->edit.mission->slug);
		return 0;
	}
	sk_str_puts(&im->from, said);
	rc = sk_git_run(
		NULL, NULL, &place, NULL,
		(const char *const[]){"check-ref-format", im->from.ptr, NULL},
		err);
	if (rc <= 0)
		return rc;
	sk_str_add_visible(&shown, said, strlen(said), 100);
	sk_fail(err, SK_EDATA,
		"'lanes.json': '%s' cannot be the branch of the mission",
		shown.ptr);
	sk_str_free(&shown);
	return sk_edit_hint_finalize(&im->edit, err);
}

static int find_lane_place(struct sk_implement *im, struct sk_err *err)
{
	const char *slug = im->edit.mission->slug;

	if (find_main_folder(im, err) < 0 || find_mission_branch(im, err) < 0)
		return -1;
	sk_lane_branch_add(&im->branch, slug, im->lane->id);
	sk_str_addf(&im->ref, HEADS "%s", im->branch.ptr);
	sk_lane_worktree_add(&im->workspace, slug, im->lane->id);
	sk_str_addf(&im->folder, "%s/%s", im->main_folder.ptr,
		    im->workspace.ptr);
	sk_str_set(&im->base_branch,
		   im->base ? im->base : im->from.ptr + strlen(HEADS));
	if (find_start(im, err) < 0)
		return -1;
	im->wanted = (struct sk_worktree_wanted){
		.folder = im->folder.ptr,
		.branch = im->ref.ptr,
		.from = im->from.ptr,
		.base = im->origin.ptr,
		.start = im->start.len ? im->start.ptr : NULL,
		.home = im->edit.home.plan.branch.ptr};
	return 0;
}

/* Ask git for one commit; "" when it has none to name. Returns 0 or -1. */
static int ask(struct sk_str *hex, const struct sk_implement *im,
	       const char *const args[], struct sk_err *err)
{
	const struct sk_git_place place = {
		.folder = sk_repo_common_dir(im->repo),
		.git_dir = sk_repo_common_dir(im->repo)};
	int rc = sk_git_run(hex, NULL, &place, NULL, args, err);

	sk_str_rtrim(hex);
	if (rc > 0)
		sk_str_clear(hex);
	return rc < 0 ? -1 : 0;
}

/* Where it began: one that was there, or that somebody has pushed, has commits
 * of its own perhaps. */
static int find_base(struct sk_implement *im, struct sk_err *err)
{
	const char *ends[] = {im->from.ptr, im->origin.ptr};
	struct sk_str base = SK_STR_INIT, tip = SK_STR_INIT;
	int rc;

	if (*im->added.branch && (im->base || !im->start.len)) {
		memcpy(im->base_commit, im->added.branch,
		       sizeof(im->base_commit));
		im->is_fresh = true;
		return 0;
	}
	sk_str_set(&im->base_branch, im->from.ptr + strlen(HEADS));
	rc = ask(&tip, im,
		 (const char *const[]){"rev-parse", "-q", "--verify",
				       im->ref.ptr, NULL},
		 err);
	for (size_t i = 0; rc == 0 && !base.len && i < SK_COUNTOF(ends); i++)
		rc = ask(&base, im,
			 (const char *const[]){"merge-base", ends[i],
					       im->ref.ptr, NULL},
			 err);
	if (base.len < sizeof(im->base_commit))
		memcpy(im->base_commit, base.ptr, base.len + 1);
	im->is_fresh = base.len && strcmp(base.ptr, tip.ptr) == 0;
	sk_str_free(&base);
	sk_str_free(&tip);
	return rc;
}

static int make_worktree(struct sk_implement *im, struct sk_err *err)
{
	int rc;

	/* without a slash: what a link leads to is no folder to git */
	if (sk_exclude_add(im->repo, "/" SK_WORKTREES_DIR, err) < 0 ||
	    sk_exclude_add(im->repo, "/.kittify/workspaces/", err) < 0)
		return -1;
	rc = sk_worktree_add(&im->added, im->repo, &im->wanted, err);
	if (rc < 0)
		return -1;
	im->is_reused = rc == 1;
	im->is_made = true;
	return find_base(im, err);
}

int sk_implement_make_place(struct sk_implement *im, struct sk_err *err)
{
	int rc = 0;

	if (im->folder.len) /* once more, for somebody was faster */
		return 0;
	if (!im->lane)
		return find_planning_place(im, err);
	rc = find_lane_place(im, err);
	return rc < 0 ? -1 : make_worktree(im, err);
}
