/* SPDX-License-Identifier: MIT */
/* Inside the walk: what walk.c paints, walkend.c judges and walkorder.c sorts.
 */
#ifndef SK_GIT_WALKSTATE_H
#define SK_GIT_WALKSTATE_H

#include "base/map.h"
#include "git/walk.h"

enum {
	SK_WALK_HIDDEN = 1, /* a hidden tip reaches it */
	SK_WALK_WANTED = 2, /* looked at before anything hid it */
	SK_WALK_DONE = 4,   /* its parents have been looked at */
	SK_WALK_UNREAD = 8, /* known to be hidden, by its id alone */
	SK_WALK_ABSENT = 16 /* hidden, and this clone does not have it */
};

/* A binary heap of commits; `before` says which of two comes out first. */
struct sk_heap {
	struct sk_commit **items;
	size_t len, cap;
	bool (*before)(const struct sk_commit *a, const struct sk_commit *b);
};

/* Add a commit, borrowed. */
void sk_heap_push(struct sk_heap *heap, struct sk_commit *commit);

/* Take out the one that comes first; there is one. Returns it. */
struct sk_commit *sk_heap_pop(struct sk_heap *heap);

struct sk_walk_state {
	struct sk_repo *repo;
	struct sk_walk *walk;
	struct sk_map index; /* raw id -> place in walk->all */
	struct sk_heap heap;
	size_t interesting; /* commits in the heap that are not hidden */
	size_t unread;	    /* hidden ones that were not read yet */
	size_t check_at;    /* pops after which to judge again */
};

/* Its place in walk->all; SIZE_MAX when it is not there. */
size_t sk_walk_place(const struct sk_walk_state *s, const struct sk_oid *id);

/* Whether the commit belongs to the result, as far as is known. */
bool sk_walk_is_result(const struct sk_commit *commit);

/*
 * Whether no hidden commit whose parents were not looked at yet can reach one
 * of the result, whatever the dates say.
 */
bool sk_walk_is_at_end(const struct sk_walk_state *s);

/* Fill walk->commits: parents before children, of the free ones the oldest. */
void sk_walk_sort(struct sk_walk_state *s);

#endif
