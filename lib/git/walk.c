/* SPDX-License-Identifier: MIT */
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

enum {
	HIDDEN = 1, /* a hidden tip reaches it */
	WANTED = 2, /* in the result */
	SHOWN = 4,  /* put out, in topological order */
};

/* A binary heap of commits; `before` says which of two comes out first. */
struct heap {
	struct sk_commit **items;
	size_t len, cap;
	bool (*before)(const struct sk_commit *a, const struct sk_commit *b);
};

struct state {
	struct sk_repo *repo;
	struct sk_walk *walk;
	struct sk_map index; /* raw id -> place in walk->all */
	struct heap heap;
	size_t interesting; /* commits in the heap that are not hidden */
};

static bool newer_first(const struct sk_commit *a, const struct sk_commit *b)
{
	return a->commit_time > b->commit_time;
}

static bool older_first(const struct sk_commit *a, const struct sk_commit *b)
{
	if (a->commit_time != b->commit_time)
		return a->commit_time < b->commit_time;
	return memcmp(a->id.id, b->id.id, SK_OID_LEN) < 0;
}

static void swap(struct heap *heap, size_t i, size_t j)
{
	struct sk_commit *commit = heap->items[i];

	heap->items[i] = heap->items[j];
	heap->items[j] = commit;
}

static void push(struct heap *heap, struct sk_commit *commit)
{
	size_t i = heap->len;

	SK_GROW(heap->items, heap->len, heap->cap);
	heap->items[heap->len++] = commit;
	while (i && heap->before(heap->items[i], heap->items[(i - 1) / 2])) {
		swap(heap, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static struct sk_commit *pop(struct heap *heap)
{
	struct sk_commit *top = heap->items[0];
	size_t i = 0;

	heap->items[0] = heap->items[--heap->len];
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= heap->len)
			return top;
		if (child + 1 < heap->len &&
		    heap->before(heap->items[child + 1], heap->items[child]))
			child++;
		if (!heap->before(heap->items[child], heap->items[i]))
			return top;
		swap(heap, i, child);
		i = child;
	}
}

/* Its place in walk->all; SIZE_MAX when it was not read. */
static size_t place_of(const struct state *s, const struct sk_oid *id)
{
	int64_t *at = sk_map_get(&s->index, (const char *)id->id, SK_OID_LEN);

	return at ? (size_t)*at : SIZE_MAX;
}

static struct sk_commit *known(const struct state *s, const struct sk_oid *id)
{
	size_t at = place_of(s, id);

	return at == SIZE_MAX ? NULL : s->walk->all[at];
}

/* Hide it, and everything it reaches that has been read already. */
static void hide(struct state *s, struct sk_commit *commit)
{
	struct sk_commit **todo = NULL;
	size_t len = 0, cap = 0;

	SK_GROW(todo, len, cap);
	todo[len++] = commit;
	while (len) {
		commit = todo[--len];
		if (commit->flags & HIDDEN)
			continue;
		commit->flags |= HIDDEN;
		if (!(commit->flags & WANTED))
			s->interesting--; /* still in the heap */
		for (size_t i = 0; i < commit->parent_count; i++) {
			struct sk_commit *parent =
				known(s, &commit->parents[i]);

			if (!parent)
				continue;
			SK_GROW(todo, len, cap);
			todo[len++] = parent;
		}
	}
	free(todo);
}

/* Read a commit and queue it. Returns 0; 1 when it is missing; -1. */
static int visit(struct state *s, const struct sk_oid *id, bool hidden,
		 struct sk_err *err)
{
	struct sk_walk *walk = s->walk;
	struct sk_commit *commit = known(s, id);
	int rc;

	if (!commit) {
		rc = sk_commit_read(&commit, s->repo, id, err);
		if (rc != 0)
			return rc;
		sk_map_add(&s->index, (const char *)id->id, SK_OID_LEN,
			   (int64_t)walk->all_count, NULL);
		SK_GROW(walk->all, walk->all_count, walk->all_cap);
		walk->all[walk->all_count++] = commit;
		push(&s->heap, commit);
		s->interesting++;
	}
	if (hidden)
		hide(s, commit);
	return 0;
}

static int visit_parents(struct state *s, const struct sk_commit *commit,
			 struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];

	for (size_t i = 0; i < commit->parent_count; i++) {
		int rc = visit(s, &commit->parents[i], commit->flags & HIDDEN,
			       err);

		if (rc < 0)
			return -1;
		if (rc > 0 && !(commit->flags & HIDDEN)) {
			sk_oid_hex(hex, &commit->parents[i]);
			return sk_fail(err, SK_EDATA, "commit %s is missing",
				       hex);
		}
	}
	return 0;
}

/* For each commit its children in the result, as lists in one array. */
struct graph {
	struct edge {
		size_t child, next;
	} * edges; /* edge 0 is the end of every list */
	size_t edge_count, edge_cap;
	size_t *first;	 /* by place in walk->all */
	size_t *missing; /* parents not put out yet */
};

static bool in_result(const struct sk_commit *commit)
{
	return (commit->flags & (WANTED | HIDDEN)) == WANTED;
}

static void add_parents(struct graph *g, const struct state *s, size_t child)
{
	const struct sk_commit *commit = s->walk->all[child];

	for (size_t p = 0; p < commit->parent_count; p++) {
		size_t at = place_of(s, &commit->parents[p]);

		if (at == SIZE_MAX || !in_result(s->walk->all[at]))
			continue;
		SK_GROW(g->edges, g->edge_count, g->edge_cap);
		g->edges[g->edge_count] = (struct edge){child, g->first[at]};
		g->first[at] = g->edge_count++;
		g->missing[child]++;
	}
}

/* Parents before children; of those that are free, the oldest first. */
static void sort_result(struct state *s)
{
	struct sk_walk *walk = s->walk;
	struct heap ready = {.before = older_first};
	struct graph g = {.edges = sk_calloc(1, sizeof(*g.edges)),
			  .edge_count = 1,
			  .edge_cap = 1};

	g.first = sk_calloc(walk->all_count, sizeof(*g.first));
	g.missing = sk_calloc(walk->all_count, sizeof(*g.missing));
	walk->commits = sk_calloc(walk->all_count, sizeof(*walk->commits));
	for (size_t i = 0; i < walk->all_count; i++) {
		if (!in_result(walk->all[i]))
			continue;
		add_parents(&g, s, i);
		if (!g.missing[i])
			push(&ready, walk->all[i]);
	}
	while (ready.len) {
		struct sk_commit *commit = pop(&ready);
		size_t e = g.first[place_of(s, &commit->id)];

		walk->commits[walk->count++] = commit;
		for (; e; e = g.edges[e].next) {
			if (--g.missing[g.edges[e].child] == 0)
				push(&ready, walk->all[g.edges[e].child]);
		}
	}
	free(ready.items);
	free(g.missing);
	free(g.first);
	free(g.edges);
}

int sk_walk_commits(struct sk_walk *walk, struct sk_repo *repo,
		    const struct sk_oid *tips, size_t tip_count,
		    const struct sk_oid *hidden, size_t hidden_count,
		    struct sk_err *err)
{
	struct state s = {
		.repo = repo, .walk = walk, .heap = {.before = newer_first}};
	int ret = -1;

	*walk = (struct sk_walk)SK_WALK_INIT;
	for (size_t i = 0; i < tip_count; i++) {
		int rc = visit(&s, &tips[i], false, err);

		if (rc > 0)
			sk_fail(err, SK_EDATA,
				"the commit to start from is missing");
		if (rc != 0)
			goto out;
	}
	for (size_t i = 0; i < hidden_count; i++) {
		if (visit(&s, &hidden[i], true, err) < 0)
			goto out;
	}
	while (s.heap.len && s.interesting) {
		struct sk_commit *commit = pop(&s.heap);

		if (!(commit->flags & HIDDEN)) {
			commit->flags |= WANTED;
			s.interesting--;
		}
		if (visit_parents(&s, commit, err) < 0)
			goto out;
	}
	sort_result(&s);
	ret = 0;
out:
	free(s.heap.items);
	sk_map_free(&s.index);
	if (ret < 0)
		sk_walk_free(walk);
	return ret;
}

void sk_walk_free(struct sk_walk *walk)
{
	for (size_t i = 0; i < walk->all_count; i++)
		sk_commit_free(walk->all[i]);
	free(walk->all);
	free(walk->commits);
	*walk = (struct sk_walk)SK_WALK_INIT;
}
