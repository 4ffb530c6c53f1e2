/* SPDX-License-Identifier: MIT */
/*
 * Whether the lanes of a mission have the branch that they are merged into. A
 * clone without a branch of any lane is none of those that need one.
 */
#ifndef SK_GUARD_LANEBRANCH_H
#define SK_GUARD_LANEBRANCH_H

#include "base/words.h"
#include "git/repo.h"
#include "guard/blocker.h"
#include "mission/reduce.h"

/* The branches of a repository, local and remote-tracking, once asked for. */
struct sk_branch_list {
	bool is_read;
	struct sk_words names; /* "refs/heads/...", "refs/remotes/..." */
	struct sk_oid *tips;   /* one for each */
	size_t cap;
};

#define SK_BRANCH_LIST_INIT                                                    \
	{                                                                      \
		.names = SK_WORDS_INIT                                         \
	}

/* Release the memory; the list is empty and unread again. */
void sk_branch_list_free(struct sk_branch_list *list);

/*
 * Look at the mission whose folder is this tree and whose log was reduced to
 * `state`, and append what is found. The list is read when it is first needed.
 * Returns 0 or -1.
 */
int sk_lane_branch_look(struct sk_blockers *out, struct sk_repo *repo,
			const char *slug, const struct sk_oid *mission,
			const struct sk_reduced *state,
			struct sk_branch_list *branches,
			struct sk_err *err) SK_NODISCARD;

#endif
