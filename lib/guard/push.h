/* SPDX-License-Identifier: MIT */
/*
 * What a push publishes: the commits that it brings to a remote which are on no
 * remote yet, as far as this clone knows. Told by git's pre-push hook, a line
 * for each ref. Deletions publish nothing, tags name what a branch brings.
 * Read without any library but zlib, for hooks.
 */
#ifndef SK_GUARD_PUSH_H
#define SK_GUARD_PUSH_H

#include "base/map.h"
#include "git/walk.h"

/* One ref. */
struct sk_push_ref {
	char *name;	   /* on the remote, "refs/heads/main" */
	struct sk_oid now; /* what it becomes */
	struct sk_oid old; /* what it was there; len 0: it is new */
};

struct sk_push {
	struct sk_push_ref *refs;
	size_t count, cap;
	struct sk_oid *tips; /* what they become, each once */
	size_t tip_count;
	struct sk_oid *hidden; /* what remotes have */
	size_t hidden_count, hidden_cap;
};

#define SK_PUSH_INIT                                                           \
	{                                                                      \
		NULL, 0, 0, NULL, 0, NULL, 0, 0                                \
	}

/*
 * Read `<local ref> <id> <remote ref> <id>` lines, from the right: a local ref
 * may be any expression. *push is owned: sk_push_free(). Returns 0; -1 with
 * SK_EDATA for a line that is none.
 */
int sk_push_read(struct sk_push *push, const char *text, size_t len,
		 struct sk_err *err) SK_NODISCARD;
void sk_push_free(struct sk_push *push);

/*
 * Find what is published already: what the refs were, and every remote-tracking
 * branch. Where this clone does not have what a ref was, the branch that tracks
 * it at the remote of this name takes its place. Returns 0 or -1.
 */
int sk_push_find_published(struct sk_push *push, struct sk_repo *repo,
			   const char *remote, struct sk_err *err) SK_NODISCARD;

/* The trees kitty-specs/ of commits, each looked up once. */
struct sk_specs {
	struct sk_map index; /* of commits */
	struct sk_oid *trees;
	size_t count, cap;
};

#define SK_SPECS_INIT                                                          \
	{                                                                      \
		SK_MAP_INIT, NULL, 0, 0                                        \
	}

/*
 * Set *out to that of a commit; its len is 0 when it has none. Returns 0; 1
 * when the repository does not have the commit; -1.
 */
int sk_specs_find(struct sk_specs *specs, struct sk_repo *repo,
		  const struct sk_oid *commit, struct sk_oid *out,
		  struct sk_err *err) SK_NODISCARD;

/* The same of a commit that was read. Returns 0 or -1. */
int sk_specs_find_read(struct sk_specs *specs, struct sk_repo *repo,
		       const struct sk_commit *commit, struct sk_oid *out,
		       struct sk_err *err) SK_NODISCARD;
void sk_specs_free(struct sk_specs *specs);

/*
 * Whether any commit that is published, or any ref that moves, changes what
 * kitty-specs/ is. Returns 1, 0, or -1 when that cannot be told.
 */
int sk_push_touches(struct sk_push *push, struct sk_repo *repo,
		    struct sk_err *err) SK_NODISCARD;

/* The same of some commits: whether they are not all alike. */
int sk_specs_differ(struct sk_repo *repo, const struct sk_oid *commits,
		    size_t count, struct sk_err *err) SK_NODISCARD;

#endif
