/* SPDX-License-Identifier: MIT */
/*
 * Where the parts of a repository lie, found as git finds them. Git's folder is
 * all it takes: what git tells its hooks about the index and the work tree
 * (GIT_INDEX_FILE, which may be of a kind nobody else reads) is no concern of
 * who reads commits.
 */
#ifndef SK_GIT_LAYOUT_H
#define SK_GIT_LAYOUT_H

#include "base/err.h"

/* Paths are absolute, without a slash at the end. */
struct sk_layout {
	char *git_dir;	    /* of the worktree */
	char *common_dir;   /* of all worktrees */
	char *objects_dir;  /* where new objects go */
	char *work_tree;    /* NULL: bare */
	bool is_sha256;	    /* the format of its ids */
	bool has_ref_files; /* refs are files; else only git can read them */
	bool is_partial;    /* objects may be left out, to be fetched later */
	char *promisor;	    /* the remote that has them; NULL: none is named */
};

/*
 * Find the repository of the working folder, or the one GIT_DIR names, with
 * GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY and GIT_WORK_TREE heeded. *layout is
 * owned: sk_layout_free(). Returns 0; -1 with SK_ENOREPO when there is none.
 */
int sk_layout_find(struct sk_layout *layout, struct sk_err *err) SK_NODISCARD;
void sk_layout_free(struct sk_layout *layout);

#endif
