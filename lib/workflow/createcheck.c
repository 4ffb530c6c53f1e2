/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "git/worktrees.h"
#include "mission/names.h"
#include "workflow/create.h"
#include "workflow/handle.h"

#define HEADS "refs/heads/"

/* A text of a single line, which says something if it is there at all. */
static void check_line(struct sk_faults *faults, const char *what,
		       const char *text, bool may_have_lines)
{
	if (!text)
		return;
	if (!text[strspn(text, " \t\r\n")])
		sk_fault_add(faults, what, what, "the %s is blank", what);
	else if (!may_have_lines && strpbrk(text, "\r\n"))
		sk_fault_add(faults, what, what, "the %s has several lines",
			     what);
}

static void check_texts(struct sk_create *c)
{
	struct sk_faults *faults = &c->faults;

	if (!sk_slug_is_valid(c->slug))
		sk_fault_add(faults, "slug", c->slug,
			     "'%.100s' is no name for a mission: words of a-z"
			     " and 0-9, joined by single hyphens, at most %d"
			     " characters",
			     c->slug, SK_SLUG_MAX);
	if (!sk_template_name_is_safe(c->mission_type) ||
	    strchr(c->mission_type, '/'))
		sk_fault_add(faults, "mission_type", c->mission_type,
			     "'%.100s' is no type of a mission",
			     c->mission_type);
	check_line(faults, "friendly name", c->friendly_name, false);
	check_line(faults, "purpose in one line", c->purpose_tldr, false);
	check_line(faults, "context of the purpose", c->purpose_context, true);
}

/* The worktrees that git-sk and spec-kitty make hold lanes, not plans. */
static void check_here(struct sk_create *c)
{
	const char *tree = sk_repo_work_tree(c->repo);

	if (tree && strstr(tree, "/" SK_WORKTREES_DIR "/"))
		sk_fault_add(&c->faults, "worktree", tree,
			     "'%.200s' is a worktree for the work of a mission:"
			     " go to the main checkout",
			     tree);
}

/* Set what HEAD is on. *unborn: it has no commit yet. */
static int find_current(struct sk_create *c, bool *unborn, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid oid;
	int rc = sk_repo_head(c->repo, &oid, &ref, err);

	*unborn = rc == 1;
	if (rc >= 0 && strncmp(ref.ptr, HEADS, strlen(HEADS)) == 0)
		sk_str_set(&c->current, ref.ptr + strlen(HEADS));
	sk_str_free(&ref);
	return rc < 0 ? -1 : 0;
}

/* A branch that only a remote has. */
static void add_remote_fault(struct sk_create *c,
			     const struct sk_mission_tip *remote)
{
	struct sk_str name = SK_STR_INIT;

	sk_mission_tip_add_name(&name, remote);
	sk_fault_add(&c->faults, "target_branch", c->target.ptr,
		     "branch '%.100s' is not in this clone yet: run 'git branch"
		     " %.100s %.100s'",
		     c->target.ptr, c->target.ptr, name.ptr);
	sk_str_free(&name);
}

static void check_target(struct sk_create *c, bool unborn)
{
	const char *name = c->target.ptr;
	const struct sk_mission_tip *remote;
	struct sk_place_name said;
	struct sk_str ref = SK_STR_INIT;
	bool is_current = strcmp(name, c->current.ptr) == 0;

	sk_str_addf(&ref, HEADS "%s", name);
	if (!*name)
		sk_fault_add(&c->faults, "target_branch", "HEAD",
			     "HEAD is detached: name the branch, with"
			     " --target-branch");
	else if (sk_branch_is_lane(name) || sk_branch_name_read(&said, name))
		sk_fault_add(&c->faults, "target_branch", name,
			     "'%.100s' is the branch of a mission: name"
			     " another, with --target-branch",
			     name);
	else if (sk_missions_tip(&c->missions, ref.ptr))
		; /* there it is */
	else if ((remote = sk_missions_remote(&c->missions, name)))
		add_remote_fault(c, remote);
	else if (!is_current || !unborn)
		sk_fault_add(&c->faults, "target_branch", name,
			     "there is no branch '%.100s'", name);
	else if (!sk_repo_work_tree(c->repo))
		sk_fault_add(&c->faults, "target_branch", name,
			     "branch '%.100s' has no commit yet, and no work"
			     " tree to make one in",
			     name);
	sk_str_free(&ref);
}

/* A commit would end, or confuse, what is under way there. */
static void check_worktree(struct sk_create *c, const struct sk_worktree *tree)
{
	const char *here = sk_repo_work_tree(c->repo);
	const char *what = NULL;

	if (here && strcmp(here, tree->folder) == 0)
		what = sk_worktree_under_way(c->repo, sk_repo_git_dir(c->repo));
	if (what)
		sk_fault_add(&c->faults, "target_branch", c->target.ptr,
			     "%s is under way in '%.200s': end it first", what,
			     tree->folder);
	if (tree->is_anothers)
		sk_fault_add(&c->faults, "target_branch", c->target.ptr,
			     "branch '%.100s' is checked out in '%.200s', of"
			     " which this is a copy: work there",
			     c->target.ptr, tree->folder);
	else if (tree->is_missing)
		sk_fault_add(&c->faults, "target_branch", c->target.ptr,
			     "branch '%.100s' is checked out in '%.200s', which"
			     " is gone: run 'git worktree prune'",
			     c->target.ptr, tree->folder);
}

static int find_worktree(struct sk_create *c, struct sk_err *err)
{
	struct sk_worktrees trees = {0};
	const struct sk_worktree *tree = NULL;
	struct sk_str ref = SK_STR_INIT;
	int rc = sk_worktrees_read(&trees, c->repo, err);

	sk_str_addf(&ref, HEADS "%s", c->target.ptr);
	if (rc == 0)
		tree = sk_worktrees_find_branch(&trees, c->repo, ref.ptr);
	if (tree && !tree->is_bare) {
		check_worktree(c, tree);
		sk_str_set(&c->worktree, tree->folder);
	}
	sk_str_free(&ref);
	sk_worktrees_free(&trees);
	return rc;
}

int sk_create_check(struct sk_create *c, struct sk_err *err)
{
	bool unborn = false;

	check_texts(c);
	check_here(c);
	if (find_current(c, &unborn, err) < 0 ||
	    sk_missions_find(&c->missions, c->repo, err) < 0)
		return -1;
	sk_str_set(&c->target,
		   c->target_branch ? c->target_branch : c->current.ptr);
	check_target(c, unborn);
	if (c->target.len && find_worktree(c, err) < 0)
		return -1;
	return c->faults.len > 0;
}
