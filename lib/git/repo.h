/* SPDX-License-Identifier: MIT */
/*
 * A repository, read only: its folders, its refs, its objects as raw bytes,
 * whatever their format. What the bytes mean is read here and in walk.h and
 * tree.h, which is forty times faster on a long history than libgit2's own
 * diff with a path. Never fetches a missing object, never writes.
 */
#ifndef SK_GIT_REPO_H
#define SK_GIT_REPO_H

#include "base/err.h"
#include "base/str.h"
#include "git/oid.h"

struct sk_repo;

/*
 * Open the repository of the working folder, or the one GIT_DIR names, by its
 * git folder alone (layout.h). Costs next to nothing, and a process of git when
 * an object is wanted that is not loose: right for a hook. *out is owned, close
 * it with sk_repo_close(). Returns 0; -1 with SK_ENOREPO when there is none.
 */
int sk_repo_open(struct sk_repo **out, struct sk_err *err) SK_NODISCARD;
void sk_repo_close(struct sk_repo *repo);

/*
 * The same for a command that a person runs: where anything of the repository
 * is not this user's, git is asked first, and when it refuses ("dubious
 * ownership": not in safe.directory) so do we, in its words. A hook need not
 * ask, git ran it.
 * Objects are read by libgit2 where it can, which is faster for many.
 */
int sk_repo_open_as_git(struct sk_repo **out, struct sk_err *err) SK_NODISCARD;

/* Absolute, without a slash at the end; borrowed. The work tree of a bare
 * repository is NULL. Linked worktrees share the common folder. */
const char *sk_repo_git_dir(const struct sk_repo *repo);
const char *sk_repo_common_dir(const struct sk_repo *repo);
const char *sk_repo_work_tree(const struct sk_repo *repo);

/*
 * The commit HEAD names, and under which name its cursor is kept: the branch
 * ("refs/heads/main"), or for a detached HEAD "HEAD", in a linked worktree
 * "worktrees/<name>/HEAD". Returns 0; 1 for an unborn branch; -1.
 */
int sk_repo_head(struct sk_repo *repo, struct sk_oid *out, struct sk_str *ref,
		 struct sk_err *err) SK_NODISCARD;

/*
 * Visit the commit of every branch, local and remote-tracking, and of the HEAD
 * of every worktree, with the name its cursor has; a commit may come twice.
 * Stops when `each` returns non-zero. Returns that, or 0; -1. The second leaves
 * remote-tracking branches out: what this clone itself has worked on.
 */
typedef int sk_tip_fn(void *ctx, const char *ref, const struct sk_oid *tip);
int sk_repo_each_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		     struct sk_err *err) SK_NODISCARD;
int sk_repo_each_local_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
			   struct sk_err *err) SK_NODISCARD;

/*
 * Visit the commit at HEAD of every worktree, "HEAD" or
 * "worktrees/<name>/HEAD", on a branch or not; one that cannot be read has
 * none. Returns as above.
 */
int sk_repo_each_head(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Visit the commits that other refs name: tags, and whatever else refs/ has,
 * but the stash, which holds what was not committed yet. Runs git; one that
 * cannot tell, for an object is missing, has no other refs. Returns as above.
 */
int sk_repo_each_other_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
			   struct sk_err *err) SK_NODISCARD;

/* The commit a revision names. Returns 0; -1 with SK_EUSAGE when it is none. */
int sk_repo_resolve(struct sk_repo *repo, const char *rev, struct sk_oid *out,
		    struct sk_err *err) SK_NODISCARD;

enum sk_object {
	SK_OBJECT_COMMIT,
	SK_OBJECT_TREE,
	SK_OBJECT_BLOB,
};

/* The bytes of one object, which whoever read it may share with its cache. */
struct sk_raw {
	const char *data;
	size_t len;
	void *handle;
	void (*release)(void *handle);
};

#define SK_RAW_INIT                                                            \
	{                                                                      \
		.data = ""                                                     \
	}

/*
 * Read an object. *out is released with sk_raw_release(), before the repository
 * is closed.
 * Returns 0; 1 when the repository does not have it; -1 when it is damaged or
 * of another kind.
 */
int sk_repo_read(struct sk_repo *repo, const struct sk_oid *oid,
		 enum sk_object kind, struct sk_raw *out,
		 struct sk_err *err) SK_NODISCARD;
void sk_raw_release(struct sk_raw *raw);

/* Size in bytes of a blob, without unpacking it. Returns 0; 1 absent; -1. */
int sk_repo_blob_size(struct sk_repo *repo, const struct sk_oid *oid,
		      size_t *size, struct sk_err *err) SK_NODISCARD;

/* Whether this commit's parents were cut off (git-clone --depth). */
bool sk_repo_is_shallow_at(const struct sk_repo *repo,
			   const struct sk_oid *oid);

/* Whether any were. */
bool sk_repo_is_shallow(const struct sk_repo *repo);

/* Whether objects were left out (git-clone --filter), to be fetched later. */
bool sk_repo_is_partial(const struct sk_repo *repo);

/*
 * Have git fetch these objects, which a partial clone left out, from the remote
 * that promised them. Waits for the network: nothing for a hook. `shows` lets
 * git say on stderr how far it is. Returns 0 or -1.
 */
int sk_repo_fetch(struct sk_repo *repo, const struct sk_oid *ids, size_t count,
		  bool shows, struct sk_err *err) SK_NODISCARD;

/*
 * Have it fetch the file at `path` in HEAD's tree, and the trees on the way.
 * Waits for the network. Returns 0, also when there is none; -1.
 */
int sk_repo_fetch_head(struct sk_repo *repo, const char *path,
		       struct sk_err *err) SK_NODISCARD;

/* Version of the libgit2 in use, "1.5.1"; borrowed for ever. */
const char *sk_git_library_version(void);

#endif
