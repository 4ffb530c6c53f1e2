/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/git: a repository, and the ways to read its objects. Refs are
 * read by refs.c where they are files, by refsgit.c where only git can.
 */
#ifndef SK_GIT_SOURCE_H
#define SK_GIT_SOURCE_H

#include "base/map.h"
#include "git/layout.h"
#include "git/repo.h"

/* Bytes of one object: more than anybody wants in memory at once. */
#define SK_OBJECT_MAX (1u << 30)

struct sk_repo {
	struct sk_layout layout;
	const struct sk_source *source;
	void *store;	       /* the source's own */
	struct sk_map shallow; /* ids of commits without their parents */
};

/* Each of them as the function of repo.h with that name. */
struct sk_source {
	int (*open)(struct sk_repo *repo, struct sk_err *err);
	void (*close)(struct sk_repo *repo);
	int (*read)(struct sk_repo *repo, const struct sk_oid *oid,
		    enum sk_object kind, struct sk_raw *out,
		    struct sk_err *err);
	int (*size)(struct sk_repo *repo, const struct sk_oid *oid,
		    size_t *size, struct sk_err *err);
};

/* libgit2: fast for many objects, 4.5 ms to load; SHA-1 alone. */
extern const struct sk_source sk_source_git2;

/* Loose objects by zlib, the rest by a process of git: all that git reads. */
extern const struct sk_source sk_source_plumbing;

/* As sk_repo_open(), with that source wherever it can. Returns alike. */
int sk_repo_open_by(struct sk_repo **out, const struct sk_source *source,
		    struct sk_err *err) SK_NODISCARD;

/* Look anew at what objects there are. Returns 0 or -1. */
int sk_repo_reopen(struct sk_repo *repo, struct sk_err *err) SK_NODISCARD;

/* "commit", "tree" or "blob". */
const char *sk_object_name(enum sk_object kind);

/*
 * As sk_repo_head() and sk_repo_each_tip(), asking git: for refs that are no
 * files. One or two processes each. Return as those two.
 */
int sk_refs_ask_head(struct sk_repo *repo, struct sk_oid *out,
		     struct sk_str *ref, struct sk_err *err) SK_NODISCARD;
int sk_refs_ask_tips(struct sk_repo *repo, bool with_remotes, sk_tip_fn *each,
		     void *ctx, struct sk_err *err) SK_NODISCARD;

/* As sk_repo_each_head(), in one process. Returns as that. */
int sk_refs_ask_heads(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		      struct sk_err *err) SK_NODISCARD;

/* The name of the worktree's HEAD where it is detached. */
void sk_refs_add_head_name(struct sk_str *out, const struct sk_repo *repo);

/*
 * Visit the names of the linked worktrees, as folders have them. Stops when
 * `each` returns non-zero. Returns that, or 0.
 */
typedef int sk_worktree_fn(void *ctx, const char *name);
int sk_refs_each_worktree(const struct sk_repo *repo, sk_worktree_fn *each,
			  void *ctx);

#endif
