/* SPDX-License-Identifier: MIT */
/*
 * Walking commits: everything that one commit reaches and others don't, oldest
 * first. A commit whose parents a shallow clone cut off ends the walk there.
 */
#ifndef SK_GIT_WALK_H
#define SK_GIT_WALK_H

#include "git/repo.h"

struct sk_commit {
	struct sk_oid id;
	struct sk_oid tree;
	struct sk_oid *parents;
	size_t parent_count; /* 0 for a root, and where history is cut off */
	bool is_cut;	     /* has parents, but this clone does not */
	int64_t author_time; /* seconds since the epoch, to the year 9999 */
	int64_t commit_time;
	unsigned flags; /* the walk's own */
};

struct sk_walk {
	struct sk_commit **commits; /* parents before children */
	size_t count;
	struct sk_commit **all; /* everything read, for sk_walk_free() */
	size_t all_count, all_cap;
};

#define SK_WALK_INIT                                                           \
	{                                                                      \
		NULL, 0, NULL, 0, 0                                            \
	}

/*
 * Fill *walk with what the `tips` reach minus what the `hidden` commits reach,
 * whatever their dates say. A hidden commit the repository does not have hides
 * itself alone. *walk is owned, free it with sk_walk_free(). Returns 0 or -1.
 */
int sk_walk_commits(struct sk_walk *walk, struct sk_repo *repo,
		    const struct sk_oid *tips, size_t tip_count,
		    const struct sk_oid *hidden, size_t hidden_count,
		    struct sk_err *err) SK_NODISCARD;
void sk_walk_free(struct sk_walk *walk);

/*
 * Read one commit; *out is owned, free it with sk_commit_free(). Returns 0; 1
 * when the repository does not have it; -1.
 */
int sk_commit_read(struct sk_commit **out, struct sk_repo *repo,
		   const struct sk_oid *id, struct sk_err *err) SK_NODISCARD;
void sk_commit_free(struct sk_commit *commit);

/*
 * Append the name of the commit's author, from the encoding the commit names
 * to UTF-8; one that iconv does not know is left as it is. Returns 0 or -1.
 */
int sk_commit_author(struct sk_str *out, struct sk_repo *repo,
		     const struct sk_oid *id, struct sk_err *err) SK_NODISCARD;

#endif
