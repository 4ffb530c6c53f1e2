/* SPDX-License-Identifier: MIT */
#include "git/walkstate.h"

#include <stdlib.h>

#include "base/mem.h"

/*
 * History has no circles: a commit cannot be reached from what it reaches. So a
 * hidden commit that the oldest ones of the result all reach can reach none of
 * the result, nor can anything behind it. When that holds for every hidden
 * commit that was not followed yet, following them would change nothing.
 *
 * Dates order the walk, so that this is so soon; they prove nothing. Where git
 * itself stops some commits after the dates say so (SLOP in its revision.c), a
 * clock that was wrong for longer leads it astray.
 */

struct reach {
	const struct sk_walk_state *s;
	uint64_t *sets; /* by place: which of the oldest ones reach it */
	size_t *todo, len, cap;
};

static void reach_parents(struct reach *r, const struct sk_commit *commit,
			  uint64_t set)
{
	for (size_t i = 0; i < commit->parent_count; i++) {
		size_t at = sk_walk_place(r->s, &commit->parents[i]);

		if (at == SIZE_MAX || (r->sets[at] & set) == set)
			continue;
		r->sets[at] |= set;
		SK_GROW(r->todo, r->len, r->cap);
		r->todo[r->len++] = at;
	}
}

static void spread(struct reach *r)
{
	while (r->len) {
		size_t at = r->todo[--r->len];

		reach_parents(r, r->s->walk->all[at], r->sets[at]);
	}
}

static bool has_parent_in_result(const struct sk_walk_state *s,
				 const struct sk_commit *commit)
{
	for (size_t i = 0; i < commit->parent_count; i++) {
		size_t at = sk_walk_place(s, &commit->parents[i]);

		if (at != SIZE_MAX && sk_walk_is_result(s->walk->all[at]))
			return true;
	}
	return false;
}

/* The oldest ones from *next on, as many as a set holds. Returns their set. */
static uint64_t add_oldest(struct reach *r, size_t *next)
{
	const struct sk_walk *walk = r->s->walk;
	uint64_t all = 0, bit = 1;

	for (; *next < walk->all_count && bit; (*next)++) {
		const struct sk_commit *commit = walk->all[*next];

		if (!sk_walk_is_result(commit) ||
		    has_parent_in_result(r->s, commit))
			continue;
		reach_parents(r, commit, bit);
		all |= bit;
		bit <<= 1;
	}
	spread(r);
	return all;
}

static bool is_pending(const struct sk_commit *commit)
{
	return (commit->flags & (SK_WALK_HIDDEN | SK_WALK_DONE |
				 SK_WALK_ABSENT)) == SK_WALK_HIDDEN;
}

bool sk_walk_is_at_end(const struct sk_walk_state *s)
{
	const struct sk_walk *walk = s->walk;
	struct reach r = {.s = s};
	bool settled = true;
	size_t next = 0;

	while (settled && next < walk->all_count) {
		uint64_t all;

		free(r.sets);
		r.sets = sk_calloc(walk->all_count, sizeof(*r.sets));
		all = add_oldest(&r, &next);
		for (size_t i = 0; i < walk->all_count && settled; i++)
			settled = !is_pending(walk->all[i]) ||
				  (r.sets[i] & all) == all;
	}
	free(r.todo);
	free(r.sets);
	return settled;
}
