/* SPDX-License-Identifier: MIT */
#include "workflow/home.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "git/worktrees.h"
#include "workflow/handle.h"
#include "workflow/mission.h"
#include "workflow/state.h"

/* The local branch, else the remote-tracking one that comes first. */
static const struct sk_mission_tip *find_branch(const struct sk_missions *all,
						const char *name)
{
	const struct sk_mission_tip *found = NULL;

	for (size_t i = 0; !found && i < all->tip_count; i++) {
		const char *branch = sk_mission_tip_branch(&all->tips[i]);

		/* they are sorted: local before remote */
		if (branch && strcmp(branch, name) == 0)
			found = &all->tips[i];
	}
	return found;
}

/* Of the files that do not name their target: where whoever asks stands. */
static const struct sk_mission_tip *find_target(const struct sk_mission *m,
						const struct sk_missions *all,
						struct sk_err *err)
{
	const struct sk_mission_tip *tip = NULL;
	const char *name = m->target;

	for (size_t i = 0; !name && i < all->tip_count; i++) {
		if (all->tips[i].kind == SK_TIP_HERE)
			name = sk_mission_tip_branch(&all->tips[i]);
	}
	if (name)
		tip = find_branch(all, name);
	if (tip && !tip->is_lane)
		return tip;
	if (!name)
		sk_fail(err, SK_EFAIL,
			"mission '%.100s' does not say its target branch",
			m->slug);
	else if (tip)
		sk_fail(err, SK_EFAIL,
			"'%.100s' is the branch of a lane, no target of"
			" mission '%.100s'",
			name, m->slug);
	else
		sk_fail(err, SK_EFAIL,
			"the target branch '%.100s' of mission '%.100s' is not"
			" there",
			name, m->slug);
	if (name && !tip)
		sk_hint(err, "run 'git fetch', or make the branch");
	else
		sk_hint(err,
			"set target_branch in kitty-specs/%.100s/meta.json",
			m->slug);
	return NULL;
}

/* 1 yes, 0 no, -1 the logs do not tell. */
static int say_logs(const struct sk_mission *m, const struct sk_missions *all,
		    const struct sk_mission_tip *branch,
		    const struct sk_mission_tip *target)
{
	const struct sk_mission_version *there = sk_mission_at(m, all, branch);
	const struct sk_mission_version *here = sk_mission_at(m, all, target);
	const struct sk_state_log *log = NULL, *other = NULL;
	struct sk_state state = SK_STATE_INIT;
	size_t ahead = 0, behind = 0;

	sk_state_read(&state, m, all);
	if (there && there->log.len)
		log = sk_state_log(&state, &there->log);
	if (here && here->log.len)
		other = sk_state_log(&state, &here->log);
	if (log)
		ahead = sk_state_ahead(&state, log, other);
	if (other)
		behind = sk_state_ahead(&state, other, log);
	sk_state_free(&state);
	if (ahead)
		return 1;
	return behind ? 0 : -1;
}

static bool is_in_coord_folder(const char *folder, const char *slug)
{
	const char *name = strrchr(folder, '/');
	size_t len = strlen(slug);

	name = name ? name + 1 : folder;
	return strncmp(name, slug, len) == 0 &&
	       strcmp(name + len, "-coord") == 0;
}

static bool is_coordination(const struct sk_mission *m,
			    const struct sk_missions *all,
			    const struct sk_mission_tip *branch,
			    const struct sk_mission_tip *target,
			    const char *folder)
{
	int said = say_logs(m, all, branch, target);

	if (said >= 0)
		return said;
	if (m->topology)
		return strstr(m->topology, "coord") != NULL;
	return is_in_coord_folder(folder, m->slug);
}

static void free_place(struct sk_mission_place *place)
{
	sk_str_free(&place->branch);
	sk_str_free(&place->worktree);
	sk_str_free(&place->folder);
	*place = (struct sk_mission_place)SK_MISSION_PLACE_INIT;
}

/* A sparse checkout may have left out what the branch has. */
static void find_folder(struct sk_mission_place *place,
			const struct sk_mission *m,
			const struct sk_missions *all,
			const struct sk_mission_tip *tip)
{
	sk_str_addf(&place->folder, "%s/" SK_MISSIONS_FOLDER "/%s",
		    place->worktree.ptr, m->slug);
	if (sk_mission_at(m, all, tip) && access(place->folder.ptr, F_OK) < 0 &&
	    errno == ENOENT)
		sk_str_clear(&place->folder);
}

static void settle(struct sk_mission_place *place, const struct sk_mission *m,
		   const struct sk_missions *all,
		   const struct sk_mission_tip *tip,
		   const struct sk_worktrees *trees)
{
	const struct sk_worktree *tree = NULL;

	sk_str_set(&place->branch, sk_mission_tip_branch(tip));
	place->tip = tip->commit;
	place->is_remote = tip->kind == SK_TIP_REMOTE;
	if (!place->is_remote)
		tree = sk_worktrees_find_branch(trees, all->repo, tip->ref);
	if (!tree || tree->is_missing)
		return;
	sk_str_set(&place->worktree, tree->folder);
	find_folder(place, m, all, tip);
}

static const struct sk_mission_tip *
find_mission_branch(const struct sk_mission *m, const struct sk_missions *all)
{
	for (size_t i = 0; i < all->tip_count; i++) {
		const char *name = sk_mission_tip_branch(&all->tips[i]);

		if (name && sk_branch_is_of_mission(name, m->slug))
			return &all->tips[i];
	}
	return NULL;
}

static int find(struct sk_mission_home *home, struct sk_mission *m,
		const struct sk_missions *all, const struct sk_worktrees *trees,
		struct sk_err *err)
{
	const struct sk_mission_tip *branch = find_mission_branch(m, all);
	struct sk_err no_target = {0};
	const struct sk_mission_tip *target = find_target(m, all, &no_target);

	if (branch && branch != target) {
		settle(&home->status, m, all, branch, trees);
		home->is_coordination = is_coordination(
			m, all, branch, target, home->status.worktree.ptr);
	}
	if (!target && !home->is_coordination) {
		*err = no_target;
		return -1;
	}
	if (!home->is_coordination) {
		free_place(&home->status);
		settle(&home->status, m, all, target, trees);
	}
	if (target)
		settle(&home->plan, m, all, target, trees);
	return 0;
}

int sk_mission_home_find(struct sk_mission_home *home, struct sk_mission *m,
			 const struct sk_missions *all, struct sk_err *err)
{
	struct sk_worktrees trees = {0};
	int rc = sk_worktrees_read(&trees, all->repo, err);

	sk_mission_read(m, all);
	if (rc == 0)
		rc = find(home, m, all, &trees, err);
	sk_worktrees_free(&trees);
	return rc;
}

void sk_mission_home_free(struct sk_mission_home *home)
{
	free_place(&home->status);
	free_place(&home->plan);
	home->is_coordination = false;
}
