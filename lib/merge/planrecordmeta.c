/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/commitfile.h"
#include "merge/recording.h"

#define NUMBER	 "mission_number"
#define BASELINE "baseline_merge_commit"

/* The meta.json of all missions of some trees, each once. */
struct metas {
	struct sk_repo *repo;
	struct sk_map seen;
	struct sk_oid *blobs;
	size_t count, cap;
	struct sk_err *err;
};

static int add_mission(void *ctx, const struct sk_tree_entry *mission)
{
	struct metas *all = ctx;
	struct sk_tree_entry meta;
	bool is_new;
	int rc;

	if (!sk_tree_entry_is_dir(mission))
		return 0;
	rc = sk_tree_find(all->repo, &mission->id, SK_RECORD_META, &meta,
			  all->err);
	if (rc != 0 || !sk_tree_entry_is_file(&meta))
		return rc < 0 ? -1 : 0;
	sk_map_add(&all->seen, (const char *)meta.id.id, SK_OID_LEN, 1,
		   &is_new);
	if (is_new) {
		SK_GROW(all->blobs, all->count, all->cap);
		all->blobs[all->count++] = meta.id;
	}
	return 0;
}

/* Those that the merge makes, and those of the target. */
static int list(struct metas *all, const struct sk_recording *r,
		struct sk_err *err)
{
	const struct sk_oid *target = &r->p->target->missions;
	struct sk_tree_entry specs;
	int rc = sk_tree_find(all->repo, &r->tree, SK_MISSIONS_FOLDER, &specs,
			      err);

	if (rc == 0 && sk_tree_entry_is_dir(&specs))
		rc = sk_tree_each(all->repo, &specs.id, add_mission, all, err);
	if (rc >= 0 && target->len)
		rc = sk_tree_each(all->repo, target, add_mission, all, err);
	return rc < 0 ? -1 : 0;
}

/* One that nobody can read has no number, as for all who ask. */
static int read_number(int64_t *highest, struct sk_repo *repo,
		       const struct sk_oid *blob, struct sk_err *err)
{
	struct sk_raw raw = SK_RAW_INIT;
	struct sk_meta meta = SK_META_INIT;
	struct sk_err ignored = {0};
	char hex[SK_HEX_LEN + 1];
	int rc = sk_repo_read(repo, blob, SK_OBJECT_BLOB, &raw, err);

	sk_oid_hex(hex, blob);
	if (rc > 0)
		rc = sk_fail(err, SK_EDATA, "object %s is missing", hex);
	if (rc == 0 && sk_meta_read(&meta, raw.data, raw.len, &ignored) == 0 &&
	    meta.has_number && meta.mission_number > *highest)
		*highest = meta.mission_number;
	sk_meta_free(&meta);
	sk_raw_release(&raw);
	return rc;
}

static int find_highest(int64_t *highest, const struct sk_recording *r,
			struct sk_err *err)
{
	struct metas all = {
		.repo = r->p->repo, .seen = SK_MAP_INIT, .err = err};
	int rc = list(&all, r, err);

	if (rc == 0)
		rc = sk_record_fetch(r, all.blobs, all.count, err);
	for (size_t i = 0; rc == 0 && i < all.count; i++)
		rc = read_number(highest, all.repo, &all.blobs[i], err);
	sk_map_free(&all.seen);
	free(all.blobs);
	return rc;
}

static int number(struct sk_recording *r, struct sk_err *err)
{
	int64_t highest = 0;

	if (find_highest(&highest, r, err) < 0)
		return -1;
	if (highest == INT64_MAX)
		return sk_fail(err, SK_EDATA,
			       "there is no mission number behind %lld",
			       (long long)highest);
	sk_form_set(r->meta.form, NUMBER, sk_form_int(highest + 1));
	r->meta.has_number = true;
	return 0;
}

int sk_record_meta(bool *changed, struct sk_recording *r, struct sk_err *err)
{
	const struct sk_form *baseline = sk_form_get(r->meta.form, BASELINE);
	const char *text = sk_form_as_text(baseline);

	*changed = false;
	if (!r->meta.form)
		return 0;
	if (!baseline || sk_form_is_null(baseline) || (text && !*text)) {
		sk_form_set(r->meta.form, BASELINE,
			    sk_form_text(r->p->plan->base));
		*changed = true;
	}
	if (r->meta.has_number)
		return 0;
	*changed = true;
	return number(r, err);
}
