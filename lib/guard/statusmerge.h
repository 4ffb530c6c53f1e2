/* SPDX-License-Identifier: MIT */
/*
 * status.json of a merge: made anew from the merged event log, as it is made of
 * every log, for no merge of its lines says anything. The logs are those that
 * belong to the versions that git gives us; where they cannot be found, or do
 * not merge, there is no answer rather than a wrong one.
 */
#ifndef SK_GUARD_STATUSMERGE_H
#define SK_GUARD_STATUSMERGE_H

#include "git/repo.h"
#include "mission/logmerge.h"

struct sk_status_merge {
	const char *path;		  /* of status.json, from the top */
	const char *base, *ours, *theirs; /* files with the versions */
	enum sk_log_loss loss;
};

/*
 * Append the merged status.json. Runs git a few times, in the working folder,
 * which the names of the files are from.
 *
 * Returns 0; 1 when it cannot be told, with the reason in *why; -1.
 */
int sk_status_merge(struct sk_str *out, struct sk_str *why,
		    struct sk_repo *repo, const struct sk_status_merge *in,
		    struct sk_err *err) SK_NODISCARD;

#endif
