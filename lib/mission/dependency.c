/* SPDX-License-Identifier: MIT */
#include "mission/dependency.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"

void sk_dependencies_free(struct sk_dependencies *all)
{
	for (size_t i = 0; i < all->len; i++) {
		free(all->items[i].id);
		sk_words_free(&all->items[i].on);
	}
	free(all->items);
	*all = (struct sk_dependencies)SK_DEPENDENCIES_INIT;
}

void sk_dependencies_add(struct sk_dependencies *all, const char *id,
			 const struct sk_words *on)
{
	struct sk_dependency *item;

	SK_GROW(all->items, all->len, all->cap);
	item = &all->items[all->len++];
	*item = (struct sk_dependency){.id = sk_strdup(id)};
	sk_words_add_all(&item->on, on);
}

/* The same with numbers, in the order of the ids. */
struct node {
	const struct sk_dependency *item;
	size_t *on;
	size_t on_len;
	size_t next; /* of `on`, to be looked at */
	enum { NEW, OPEN, DONE } state;
};

struct graph {
	struct node *nodes;
	size_t len;
	size_t *path; /* the nodes that are open, from the first on */
	size_t depth;
};

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return strcmp(x->item->id, y->item->id);
}

static int compare_numbers(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static void connect(struct node *node, const struct sk_map *numbers)
{
	const struct sk_words *on = &node->item->on;

	node->on = sk_calloc(on->len + 1, sizeof(*node->on));
	for (size_t i = 0; i < on->len; i++) {
		const int64_t *number =
			sk_map_get(numbers, on->items[i], strlen(on->items[i]));

		if (number && strcmp(on->items[i], node->item->id) != 0)
			node->on[node->on_len++] = (size_t)*number;
	}
	qsort(node->on, node->on_len, sizeof(*node->on), compare_numbers);
}

static void graph_make(struct graph *graph, const struct sk_dependencies *all)
{
	struct sk_map numbers = SK_MAP_INIT;

	*graph = (struct graph){.len = all->len};
	graph->nodes = sk_calloc(all->len + 1, sizeof(*graph->nodes));
	graph->path = sk_calloc(all->len + 1, sizeof(*graph->path));
	for (size_t i = 0; i < all->len; i++)
		graph->nodes[i].item = &all->items[i];
	qsort(graph->nodes, graph->len, sizeof(*graph->nodes), compare_nodes);
	for (size_t i = 0; i < graph->len; i++) {
		const char *id = graph->nodes[i].item->id;

		sk_map_add(&numbers, id, strlen(id), (int64_t)i, NULL);
	}
	for (size_t i = 0; i < graph->len; i++)
		connect(&graph->nodes[i], &numbers);
	sk_map_free(&numbers);
}

static void graph_free(struct graph *graph)
{
	for (size_t i = 0; i < graph->len; i++)
		free(graph->nodes[i].on);
	free(graph->nodes);
	free(graph->path);
}

static void check_ids(const struct graph *graph, struct sk_faults *faults)
{
	for (size_t i = 0; i < graph->len; i++) {
		const struct sk_dependency *item = graph->nodes[i].item;

		for (size_t j = 0; j < item->on.len; j++) {
			const char *on = item->on.items[j];
			const struct sk_dependency key = {
				.id = item->on.items[j]};
			const struct node wanted = {.item = &key};

			if (strcmp(on, item->id) == 0)
				sk_fault_add(faults, SK_FAULT_SELF_DEPENDENCY,
					     item->id, "'%s' depends on itself",
					     item->id);
			else if (!bsearch(&wanted, graph->nodes, graph->len,
					  sizeof(*graph->nodes), compare_nodes))
				sk_fault_add(faults,
					     SK_FAULT_UNKNOWN_DEPENDENCY,
					     item->id,
					     "'%s' depends on '%s', which is "
					     "not there",
					     item->id, on);
		}
	}
}

/* The cycle that leads from the open node `to` along the path back to it. */
static void add_cycle(const struct graph *graph, size_t to,
		      struct sk_faults *faults)
{
	struct sk_str text = SK_STR_INIT;
	size_t start = 0, first, len;

	while (graph->path[start] != to)
		start++;
	len = graph->depth - start;
	first = start;
	for (size_t i = start; i < graph->depth; i++) {
		if (graph->path[i] < graph->path[first])
			first = i;
	}
	for (size_t i = 0; i <= len; i++) {
		size_t at = start + (first - start + i) % len;

		sk_str_addf(&text, "%s%s", i ? " -> " : "",
			    graph->nodes[graph->path[at]].item->id);
	}
	sk_fault_add(faults, SK_FAULT_CYCLE, text.ptr,
		     "dependencies in a circle: %s", text.ptr);
	sk_str_free(&text);
}

/*
 * Go as deep as it gets, and name each way that leads back to where one came
 * from. Without a stack of calls: a chain may be as long as the mission.
 */
static void walk(struct graph *graph, size_t from, struct sk_faults *faults)
{
	graph->path[graph->depth++] = from;
	graph->nodes[from].state = OPEN;
	while (graph->depth) {
		struct node *node =
			&graph->nodes[graph->path[graph->depth - 1]];
		size_t to;

		if (node->next == node->on_len) {
			node->state = DONE;
			graph->depth--;
			continue;
		}
		to = node->on[node->next++];
		if (node->next > 1 && node->on[node->next - 2] == to)
			continue; /* it stands there twice */
		if (graph->nodes[to].state == OPEN) {
			add_cycle(graph, to, faults);
		} else if (graph->nodes[to].state == NEW) {
			graph->nodes[to].state = OPEN;
			graph->path[graph->depth++] = to;
		}
	}
}

void sk_dependencies_check(const struct sk_dependencies *all,
			   struct sk_faults *faults)
{
	struct graph graph;

	graph_make(&graph, all);
	check_ids(&graph, faults);
	for (size_t i = 0; i < graph.len; i++) {
		if (graph.nodes[i].state == NEW)
			walk(&graph, i, faults);
	}
	graph_free(&graph);
}

static bool is_ready(const struct graph *graph, const struct node *node)
{
	for (size_t i = 0; i < node->on_len; i++) {
		if (graph->nodes[node->on[i]].state != DONE)
			return false;
	}
	return true;
}

void sk_dependencies_order(const struct sk_dependencies *all,
			   struct sk_words *out)
{
	struct graph graph;
	size_t i = 0;

	graph_make(&graph, all);
	while (i < graph.len) {
		struct node *node = &graph.nodes[i];

		if (node->state == NEW && is_ready(&graph, node)) {
			node->state = DONE;
			sk_words_add(out, node->item->id);
			i = 0; /* a smaller one may be ready now */
		} else {
			i++;
		}
	}
	for (i = 0; i < graph.len; i++) {
		if (graph.nodes[i].state == NEW)
			sk_words_add(out, graph.nodes[i].item->id);
	}
	graph_free(&graph);
}
