/* SPDX-License-Identifier: MIT */
/*
 * Merges of the mission, or of one of its lanes, that the target has had and
 * taken back: their commits are in its history, so that no merge brings them
 * again, whatever its files say.
 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "merge/planning.h"

#define SAYS "This reverts commit "

enum { SHORTEST_ID = 7 };

/* A commit of the target that takes another back, as git words it. */
struct revert {
	char id[SK_HEX_LEN + 1];
	char of[SK_HEX_LEN + 1]; /* or the beginning of it: revert.reference */
	bool stands;		 /* it was not taken back itself */
};

struct reverts {
	struct revert *items;
	size_t len, cap;
};

static size_t take_id(char id[SK_HEX_LEN + 1], const char *text)
{
	size_t len = strspn(text, "0123456789abcdef");

	if (len > SK_HEX_LEN)
		len = 0;
	memcpy(id, text, len);
	id[len] = '\0';
	return len;
}

/* Every id that its message says; `record` is "<id>\n<message>". */
static void take_reverts(struct reverts *out, const char *record)
{
	for (const char *at = record; (at = strstr(at, SAYS));) {
		struct revert one = {0};

		at += strlen(SAYS);
		take_id(one.id, record);
		if (take_id(one.of, at) < SHORTEST_ID)
			continue;
		SK_GROW(out->items, out->len, out->cap);
		out->items[out->len++] = one;
	}
}

/* Of what the target has gained since the branches left it. */
static int list_reverts(struct reverts *out, struct sk_planning *p,
			struct sk_err *err)
{
	const struct sk_merge_plan *plan = p->plan;
	struct sk_words records = SK_WORDS_INIT;
	struct sk_git_args args = {0};
	struct sk_str said = SK_STR_INIT;
	size_t bounds;
	int rc = 0;

	sk_git_args_add(&args, "log");
	sk_git_args_add(&args, "--topo-order");
	sk_git_args_add(&args, "--no-show-signature");
	sk_git_args_add(&args, "--basic-regexp");
	sk_git_args_add(&args, "-z");
	sk_git_args_add(&args, "--format=%H%n%B");
	sk_git_args_add(&args, "--grep=^" SAYS);
	sk_git_args_add(&args, plan->base);
	sk_git_args_add(&args, "--not");
	bounds = args.count;
	if (p->branch) /* else it is where the target is */
		sk_git_args_add(&args, p->start);
	for (size_t i = 0; i < plan->lane_count; i++) {
		if (plan->lanes[i].tip[0])
			sk_git_args_add(&args, plan->lanes[i].tip);
	}
	bounds = args.count - bounds;
	sk_git_args_add(&args, "--");
	if (bounds) /* else there is nothing to have been merged */
		rc = sk_git_must(&said, &p->place, NULL, args.args, err);
	sk_plan_split(&records, &said);
	for (size_t i = 0; rc == 0 && i < records.len; i++)
		take_reverts(out, records.items[i]);
	free(args.args);
	sk_words_free(&records);
	sk_str_free(&said);
	return rc;
}

/* The newest come first: what takes something back is known before that. */
static void look_who_stands(struct reverts *list)
{
	for (size_t i = 0; i < list->len; i++) {
		struct revert *one = &list->items[i];

		one->stands = true;
		for (size_t k = 0; k < i && one->stands; k++) {
			const struct revert *newer = &list->items[k];

			one->stands = !newer->stands ||
				      strncmp(newer->of, one->id,
					      strlen(newer->of)) != 0;
		}
	}
}

/* Whether it is that merge, and not one before, that brought the tip. */
static bool brought(const struct sk_planning *p, const char *merge,
		    const char *tip)
{
	char parent[SK_HEX_LEN + 3];

	memcpy(parent, merge, strlen(merge) + 1);
	memcpy(parent + strlen(merge), "^1", 3);
	return tip[0] && sk_plan_has(p, merge, tip) &&
	       !sk_plan_has(p, parent, tip);
}

static const char *find_brought(const struct sk_planning *p, const char *merge)
{
	const struct sk_merge_plan *plan = p->plan;

	if (p->branch && brought(p, merge, p->start))
		return plan->branch;
	for (size_t i = 0; i < plan->lane_count; i++) {
		if (brought(p, merge, plan->lanes[i].tip))
			return plan->lanes[i].branch;
	}
	return NULL;
}

/*
 * Whether anything is in the target as it was before the merge, which had
 * changed it: what was brought again in some other way is not missing. The
 * missions' own files tell nothing, they go on.
 */
static int is_missing(struct sk_planning *p, const char *merge,
		      struct sk_err *err)
{
	struct sk_words brought = SK_WORDS_INIT, changed = SK_WORDS_INIT;
	struct sk_map now = SK_MAP_INIT;
	struct sk_str parent = SK_STR_INIT;
	int rc;

	sk_str_addf(&parent, "%s^1", merge);
	rc = sk_plan_diff(&brought, p, "-r", parent.ptr, merge, err);
	if (rc == 0)
		rc = sk_plan_diff(&changed, p, "-r", parent.ptr, p->plan->base,
				  err);
	for (size_t i = 0; i < changed.len; i++)
		sk_map_add(&now, changed.items[i], strlen(changed.items[i]), 0,
			   NULL);
	for (size_t i = 0; rc == 0 && i < brought.len; i++) {
		const char *path = brought.items[i];

		if (strncmp(path, SK_MISSIONS_FOLDER "/",
			    strlen(SK_MISSIONS_FOLDER "/")) != 0)
			rc = !sk_map_get(&now, path, strlen(path));
	}
	sk_map_free(&now);
	sk_words_free(&changed);
	sk_words_free(&brought);
	sk_str_free(&parent);
	return rc;
}

static void block(struct sk_planning *p, const struct revert *one,
		  const char *branch)
{
	struct sk_blocker *b = sk_blocker_add(
		&p->plan->found, SK_BLOCKER_REVERTED_MERGE, branch);

	sk_plan_add_name(&b->message, p->plan->target);
	sk_str_addf(&b->message, " has taken the merge of ");
	sk_plan_add_name(&b->message, branch);
	sk_str_addf(&b->message,
		    " back, by commit %.12s, and has its commits all the same:"
		    " what they brought comes again when that is reverted, and"
		    " by no merge",
		    one->id);
	sk_plan_add_on(&b->remediation, p, p->plan->target);
	sk_str_addf(&b->remediation, " revert --no-edit %s", one->id);
}

int sk_plan_look_reverted(struct sk_planning *p, struct sk_err *err)
{
	struct reverts list = {0};
	int rc = 0;

	if (p->target && p->start[0] && !p->is_landed)
		rc = list_reverts(&list, p, err);
	look_who_stands(&list);
	for (size_t i = 0; rc == 0 && i < list.len; i++) {
		const struct revert *one = &list.items[i];
		const char *branch = NULL;
		int missing = 0;

		if (one->stands)
			branch = find_brought(p, one->of);
		if (branch)
			missing = is_missing(p, one->of, err);
		if (missing > 0)
			block(p, one, branch);
		rc = missing < 0 ? -1 : 0;
	}
	free(list.items);
	return rc;
}
