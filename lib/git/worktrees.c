/* SPDX-License-Identifier: MIT */
#include "git/worktrees.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "git/sequence.h"
#include "git/source.h"

enum { NAME_FILE_MAX = 4096 };

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* One line of `git worktree list --porcelain`. */
static void take_line(struct sk_worktrees *out, const char *line)
{
	struct sk_worktree *last =
		out->count ? &out->items[out->count - 1] : NULL;

	if (starts_with(line, "worktree ")) {
		SK_GROW(out->items, out->count, out->cap);
		out->items[out->count++] = (struct sk_worktree){
			.folder = sk_strdup(line + 9),
		};
	} else if (!last) {
		return;
	} else if (starts_with(line, "branch ") && !last->branch) {
		last->branch = sk_strdup(line + 7);
	} else if (strcmp(line, "bare") == 0) {
		last->is_bare = true;
	} else if (starts_with(line, "locked") && !last->locked) {
		last->locked = sk_strdup(line[6] ? line + 7 : "");
	} else if (starts_with(line, "prunable")) {
		last->is_missing = true;
	}
}

/* A git before 2.36 ends lines in line feeds alone. */
static int ask(struct sk_str *said, char *end, const struct sk_repo *repo,
	       struct sk_err *err)
{
	const char *common = sk_repo_common_dir(repo);
	const struct sk_git_place place = {.folder = common, .git_dir = common};
	int rc = sk_git_run(said, NULL, &place, NULL,
			    (const char *const[]){"worktree", "list",
						  "--porcelain", "-z", NULL},
			    err);

	*end = '\0';
	if (rc <= 0)
		return rc;
	*end = '\n';
	sk_str_clear(said);
	return sk_git_must(
		said, &place, NULL,
		(const char *const[]){"worktree", "list", "--porcelain", NULL},
		err);
}

static bool is_same_folder(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/*
 * A worktree's .git names <repository>/worktrees/<name>. A copy of a repository
 * has the original's worktrees on its list, which lead to the original.
 */
static void find_whose(struct sk_worktree *tree, const char *common)
{
	static const char begin[] = "gitdir: ";
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *named;

	sk_str_addf(&path, "%s/.git", tree->folder);
	if (sk_file_read(&text, path.ptr, NAME_FILE_MAX, &ignored) == 0 &&
	    starts_with(text.ptr, begin)) {
		sk_str_rtrim(&text);
		named = text.ptr + strlen(begin);
		sk_str_clear(&path);
		if (*named != '/')
			sk_str_addf(&path, "%s/", tree->folder);
		sk_str_addf(&path, "%s/../..", named);
		tree->is_anothers = access(path.ptr, F_OK) == 0 &&
				    !is_same_folder(path.ptr, common);
	}
	sk_str_free(&path);
	sk_str_free(&text);
}

int sk_worktrees_read(struct sk_worktrees *out, const struct sk_repo *repo,
		      struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	char end;
	int rc = ask(&said, &end, repo, err);

	*out = (struct sk_worktrees){0};
	for (char *at = said.ptr; rc == 0 && at < said.ptr + said.len;) {
		char *stop = strchr(at, end);

		if (!stop)
			stop = at + strlen(at);
		*stop = '\0';
		take_line(out, at);
		at = stop + 1;
	}
	/* a locked one that is gone is not to be pruned, but gone it is */
	for (size_t i = 0; i < out->count; i++) {
		struct sk_worktree *tree = &out->items[i];

		if (i)
			find_whose(tree, sk_repo_common_dir(repo));
		if (tree->is_anothers || access(tree->folder, F_OK) < 0)
			tree->is_missing = true;
	}
	/* git takes a submodule's folder in .git/modules for its work tree */
	if (out->count && sk_repo_work_tree(repo) &&
	    strcmp(sk_repo_git_dir(repo), sk_repo_common_dir(repo)) == 0) {
		free(out->items[0].folder);
		out->items[0].folder = sk_strdup(sk_repo_work_tree(repo));
	}
	sk_str_free(&said);
	return rc;
}

void sk_worktrees_free(struct sk_worktrees *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].folder);
		free(list->items[i].branch);
		free(list->items[i].locked);
	}
	free(list->items);
	*list = (struct sk_worktrees){0};
}

const struct sk_worktree *
sk_worktrees_find_branch(const struct sk_worktrees *list,
			 const struct sk_repo *repo, const char *branch)
{
	const char *ours = sk_repo_work_tree(repo);
	const struct sk_worktree *found = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct sk_worktree *tree = &list->items[i];

		if (tree->is_bare || !tree->branch ||
		    strcmp(tree->branch, branch) != 0)
			continue;
		if (ours && strcmp(tree->folder, ours) == 0)
			return tree;
		if (!found || (found->is_missing && !tree->is_missing))
			found = tree;
	}
	return found;
}

const struct sk_worktree *
sk_worktrees_find_folder(const struct sk_worktrees *list, const char *folder)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct sk_worktree *tree = &list->items[i];

		/* git lists where links lead to */
		if (strcmp(tree->folder, folder) == 0 ||
		    is_same_folder(tree->folder, folder))
			return tree;
	}
	return NULL;
}

int sk_worktree_hint_missing(const struct sk_worktree *tree,
			     const struct sk_repo *repo, struct sk_err *err)
{
	if (tree->is_anothers)
		return sk_hint(err,
			       "this is a copy of that repository: work"
			       " there, or move '%.160s/worktrees' and"
			       " .worktrees away",
			       sk_repo_common_dir(repo));
	if (tree->locked)
		return sk_hint(err, "it is locked: bring it back, or run"
				    " 'git worktree unlock' and 'prune'");
	return sk_hint(err, "that folder is gone: run 'git worktree prune', or"
			    " bring it back");
}

struct sk_git_place sk_worktree_place(const struct sk_repo *repo,
				      const char *folder)
{
	const char *ours = sk_repo_work_tree(repo);
	struct sk_git_place place = {.folder = folder};

	if (getenv("GIT_DIR") && ours && strcmp(ours, folder) == 0) {
		place.git_dir = sk_repo_git_dir(repo);
		place.work_tree = folder;
	}
	return place;
}

/* What is a file where refs are, and elsewhere a ref. */
static bool has_ref(const struct sk_repo *repo, const char *git_dir,
		    const char *name)
{
	const struct sk_git_place place = {.folder = git_dir,
					   .git_dir = git_dir};
	struct sk_err ignored = {0};

	if (repo->layout.has_ref_files)
		return sk_git_dir_has(git_dir, name);
	return sk_git_run(NULL, NULL, &place, NULL,
			  (const char *const[]){"rev-parse", "-q", "--verify",
						name, NULL},
			  &ignored) == 0;
}

const char *sk_worktree_under_way(const struct sk_repo *repo,
				  const char *git_dir)
{
	if (sk_git_dir_has(git_dir, "MERGE_HEAD"))
		return "a merge";
	if (sk_git_dir_has(git_dir, "rebase-merge"))
		return "a rebase";
	if (sk_git_dir_has(git_dir, "rebase-apply"))
		return "a rebase or 'git am'";
	if (has_ref(repo, git_dir, "CHERRY_PICK_HEAD"))
		return "a cherry-pick";
	if (has_ref(repo, git_dir, "REVERT_HEAD"))
		return "a revert";
	return sk_git_dir_has(git_dir, "BISECT_LOG") ? "a bisection" : NULL;
}

/* Whether the file names the branch, in full or, as bisect does, in short. */
static bool names_branch(const char *git_dir, const char *name,
			 const char *branch)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool same = false;

	sk_str_addf(&path, "%s/%s", git_dir, name);
	if (sk_file_read(&text, path.ptr, NAME_FILE_MAX, &ignored) == 0) {
		sk_str_rtrim(&text);
		same = strcmp(text.ptr, branch) == 0 ||
		       (starts_with(branch, "refs/heads/") &&
			strcmp(text.ptr, branch + 11) == 0);
	}
	sk_str_free(&text);
	sk_str_free(&path);
	return same;
}

bool sk_worktree_is_busy_with(const char *git_dir, const char *branch)
{
	return names_branch(git_dir, "rebase-merge/head-name", branch) ||
	       names_branch(git_dir, "rebase-apply/head-name", branch) ||
	       names_branch(git_dir, "BISECT_START", branch);
}

struct search {
	const struct sk_repo *repo;
	const char *branch;
};

static int look_at(void *ctx, const char *name)
{
	const struct search *search = ctx;
	struct sk_str dir = SK_STR_INIT;
	bool busy;

	sk_str_addf(&dir, "%s/worktrees/%s", sk_repo_common_dir(search->repo),
		    name);
	busy = sk_worktree_is_busy_with(dir.ptr, search->branch);
	sk_str_free(&dir);
	return busy;
}

bool sk_worktrees_are_busy_with(const struct sk_repo *repo, const char *branch)
{
	struct search search = {repo, branch};

	return sk_worktree_is_busy_with(sk_repo_common_dir(repo), branch) ||
	       sk_refs_each_worktree(repo, look_at, &search) != 0;
}
