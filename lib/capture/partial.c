/* SPDX-License-Identifier: MIT */
#include "capture/partial.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/trace.h"
#include "capture/collect.h"
#include "capture/declared.h"

/*
 * A tree tells only when it is there what it holds: root, kitty-specs, mission,
 * tasks and below are a round each in the worst of clones.
 */
enum { ROUNDS = 32 };

struct tips {
	struct sk_oid *list;
	size_t count, cap;
};

static int add_tip(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct tips *tips = ctx;

	(void)ref;
	SK_GROW(tips->list, tips->count, tips->cap);
	tips->list[tips->count++] = *tip;
	return 0;
}

/* Returns 0 when something was fetched; 1 when nothing is missing; -1. */
static int fetch(const struct sk_collection *found, struct sk_repo *repo,
		 bool shows, struct sk_err *err)
{
	struct sk_oid *ids = sk_calloc(found->missing_count, sizeof(*ids));
	struct sk_map seen = SK_MAP_INIT;
	size_t count = 0;
	int rc = 1;

	for (size_t i = 0; i < found->missing_count; i++) {
		const struct sk_oid *id = &found->missing[i].object;
		bool added;

		sk_map_add(&seen, (const char *)id->id, SK_OID_LEN, 1, &added);
		if (added)
			ids[count++] = *id;
	}
	sk_trace("fetch", "%zu objects", count);
	if (count)
		rc = sk_repo_fetch(repo, ids, count, shows, err);
	sk_map_free(&seen);
	free(ids);
	return rc;
}

int sk_partial_fetch_missions(struct sk_repo *repo, bool shows,
			      struct sk_err *err)
{
	/* its events are thrown away: only what they could not be made of
	 * is wanted here */
	const struct sk_project_id nobody = {.uuid = "", .slug = ""};
	struct sk_walk walk = SK_WALK_INIT;
	struct tips tips = {0};
	int rc = 1;

	if (!sk_repo_is_partial(repo))
		return 0;
	if (sk_repo_fetch_head(repo, SK_DECLARED_FILE, err) < 0)
		return -1;
	if (sk_repo_each_tip(repo, add_tip, &tips, err) == 0)
		rc = sk_walk_commits(&walk, repo, tips.list, tips.count, NULL,
				     0, err);
	else
		rc = -1;
	for (int round = 0; rc == 0 && round < ROUNDS; round++) {
		struct sk_collection found = SK_COLLECTION_INIT;

		rc = sk_collect(&found, repo, &walk, &nobody, true, 0, err);
		if (rc == 0)
			rc = fetch(&found, repo, shows, err);
		sk_collection_free(&found);
	}
	sk_walk_free(&walk);
	free(tips.list);
	return rc < 0 ? -1 : 0;
}
