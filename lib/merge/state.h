/* SPDX-License-Identifier: MIT */
/*
 * A merge that is being carried out, as <common folder of git>/sk-merge.json
 * has it: written before the first ref moves, removed when nothing is left to
 * be done. Who finds it there, and its process dead, can end the merge from it
 * alone, or take it back (carry.h).
 */
#ifndef SK_MERGE_STATE_H
#define SK_MERGE_STATE_H

#include "merge/plan.h"

/* What became of something that nobody needs any more. */
struct sk_merge_cleared {
	bool is_removed;
	struct sk_str reason; /* why it stays */
};

struct sk_merge_state {
	char *slug;   /* of the mission */
	char *target; /* without refs/heads/ */
	enum sk_merge_strategy strategy;
	char commit[SK_HEX_LEN + 1]; /* where the target gets */
	char *started_at;
	int64_t pid, start; /* of who carries it out (base/process.h) */
	struct sk_merge_ref *refs;
	size_t ref_count, ref_cap;
	struct sk_merge_rest *rests;
	size_t rest_count, rest_cap;
	char *remote, *there; /* to be pushed to, the ref in full; NULL: not */
	bool has_landed;      /* the refs have moved */
	bool has_pushed;

	struct sk_merge_cleared *cleared; /* of each rest, once it was tried;
					     not in the file */
};

#define SK_MERGE_STATE_INIT                                                    \
	{                                                                      \
		.slug = NULL                                                   \
	}

/* What a plan that is ready is to do, by this process. Owned:
 * sk_merge_state_free(). */
void sk_merge_state_of(struct sk_merge_state *out,
		       const struct sk_merge_plan *plan);
void sk_merge_state_free(struct sk_merge_state *state);

/* Read what is under way. *out is owned likewise. Returns 0; 1 when nothing is;
 * -1. */
int sk_merge_state_read(struct sk_merge_state *out, const struct sk_repo *repo,
			struct sk_err *err) SK_NODISCARD;

/* Put it on disk, or away. Returns 0 or -1. */
int sk_merge_state_write(const struct sk_merge_state *state,
			 const struct sk_repo *repo,
			 struct sk_err *err) SK_NODISCARD;
int sk_merge_state_forget(const struct sk_repo *repo,
			  struct sk_err *err) SK_NODISCARD;

/* Whether the process that carries it out is there, and it is not us. */
bool sk_merge_state_is_alive(const struct sk_merge_state *state);

#endif
