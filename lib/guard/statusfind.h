/* SPDX-License-Identifier: MIT */
/*
 * Where the versions of a status.json come from that git has us merge. It gives
 * us their bytes alone; the event log and meta.json that belong to them lie
 * beside them in some commit, and this finds one: what is being merged first,
 * as far as git lets on, then the tips of branches, then all of history.
 */
#ifndef SK_GUARD_STATUSFIND_H
#define SK_GUARD_STATUSFIND_H

#include "git/oid.h"
#include "git/run.h"

/* What one commit has in the folder; ids of blobs, "" for what is not there. */
struct sk_status_place {
	char status[SK_HEX_LEN + 1];
	char log[SK_HEX_LEN + 1];
	char meta[SK_HEX_LEN + 1];
	char *rev; /* owned; NULL: not found */
};

struct sk_status_find {
	const struct sk_git_place *place;
	const char *path; /* of status.json, from the top */
};

/*
 * Find the commit whose `path` is the blob out->status, and whose log is there.
 * `first` is looked at before all else; ended by NULL, or NULL. *out is owned:
 * sk_status_place_free(). Runs git, six times at most, and once as a rule.
 * Returns 0; 1 when there is none, or it is not looked for everywhere, as the
 * trees of history would have to be fetched; -1.
 */
int sk_status_find(struct sk_status_place *out,
		   const struct sk_status_find *find, const char *const first[],
		   struct sk_err *err) SK_NODISCARD;

/*
 * What this commit has there, whatever its status.json. *out is owned. Returns
 * 0 or -1.
 */
int sk_status_look(struct sk_status_place *out,
		   const struct sk_status_find *find, const char *rev,
		   struct sk_err *err) SK_NODISCARD;
void sk_status_place_free(struct sk_status_place *place);

#endif
