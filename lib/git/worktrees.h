/* SPDX-License-Identifier: MIT */
/* The worktrees of a repository, and what each has checked out. */
#ifndef SK_GIT_WORKTREES_H
#define SK_GIT_WORKTREES_H

#include "git/repo.h"
#include "git/run.h"

struct sk_worktree {
	char *folder; /* absolute; of a bare repository its own */
	char *branch; /* "refs/heads/main"; NULL: none, or detached */
	bool is_bare;
	bool is_missing;  /* registered, but the folder is gone, or not ours: */
	bool is_anothers; /* of the repository that this one is a copy of */
	char *locked;	  /* why it is, or ""; NULL: it is not */
};

struct sk_worktrees {
	struct sk_worktree *items; /* the main one first */
	size_t count, cap;
};

/* List them. Runs git. *out is owned: sk_worktrees_free(). Returns 0 or -1. */
int sk_worktrees_read(struct sk_worktrees *out, const struct sk_repo *repo,
		      struct sk_err *err) SK_NODISCARD;
void sk_worktrees_free(struct sk_worktrees *list);

/*
 * The one that has the branch checked out, that of `repo` before others and
 * one whose folder is there before one that is missing; NULL: none has.
 * Borrowed.
 */
const struct sk_worktree *
sk_worktrees_find_branch(const struct sk_worktrees *list,
			 const struct sk_repo *repo, const char *branch);

/* The one in that folder; NULL: none is. Borrowed. */
const struct sk_worktree *
sk_worktrees_find_folder(const struct sk_worktrees *list, const char *folder);

/* Hint at what to do about one that is missing. Returns -1. */
int sk_worktree_hint_missing(const struct sk_worktree *tree,
			     const struct sk_repo *repo, struct sk_err *err);

/*
 * Where git works on the worktree in `folder`: it finds the repository there by
 * itself, unless it is ours and the environment alone knows. Borrowed.
 */
struct sk_git_place sk_worktree_place(const struct sk_repo *repo,
				      const char *folder);

/*
 * What is under way in the worktree with this git folder and would be ended or
 * confused by a commit: "a merge", "a rebase", ...; NULL: nothing. Borrowed for
 * ever.
 */
const char *sk_worktree_under_way(const struct sk_repo *repo,
				  const char *git_dir);

/* Whether that is of this branch: a rebase, or a bisection. */
bool sk_worktree_is_busy_with(const char *git_dir, const char *branch);

/*
 * Whether any worktree is in the middle of a rebase or bisection of that
 * branch, and will want to find it where it left it.
 */
bool sk_worktrees_are_busy_with(const struct sk_repo *repo, const char *branch);

#endif
