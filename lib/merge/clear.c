/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "git/refsmove.h"
#include "git/worktrees.h"
#include "merge/carry.h"

#define HEADS "refs/heads/"

enum { NAME_MAX_SHOWN = 200 };

static const struct sk_merge_ref *
find_target(const struct sk_merge_state *state)
{
	const struct sk_merge_ref *found = NULL;
	struct sk_str ref = SK_STR_INIT;

	sk_str_addf(&ref, HEADS "%s", state->target);
	for (size_t i = 0; i < state->ref_count && !found; i++) {
		if (strcmp(state->refs[i].ref, ref.ptr) == 0)
			found = &state->refs[i];
	}
	sk_str_free(&ref);
	return found;
}

void sk_merge_tell_git(const struct sk_merge_state *state, struct sk_repo *repo,
		       struct sk_str *said, bool *is_hooked)
{
	const struct sk_merge_ref *target = find_target(state);
	struct sk_err ignored = {0};
	struct sk_git_place place;

	*is_hooked = target && target->worktree;
	if (!*is_hooked || strcmp(target->from, target->to) == 0)
		return;
	place = sk_worktree_place(repo, target->worktree);
	(void)!sk_git_run(NULL, NULL, &place, NULL,
			  (const char *const[]){"update-ref", "ORIG_HEAD",
						target->from, NULL},
			  &ignored);
	(void)!sk_git_run(said, said, &place, NULL,
			  (const char *const[]){"hook", "run",
						"--ignore-missing",
						"post-merge", "--", "0", NULL},
			  &ignored);
}

int sk_merge_push(struct sk_merge_state *state, struct sk_repo *repo,
		  struct sk_err *err)
{
	const struct sk_merge_ref *target = find_target(state);
	const char *common = sk_repo_common_dir(repo);
	struct sk_git_place place = {.folder = common, .git_dir = common};
	struct sk_str spec = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc;

	if (!state->remote || state->has_pushed)
		return 0;
	/* its hooks run where the target is checked out, if it is */
	if (target && target->worktree)
		place = sk_worktree_place(repo, target->worktree);
	sk_str_addf(&spec, HEADS "%s:%s", state->target, state->there);
	rc = sk_git_must(NULL, &place, NULL,
			 (const char *const[]){"push", "--", state->remote,
					       spec.ptr, NULL},
			 err);
	if (rc == 0) {
		state->has_pushed = true;
		/* pushed twice is pushed */
		(void)!sk_merge_state_write(state, repo, &ignored);
	}
	sk_str_free(&spec);
	return rc;
}

/* Keep it, for what git, or whoever, has said. */
static void keep(struct sk_merge_cleared *cleared, const char *reason)
{
	size_t len = strlen(reason);

	sk_str_add(&cleared->reason, reason,
		   len - (len && reason[len - 1] == '.'));
}

/* What git ignores it takes for expendable; whoever has put it there may not.
 */
static bool has_ignored(struct sk_merge_cleared *cleared,
			const struct sk_git_place *place)
{
	const char *const args[] = {
		"ls-files",	      "-z",	     "--others", "--ignored",
		"--exclude-standard", "--directory", NULL};
	struct sk_str names = SK_STR_INIT, reason = SK_STR_INIT;
	struct sk_err err = {0};
	bool has = sk_git_must(&names, place, NULL, args, &err) < 0;

	if (has) {
		keep(cleared, err.msg);
	} else if (names.len) {
		has = true;
		sk_str_puts(&reason, "git ignores files in it, as '");
		sk_str_add_visible(&reason, names.ptr, strlen(names.ptr),
				   NAME_MAX_SHOWN);
		sk_str_puts(&reason, "', and 'git worktree remove' would take"
				     " them with it");
		keep(cleared, reason.ptr);
	}
	sk_str_free(&reason);
	sk_str_free(&names);
	return has;
}

/* Whether the worktree is what was merged, with nobody in it. */
static bool may_go(struct sk_merge_cleared *cleared,
		   const struct sk_merge_rest *rest,
		   const struct sk_git_place *place)
{
	struct sk_str head = SK_STR_INIT;
	struct sk_err ignored = {0};
	char *here = getcwd(NULL, 0);
	bool may = false;

	if (here && sk_path_is_inside(here, rest->name)) {
		keep(cleared, "you are in it");
	} else if (sk_git_run(&head, NULL, place, NULL,
			      (const char *const[]){"rev-parse", "-q",
						    "--verify", "HEAD", NULL},
			      &ignored) != 0 ||
		   strncmp(head.ptr, rest->tip, strlen(rest->tip)) != 0) {
		keep(cleared, "it is not at what was merged any more");
	} else {
		may = !has_ignored(cleared, place);
	}
	free(here);
	sk_str_free(&head);
	return may;
}

static void remove_worktree(struct sk_merge_cleared *cleared,
			    const struct sk_merge_rest *rest,
			    const struct sk_git_place *place)
{
	const struct sk_git_place there = {.folder = rest->name};
	struct sk_err err = {0};

	/* where an earlier run has been cut off */
	cleared->is_removed = access(rest->name, F_OK) < 0;
	if (cleared->is_removed || !may_go(cleared, rest, &there))
		return;
	cleared->is_removed =
		sk_git_must(NULL, place, NULL,
			    (const char *const[]){"--no-optional-locks",
						  "worktree", "remove", "--",
						  rest->name, NULL},
			    &err) == 0;
	if (!cleared->is_removed)
		keep(cleared, err.msg);
}

static bool is_checked_out(struct sk_repo *repo, const char *ref)
{
	struct sk_worktrees trees = {0};
	struct sk_err ignored = {0};
	bool is_out = sk_worktrees_read(&trees, repo, &ignored) < 0 ||
		      sk_worktrees_find_branch(&trees, repo, ref) ||
		      sk_worktrees_are_busy_with(repo, ref);

	sk_worktrees_free(&trees);
	return is_out;
}

/* By the id it was merged at: 'git branch -d' does not know of a squash. */
static void delete_branch(struct sk_merge_cleared *cleared,
			  const struct sk_merge_rest *rest, const char *ref,
			  const struct sk_git_place *place)
{
	const struct sk_ref_move move = {.ref = ref, .from = rest->tip};
	struct sk_str section = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_refs_move(place, &move, 1, "sk-merge: merged", &err) < 0) {
		keep(cleared, err.msg);
		return;
	}
	cleared->is_removed = true;
	sk_str_addf(&section, "branch.%s", rest->name);
	(void)!sk_git_run(NULL, NULL, place, NULL,
			  (const char *const[]){"config", "--remove-section",
						section.ptr, NULL},
			  &err);
	sk_str_free(&section);
}

static void remove_branch(struct sk_merge_cleared *cleared,
			  const struct sk_merge_rest *rest,
			  struct sk_repo *repo,
			  const struct sk_git_place *place)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_err ignored = {0};

	sk_str_addf(&ref, HEADS "%s", rest->name);
	cleared->is_removed =
		sk_git_run(NULL, NULL, place, NULL,
			   (const char *const[]){"show-ref", "-q", "--verify",
						 ref.ptr, NULL},
			   &ignored) == 1;
	if (!cleared->is_removed && is_checked_out(repo, ref.ptr))
		keep(cleared, "it is checked out");
	else if (!cleared->is_removed)
		delete_branch(cleared, rest, ref.ptr, place);
	sk_str_free(&ref);
}

void sk_merge_clear(struct sk_merge_state *state, struct sk_repo *repo)
{
	const char *common = sk_repo_common_dir(repo);
	const struct sk_git_place place = {.folder = common, .git_dir = common};

	state->cleared =
		sk_calloc(state->rest_count + 1, sizeof(*state->cleared));
	for (size_t i = 0; i < state->rest_count; i++) {
		struct sk_merge_cleared *cleared = &state->cleared[i];
		const struct sk_merge_rest *rest = &state->rests[i];

		cleared->reason = (struct sk_str)SK_STR_INIT;
		if (rest->is_worktree)
			remove_worktree(cleared, rest, &place);
		else
			remove_branch(cleared, rest, repo, &place);
	}
}
