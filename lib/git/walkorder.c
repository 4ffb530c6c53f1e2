/* SPDX-License-Identifier: MIT */
#include "git/walkstate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void swap(struct sk_heap *heap, size_t i, size_t j)
{
	struct sk_commit *commit = heap->items[i];

	heap->items[i] = heap->items[j];
	heap->items[j] = commit;
}

void sk_heap_push(struct sk_heap *heap, struct sk_commit *commit)
{
	size_t i = heap->len;

	SK_GROW(heap->items, heap->len, heap->cap);
	heap->items[heap->len++] = commit;
	while (i && heap->before(heap->items[i], heap->items[(i - 1) / 2])) {
		swap(heap, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

struct sk_commit *sk_heap_pop(struct sk_heap *heap)
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

static bool older_first(const struct sk_commit *a, const struct sk_commit *b)
{
	if (a->commit_time != b->commit_time)
		return a->commit_time < b->commit_time;
	return memcmp(a->id.id, b->id.id, SK_OID_LEN) < 0;
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

static void add_parents(struct graph *g, const struct sk_walk_state *s,
			size_t child)
{
	const struct sk_commit *commit = s->walk->all[child];

	for (size_t p = 0; p < commit->parent_count; p++) {
		size_t at = sk_walk_place(s, &commit->parents[p]);

		if (at == SIZE_MAX || !sk_walk_is_result(s->walk->all[at]))
			continue;
		SK_GROW(g->edges, g->edge_count, g->edge_cap);
		g->edges[g->edge_count] = (struct edge){child, g->first[at]};
		g->first[at] = g->edge_count++;
		g->missing[child]++;
	}
}

void sk_walk_sort(struct sk_walk_state *s)
{
	struct sk_walk *walk = s->walk;
	struct sk_heap ready = {.before = older_first};
	struct graph g = {.edges = sk_calloc(1, sizeof(*g.edges)),
			  .edge_count = 1,
			  .edge_cap = 1};

	g.first = sk_calloc(walk->all_count, sizeof(*g.first));
	g.missing = sk_calloc(walk->all_count, sizeof(*g.missing));
	walk->commits = sk_calloc(walk->all_count, sizeof(*walk->commits));
	for (size_t i = 0; i < walk->all_count; i++) {
		if (!sk_walk_is_result(walk->all[i]))
			continue;
		add_parents(&g, s, i);
		if (!g.missing[i])
			sk_heap_push(&ready, walk->all[i]);
	}
	while (ready.len) {
		struct sk_commit *commit = sk_heap_pop(&ready);
		size_t e = g.first[sk_walk_place(s, &commit->id)];

		walk->commits[walk->count++] = commit;
		for (; e; e = g.edges[e].next) {
			if (--g.missing[g.edges[e].child] == 0)
				sk_heap_push(&ready,
					     walk->all[g.edges[e].child]);
		}
	}
	free(ready.items);
	free(g.missing);
	free(g.first);
	free(g.edges);
}
