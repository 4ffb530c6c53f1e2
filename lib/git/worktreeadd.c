/* SPDX-License-Identifier: MIT */
#include "git/worktreeadd.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/headfile.h"
#include "git/indexhold.h"
#include "git/recordpart.h"
#include "git/worktreeclear.h"
#include "git/worktrees.h"

static struct sk_git_place common_place(const struct sk_repo *repo)
{
	return (struct sk_git_place){.folder = sk_repo_common_dir(repo),
				     .git_dir = sk_repo_common_dir(repo)};
}

static int run(const struct sk_repo *repo, const char *const args[],
	       struct sk_err *err)
{
	const struct sk_git_place place = common_place(repo);

	return sk_git_must(NULL, &place, NULL, args, err);
}

/* A folder that is not there, or empty, is free. */
static int check_folder(const char *folder, struct sk_err *err)
{
	struct stat st;

	if (lstat(folder, &st) < 0)
		return errno == ENOENT
			       ? 0
			       : sk_fail_errno(err, errno, "cannot use '%s'",
					       folder);
	if (S_ISDIR(st.st_mode) && rmdir(folder) == 0)
		return 0;
	sk_fail(err, SK_EFAIL,
		"'%s' exists and is no worktree of this"
		" repository",
		folder);
	return sk_hint(err, "move it away");
}

/* Returns 0 when all in it is committed; -1 naming what is not. */
static int check_clean(const struct sk_git_place *place, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT, shown = SK_STR_INIT;
	size_t count = 0;
	int rc = sk_git_must(&said, place, NULL,
			     (const char *const[]){"status", "--porcelain",
						   "--no-renames", "-z", NULL},
			     err);

	for (const char *at = said.ptr; rc == 0 && at < said.ptr + said.len;
	     at += strlen(at) + 1)
		count++;
	if (count) {
		if (said.len > 3)
			sk_str_add_visible(&shown, said.ptr + 3,
					   strlen(said.ptr) - 3, 200);
		rc = sk_fail(err, SK_EFAIL, "'%s'%s not committed in '%s'",
			     shown.ptr, count > 1 ? " and more are" : " is",
			     place->folder);
		sk_hint(err, "commit or stash what 'git status' shows there");
	}
	sk_str_free(&shown);
	sk_str_free(&said);
	return rc;
}

/* Returns 1 when it can be used as it is; -1. */
static int check_existing(const struct sk_repo *repo,
			  const struct sk_worktree *tree, const char *branch,
			  struct sk_err *err)
{
	struct sk_git_place place = sk_worktree_place(repo, tree->folder);
	struct sk_str dir = SK_STR_INIT;
	const char *what;
	int rc;

	if (tree->is_missing) {
		sk_fail(err, SK_EFAIL, "the worktree in '%s' is %s",
			tree->folder,
			tree->is_anothers ? "another repository's" : "gone");
		if (tree->is_anothers || tree->locked)
			return sk_worktree_hint_missing(tree, repo, err);
		return sk_hint(err, "if it was moved run 'git worktree repair"
				    " <folder>', else 'git worktree prune'");
	}
	rc = sk_git_must(
		&dir, &place, NULL,
		(const char *const[]){"rev-parse", "--absolute-git-dir", NULL},
		err);
	sk_str_rtrim(&dir);
	what = rc == 0 ? sk_worktree_under_way(repo, dir.ptr) : NULL;
	if (what) {
		rc = sk_fail(err, SK_EFAIL, "%s is under way in '%s'", what,
			     tree->folder);
		sk_hint(err, "end it first, or give it up:"
			     " 'git status' says how");
	} else if (rc == 0 &&
		   (!tree->branch || strcmp(tree->branch, branch) != 0)) {
		rc = sk_fail(err, SK_EFAIL, "'%s' is on '%s', not on '%s'",
			     tree->folder,
			     tree->branch ? sk_branch_name(tree->branch)
					  : "no branch",
			     sk_branch_name(branch));
		sk_hint(err, "run 'git switch %s' there",
			sk_branch_name(branch));
	} else if (rc == 0) {
		rc = check_clean(&place, err);
	}
	sk_str_free(&dir);
	return rc < 0 ? -1 : 1;
}

/* A repository that was moved as a whole has its worktrees with it. */
static void hint_at_elsewhere(const struct sk_worktree *tree, bool is_main,
			      const struct sk_repo *repo,
			      const struct sk_worktree_wanted *wanted,
			      struct sk_err *err)
{
	struct sk_str link = SK_STR_INIT;

	sk_str_addf(&link, "%s/.git", wanted->folder);
	if (!tree->is_missing && is_main)
		sk_hint(err, "run 'git switch %s' there", wanted->home);
	else if (!tree->is_missing)
		sk_hint(err, "use that worktree, or remove it");
	else if (!tree->is_anothers && access(link.ptr, F_OK) == 0)
		sk_hint(err, "if it was moved run 'git worktree repair %s'",
			wanted->folder);
	else
		sk_worktree_hint_missing(tree, repo, err);
	sk_str_free(&link);
}

/* Returns 0: it can be made; 1: it is there; -1. */
static int check(struct sk_repo *repo, const struct sk_worktree_wanted *wanted,
		 struct sk_err *err)
{
	struct sk_worktrees list = {0};
	const struct sk_worktree *tree;
	int rc = sk_worktrees_read(&list, repo, err);

	if (rc < 0)
		return -1;
	if ((tree = sk_worktrees_find_folder(&list, wanted->folder))) {
		rc = check_existing(repo, tree, wanted->branch, err);
	} else if ((tree = sk_worktrees_find_branch(&list, repo,
						    wanted->branch))) {
		rc = sk_fail(err, SK_EFAIL, "'%s' is checked out in '%s'",
			     sk_branch_name(wanted->branch), tree->folder);
		hint_at_elsewhere(tree, tree == list.items, repo, wanted, err);
	} else if (sk_worktrees_are_busy_with(repo, wanted->branch)) {
		rc = sk_fail(err, SK_EFAIL, "'%s' is being rebased or bisected",
			     sk_branch_name(wanted->branch));
		sk_hint(err, "end that first, or give it up");
	} else {
		rc = check_folder(wanted->folder, err);
	}
	sk_worktrees_free(&list);
	return rc;
}

/* Set *hex to the commit, "" when there is none. Returns 0 or -1. */
static int find_commit(char hex[SK_HEX_LEN + 1], const struct sk_repo *repo,
		       const char *revision, struct sk_err *err)
{
	const struct sk_git_place place = common_place(repo);
	struct sk_str commit = SK_STR_INIT;
	int rc;

	sk_str_addf(&commit, "%s^{commit}", revision);
	rc = sk_recording_ask(hex, &place,
			      (const char *const[]){"rev-parse", "-q",
						    "--verify", commit.ptr,
						    NULL},
			      err);
	sk_str_free(&commit);
	return rc;
}

/*
 * Of names like folders: a branch "a" is in the way of one "a/b", and the other
 * way round. Set *found to one that is in the way, "" when none is.
 */
static void find_in_way(struct sk_str *found, const struct sk_repo *repo,
			const char *branch)
{
	const struct sk_git_place place = common_place(repo);
	const char *slash = branch + strlen("refs/heads/");
	struct sk_err ignored = {0};
	struct sk_str name = SK_STR_INIT;

	while (!found->len && (slash = strchr(slash, '/'))) {
		sk_str_clear(&name);
		sk_str_add(&name, branch, (size_t)(slash++ - branch));
		if (sk_git_run(NULL, NULL, &place, NULL,
			       (const char *const[]){"show-ref", "-q",
						     "--verify", name.ptr,
						     NULL},
			       &ignored) == 0)
			sk_str_set(found, name.ptr);
	}
	sk_str_clear(&name);
	sk_str_addf(&name, "%s/", branch);
	if (!found->len &&
	    sk_git_run(found, NULL, &place, NULL,
		       (const char *const[]){"for-each-ref", "--count=1",
					     "--format=%(refname)", name.ptr,
					     NULL},
		       &ignored) == 0)
		sk_str_rtrim(found);
	sk_str_free(&name);
}

static void hint_at_in_way(const struct sk_repo *repo,
			   const struct sk_worktree_wanted *wanted,
			   struct sk_err *err)
{
	struct sk_str found = SK_STR_INIT;

	find_in_way(&found, repo, wanted->branch);
	if (!found.len)
		find_in_way(&found, repo, wanted->from);
	if (found.len)
		sk_hint(err, "run 'git branch -m %s <name>', or remove it",
			sk_branch_name(found.ptr));
	sk_str_free(&found);
}

/* Both branches at once, each only if it is still missing. */
static int make_branches(struct sk_worktree_added *added,
			 const struct sk_repo *repo,
			 const struct sk_worktree_wanted *wanted,
			 struct sk_err *err)
{
	const struct sk_git_place place = common_place(repo);
	char branch[SK_HEX_LEN + 1], from[SK_HEX_LEN + 1], base[SK_HEX_LEN + 1];
	char start[SK_HEX_LEN + 1];
	struct sk_str lines = SK_STR_INIT;
	int rc = find_commit(branch, repo, wanted->branch, err);

	if (rc < 0 || *branch)
		return rc;
	rc = find_commit(from, repo, wanted->from, err);
	*base = '\0';
	if (rc == 0 && !*from && wanted->base)
		rc = find_commit(base, repo, wanted->base, err);
	if (rc == 0 && !*from && !*base)
		return sk_fail(err, SK_EFAIL, "there is no commit '%s'",
			       sk_branch_name(wanted->base ? wanted->base
							   : wanted->from));
	memcpy(start, *from ? from : base, sizeof(start));
	if (rc == 0 && wanted->start)
		rc = find_commit(start, repo, wanted->start, err);
	if (rc == 0 && !*start)
		return sk_fail(err, SK_EFAIL, "there is no commit '%s'",
			       wanted->start);
	if (*base)
		sk_str_addf(&lines, "create %s %s\n", wanted->from, base);
	sk_str_addf(&lines, "create %s %s\n", wanted->branch, start);
	if (rc == 0)
		rc = sk_git_must(
			NULL, &place,
			&(struct sk_feed){.data = lines.ptr, .len = lines.len},
			(const char *const[]){"update-ref", "--stdin", NULL},
			err);
	if (rc < 0)
		hint_at_in_way(repo, wanted, err);
	if (rc == 0) {
		memcpy(added->from, base, sizeof(base));
		memcpy(added->branch, start, sizeof(start));
	}
	sk_str_free(&lines);
	return rc;
}

static int take_back_branch(const struct sk_repo *repo, const char *branch,
			    const char *made, struct sk_err *err)
{
	return *made ? run(repo,
			   (const char *const[]){"update-ref", "-d", branch,
						 made, NULL},
			   err)
		     : 0;
}

static int take_back(const struct sk_repo *repo,
		     const struct sk_worktree_wanted *wanted,
		     const struct sk_worktree_added *added, struct sk_err *err)
{
	int rc = 0;

	if (added->has_folder)
		rc = run(repo,
			 (const char *const[]){"worktree", "remove", "--",
					       wanted->folder, NULL},
			 err);
	if (rc == 0)
		rc = take_back_branch(repo, wanted->branch, added->branch, err);
	if (rc == 0)
		rc = take_back_branch(repo, wanted->from, added->from, err);
	return rc;
}

static int make(struct sk_worktree_added *added, struct sk_repo *repo,
		const struct sk_worktree_wanted *wanted, struct sk_err *err)
{
	const struct sk_git_place place = common_place(repo);
	struct sk_err ignored = {0};
	int rc = make_branches(added, repo, wanted, err);

	if (rc == 0)
		rc = sk_git_must(
			NULL, &place,
			&(struct sk_feed){.data = "",
					  .started = sk_worktree_say_child,
					  .ctx = repo},
			(const char *const[]){
				"worktree", "add", "--lock", "--reason",
				SK_WORKTREE_MARK, "--", wanted->folder,
				sk_branch_name(wanted->branch), NULL},
			err);
	if (rc == 0)
		rc = run(repo,
			 (const char *const[]){"worktree", "unlock",
					       wanted->folder, NULL},
			 err);
	added->has_folder = rc == 0;
	if (rc == 0)
		return 0;
	/* what bears our mark: another's there would not */
	sk_worktree_clear(repo, true);
	(void)!take_back(repo, wanted, added, &ignored);
	*added = (struct sk_worktree_added){.branch = ""};
	return -1;
}

int sk_worktree_add(struct sk_worktree_added *added, struct sk_repo *repo,
		    const struct sk_worktree_wanted *wanted, struct sk_err *err)
{
	struct sk_err ignored = {0};
	struct sk_hold hold;
	int rc = sk_hold_enter(&hold, sk_repo_common_dir(repo), err);

	*added = (struct sk_worktree_added){.branch = ""};
	if (rc < 0)
		return -1;
	rc = sk_worktree_await_child(repo, err);
	if (rc == 0)
		sk_worktree_clear(repo, false);
	if (rc == 0)
		rc = check(repo, wanted, err);
	if (rc == 0) {
		rc = make(added, repo, wanted, err);
		(void)!sk_worktree_await_child(repo, &ignored);
	}
	sk_hold_leave(&hold);
	return rc;
}

int sk_worktree_take_back(struct sk_repo *repo,
			  const struct sk_worktree_wanted *wanted,
			  const struct sk_worktree_added *added,
			  struct sk_err *err)
{
	return take_back(repo, wanted, added, err);
}
