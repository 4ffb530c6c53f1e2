/* SPDX-License-Identifier: MIT */
#include "capture/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/trace.h"
#include "git/sequence.h"
#include "git/walk.h"

#define CURSOR_AT "at/"

/* A cursor of the queue, or a ref that has none yet. */
struct cursor {
	char *ref;
	struct sk_oid tip;
	bool has_tip; /* not so of an unborn branch, or a new ref */
	bool is_seen; /* the ref is there; or it is none */
};

struct look {
	struct sk_bounds *bounds;
	struct sk_repo *repo;
	enum sk_wake wake;
	struct cursor *cursors;
	size_t count, cap;
	struct sk_map by_ref;	/* name -> place in `cursors` */
	struct sk_map captured; /* raw ids of the cursors' tips */
	struct sk_map walked;	/* and of the bounds' */
	bool is_known;
	bool is_far;  /* to a tip there is no short way from any cursor */
	bool is_lost; /* the commit of a cursor is not here */
	struct sk_err *err;
};

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void hide(struct sk_bounds *bounds, const struct sk_oid *oid)
{
	SK_GROW(bounds->hidden, bounds->hidden_count, bounds->hidden_cap);
	bounds->hidden[bounds->hidden_count++] = *oid;
}

/* Returns whether it was not there yet. */
static bool add_tip(struct sk_bounds *bounds, struct sk_map *walked,
		    const struct sk_oid *tip)
{
	bool added;

	sk_map_add(walked, (const char *)tip->id, SK_OID_LEN, 1, &added);
	if (!added)
		return false;
	SK_GROW(bounds->tips, bounds->tip_count, bounds->tip_cap);
	bounds->tips[bounds->tip_count++] = *tip;
	return true;
}

static void add_move(struct sk_bounds *bounds, const char *ref,
		     const struct sk_oid *tip)
{
	struct sk_move *move;

	SK_GROW(bounds->moves, bounds->move_count, bounds->move_cap);
	move = &bounds->moves[bounds->move_count++];
	*move = (struct sk_move){.ref = sk_strdup(ref)};
	if (tip)
		sk_oid_hex(move->tip, tip);
}

static struct cursor *add_cursor(struct look *look, const char *ref)
{
	struct cursor *cursor;
	bool added;
	int64_t *at = sk_map_add(&look->by_ref, ref, strlen(ref),
				 (int64_t)look->count, &added);

	if (!added)
		return &look->cursors[*at];
	SK_GROW(look->cursors, look->count, look->cap);
	cursor = &look->cursors[look->count++];
	*cursor = (struct cursor){.ref = sk_strdup(ref)};
	return cursor;
}

static int load_cursor(void *ctx, const char *ref, const char *tip)
{
	struct look *look = ctx;
	struct cursor *cursor = add_cursor(look, ref);
	bool is_baseline = has_prefix(ref, SK_CURSOR_BASELINE);

	cursor->is_seen = is_baseline || has_prefix(ref, CURSOR_AT) ||
			  strcmp(ref, SK_CURSOR_SETUP) == 0;
	look->is_known |= strcmp(ref, SK_CURSOR_SETUP) == 0;
	if (sk_oid_parse(&cursor->tip, tip) < 0)
		return 0;
	cursor->has_tip = true;
	sk_map_add(&look->captured, (const char *)cursor->tip.id, SK_OID_LEN, 1,
		   NULL);
	/* the ledger does not know yet what it reaches */
	if (is_baseline) {
		hide(look->bounds, &cursor->tip);
		look->bounds->has_baseline = true;
		look->bounds->is_in_ledger = false;
	}
	return 0;
}

/*
 * A detached HEAD in the middle of a rebase goes where no ref ever will; when
 * that is over it is looked at. Ours is not, when a hook says that it is over.
 */
static bool is_passing(struct look *look, const char *ref)
{
	size_t len = strlen(ref), head = strlen("HEAD");
	const char *git_dir = sk_repo_git_dir(look->repo);
	struct sk_str path = SK_STR_INIT;
	bool is_ours, is_passing;

	if (has_prefix(ref, "refs/") || len < head)
		return false;
	sk_str_addf(&path, "%s/%.*s", sk_repo_common_dir(look->repo),
		    (int)(len - head), ref);
	while (path.len && path.ptr[path.len - 1] == '/')
		sk_str_cut(&path, path.len - 1);
	is_ours = strcmp(path.ptr, git_dir) == 0;
	is_passing = !(is_ours && look->wake == SK_WAKE_COMMIT) &&
		     sk_git_dir_in_sequence(path.ptr);
	if (is_ours && is_passing)
		look->bounds->has_head =
			false; /* nobody may call it captured */
	sk_str_free(&path);
	return is_passing;
}

/*
 * Hide what is near: where the ref was before, and the parents that are tips
 * of cursors themselves (of a merge, of a new branch). Of thousands of cursors
 * each one takes reading a commit, so all are asked only where that fails.
 */
static int hide_near(struct look *look, const struct cursor *cursor,
		     const struct sk_commit *commit)
{
	struct sk_commit *before = NULL;
	bool is_near = false;
	int rc = 0;

	if (cursor->has_tip) {
		rc = sk_commit_read(&before, look->repo, &cursor->tip,
				    look->err);
		sk_commit_free(before);
		if (rc == 0)
			hide(look->bounds, &cursor->tip);
		is_near = rc == 0;
		look->is_lost |= rc > 0;
	}
	for (size_t i = 0; i < commit->parent_count; i++) {
		const struct sk_oid *parent = &commit->parents[i];

		if (!sk_map_get(&look->captured, (const char *)parent->id,
				SK_OID_LEN))
			continue;
		hide(look->bounds, parent);
		is_near = true;
	}
	look->is_far |= !is_near;
	return rc < 0 ? -1 : 0;
}

/* A commit that no cursor names. What is broken in git stops no other ref. */
static int see_new(struct look *look, const struct cursor *cursor,
		   const struct sk_oid *tip)
{
	struct sk_commit *commit = NULL;
	bool is_head = look->bounds->has_head &&
		       sk_oid_equal(tip, &look->bounds->head);
	int rc = sk_commit_read(&commit, look->repo, tip, look->err);

	if (rc != 0 && !is_head) {
		sk_trace("refs", "'%s' cannot be read", cursor->ref);
		return 0;
	}
	add_move(look->bounds, cursor->ref, tip);
	if (rc > 0)
		rc = sk_fail(look->err, SK_EDATA, "the commit at HEAD is gone");
	if (rc == 0 && add_tip(look->bounds, &look->walked, tip))
		rc = hide_near(look, cursor, commit);
	sk_commit_free(commit);
	return rc;
}

static int see(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct look *look = ctx;
	struct cursor *cursor = add_cursor(look, ref);

	look->bounds->has_tip = true;
	if (cursor->is_seen)
		return 0;
	cursor->is_seen = true;
	if (cursor->has_tip && sk_oid_equal(&cursor->tip, tip))
		return 0;
	if (is_passing(look, ref))
		return 0;
	if (!sk_map_get(&look->captured, (const char *)tip->id, SK_OID_LEN))
		return see_new(look, cursor, tip);
	add_move(look->bounds, ref, tip);
	return 0;
}

/*
 * Cursors of refs that are gone go, too; not the last ones, which are all that
 * hides the history.
 */
static void end_look(struct look *look)
{
	struct sk_bounds *bounds = look->bounds;
	struct sk_str here = SK_STR_INIT;

	for (size_t i = 0; i < look->count; i++) {
		const struct cursor *cursor = &look->cursors[i];

		if (look->is_far && cursor->has_tip)
			hide(bounds, &cursor->tip);
		if (!cursor->is_seen && bounds->has_tip)
			add_move(bounds, cursor->ref, NULL);
	}
	/* the other copy moves the cursor as well: remember where we were */
	if (look->is_lost && bounds->has_head) {
		sk_str_addf(&here, CURSOR_AT "%s",
			    sk_repo_common_dir(look->repo));
		add_move(bounds, here.ptr, &bounds->head);
	}
	sk_str_free(&here);
}

static void free_look(struct look *look)
{
	for (size_t i = 0; i < look->count; i++)
		free(look->cursors[i].ref);
	free(look->cursors);
	sk_map_free(&look->by_ref);
	sk_map_free(&look->captured);
	sk_map_free(&look->walked);
}

static int find_head(struct sk_bounds *bounds, struct sk_repo *repo,
		     struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	int rc = sk_repo_head(repo, &bounds->head, &ref, err);

	bounds->has_head = rc == 0;
	sk_str_free(&ref);
	return rc;
}

int sk_bounds_find(struct sk_bounds *bounds, struct sk_repo *repo,
		   struct sk_outbox *box, const char *clone, enum sk_wake wake,
		   struct sk_err *err)
{
	struct look look = {
		.bounds = bounds, .repo = repo, .wake = wake, .err = err};
	int ret = -1;

	*bounds = (struct sk_bounds)SK_BOUNDS_INIT;
	/* no walk reads what a shallow clone was cut off at */
	bounds->is_in_ledger = !sk_repo_is_shallow(repo);
	if (find_head(bounds, repo, err) < 0 ||
	    sk_cursor_each(box, clone, load_cursor, &look, err) < 0)
		goto out;
	ret = 1;
	if (!look.is_known)
		goto out;
	ret = sk_repo_each_local_tip(repo, see, &look, err);
	if (ret == 0)
		end_look(&look);
	sk_trace("refs", "%zu cursors, %zu tips moved, %zu to walk from",
		 look.count, bounds->move_count, bounds->tip_count);
out:
	free_look(&look);
	return ret;
}

int sk_bounds_of_revs(struct sk_bounds *bounds, struct sk_repo *repo,
		      char *const *revs, size_t rev_count, struct sk_err *err)
{
	struct sk_map walked = SK_MAP_INIT;
	struct sk_oid oid;
	int rc;

	*bounds = (struct sk_bounds)SK_BOUNDS_INIT;
	rc = find_head(bounds, repo, err);
	if (rc == 0 && !rev_count)
		add_tip(bounds, &walked, &bounds->head);
	for (size_t i = 0; rc >= 0 && i < rev_count; i++) {
		rc = sk_repo_resolve(repo, revs[i], &oid, err);
		if (rc == 0)
			add_tip(bounds, &walked, &oid);
	}
	bounds->has_tip = bounds->tip_count > 0;
	sk_map_free(&walked);
	return rc < 0 ? -1 : 0;
}

struct all {
	struct sk_bounds *bounds;
	struct sk_map walked;
};

static int take_tip(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct all *all = ctx;

	(void)ref;
	add_tip(all->bounds, &all->walked, tip);
	return 0;
}

int sk_bounds_of_branches(struct sk_bounds *bounds, struct sk_repo *repo,
			  struct sk_err *err)
{
	struct all all = {bounds, SK_MAP_INIT};
	int rc;

	*bounds = (struct sk_bounds)SK_BOUNDS_INIT;
	rc = find_head(bounds, repo, err);
	if (rc >= 0)
		rc = sk_repo_each_tip(repo, take_tip, &all, err);
	bounds->has_tip = bounds->tip_count > 0;
	sk_map_free(&all.walked);
	return rc;
}

void sk_bounds_leave_out(struct sk_bounds *bounds, size_t tip)
{
	char hex[SK_HEX_LEN + 1];
	size_t kept = 0;

	sk_oid_hex(hex, &bounds->tips[tip]);
	for (size_t i = 0; i < bounds->move_count; i++) {
		if (strcmp(bounds->moves[i].tip, hex) == 0)
			free(bounds->moves[i].ref);
		else
			bounds->moves[kept++] = bounds->moves[i];
	}
	bounds->move_count = kept;
	for (size_t i = tip + 1; i < bounds->tip_count; i++)
		bounds->tips[i - 1] = bounds->tips[i];
	bounds->tip_count--;
}

int sk_bounds_record(const struct sk_bounds *bounds, struct sk_outbox *box,
		     const char *clone, struct sk_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < bounds->move_count; i++) {
		const struct sk_move *move = &bounds->moves[i];

		rc = *move->tip ? sk_cursor_set(box, clone, move->ref,
						move->tip, err)
				: sk_cursor_drop(box, clone, move->ref, err);
	}
	return rc;
}

void sk_bounds_free(struct sk_bounds *bounds)
{
	for (size_t i = 0; i < bounds->move_count; i++)
		free(bounds->moves[i].ref);
	free(bounds->moves);
	free(bounds->hidden);
	free(bounds->tips);
	*bounds = (struct sk_bounds)SK_BOUNDS_INIT;
}
