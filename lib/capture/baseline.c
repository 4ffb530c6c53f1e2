/* SPDX-License-Identifier: MIT */
#include "capture/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/trace.h"
#include "outbox/ledger.h"

/* Commits, as a list. */
struct tips {
	struct sk_repo *repo;
	struct sk_oid *list;
	size_t count, cap;
	struct sk_err *err;
};

static void add_tip(struct tips *tips, const struct sk_oid *tip)
{
	SK_GROW(tips->list, tips->count, tips->cap);
	tips->list[tips->count++] = *tip;
}

/* A clone and a queue that see one another for the first time. */
struct meeting {
	const struct sk_capture *orders;
	struct sk_oid head;
	struct sk_str ref; /* HEAD's */
	bool has_head;
	bool is_known;
	struct sk_map refs;   /* that had a cursor before this */
	struct tips captured; /* these cursors' tips */
	struct sk_oid begin;  /* one of them, HEAD's if it has one */
	bool has_begin;
	struct sk_map before; /* raw ids of the baseline */
	struct sk_err *err;
};

static int set_cursor(const struct meeting *m, const char *ref,
		      const struct sk_oid *tip)
{
	char hex[SK_HEX_LEN + 1] = "";

	if (tip)
		sk_oid_hex(hex, tip);
	return sk_cursor_set(m->orders->box, m->orders->clone, ref, hex,
			     m->err);
}

static int add_before(struct meeting *m, const struct sk_oid *tip)
{
	struct sk_str ref = SK_STR_INIT;
	int rc = 0;
	bool added;

	sk_map_add(&m->before, (const char *)tip->id, SK_OID_LEN, 1, &added);
	if (added) {
		sk_str_addf(&ref, SK_CURSOR_BASELINE "%zu", m->before.len);
		rc = set_cursor(m, ref.ptr, tip);
	}
	sk_str_free(&ref);
	return rc;
}

/* Whether a walk begins at refs of this kind. */
static bool is_walked(const char *ref)
{
	return strncmp(ref, "refs/", 5) != 0 ||
	       strncmp(ref, "refs/heads/", 11) == 0;
}

static bool has_cursor(const struct meeting *m, const char *ref)
{
	return sk_map_get(&m->refs, ref, strlen(ref));
}

static int see_ref(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct meeting *m = ctx;

	if (m->orders->wake == SK_WAKE_COMMIT && m->has_head &&
	    sk_oid_equal(tip, &m->head))
		return 0; /* just made */
	if (!is_walked(ref))
		/* of a clone with cursors it may hold what is still news */
		return m->refs.len ? 0 : add_before(m, tip);
	if (has_cursor(m, ref))
		return 0;
	if (set_cursor(m, ref, tip) < 0)
		return -1;
	return add_before(m, tip);
}

/* One of an earlier git-sk: what it reaches was captured, or was before. */
static int load_cursor(void *ctx, const char *ref, const char *tip)
{
	struct meeting *m = ctx;
	struct sk_oid oid;

	m->is_known |= strcmp(ref, SK_CURSOR_SETUP) == 0;
	sk_map_add(&m->refs, ref, strlen(ref), 1, NULL);
	if (sk_oid_parse(&oid, tip) < 0)
		return 0;
	add_tip(&m->captured, &oid);
	if (!m->has_begin || strcmp(ref, m->ref.ptr) == 0)
		m->begin = oid;
	m->has_begin = true;
	return 0;
}

/*
 * What a commit that was just made stands on. *setup is where the queue begins:
 * there, or at HEAD; where it began long ago, at what was captured, as HEAD may
 * have moved since.
 */
static int add_parents(struct meeting *m, struct sk_oid *setup, bool *has_setup)
{
	struct sk_commit *head = NULL;
	int rc;

	*setup = m->has_begin ? m->begin : m->head;
	*has_setup = m->has_begin || m->has_head;
	if (m->orders->wake != SK_WAKE_COMMIT || !m->has_head ||
	    has_cursor(m, m->ref.ptr))
		return 0;
	rc = sk_commit_read(&head, m->orders->repo, &m->head, m->err);
	if (rc > 0)
		return sk_fail(m->err, SK_EDATA, "the commit at HEAD is gone");
	if (rc < 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < head->parent_count; i++)
		rc = add_before(m, &head->parents[i]);
	*has_setup = head->parent_count > 0;
	if (*has_setup)
		*setup = head->parents[0];
	sk_commit_free(head);
	return rc;
}

/* Inside the transaction, so that two hooks do not both meet the clone. */
static int meet(struct meeting *m)
{
	const struct sk_capture *orders = m->orders;
	struct sk_oid setup;
	bool has_setup;

	if (sk_cursor_each(orders->box, orders->clone, load_cursor, m, m->err) <
	    0)
		return -1;
	if (m->is_known)
		return 1;
	for (size_t i = 0; i < m->captured.count; i++) {
		if (add_before(m, &m->captured.list[i]) < 0)
			return -1;
	}
	if (sk_repo_each_tip(orders->repo, see_ref, m, m->err) < 0 ||
	    sk_repo_each_other_tip(orders->repo, see_ref, m, m->err) < 0 ||
	    add_parents(m, &setup, &has_setup) < 0)
		return -1;
	return set_cursor(m, SK_CURSOR_SETUP, has_setup ? &setup : NULL);
}

int sk_baseline_meet(const struct sk_capture *orders, bool *is_partial,
		     struct sk_err *err)
{
	struct meeting m = {.orders = orders, .ref = SK_STR_INIT, .err = err};
	int rc = sk_repo_head(orders->repo, &m.head, &m.ref, err);

	m.has_head = rc == 0;
	if (rc >= 0)
		rc = sk_outbox_begin(orders->box, err);
	if (rc == 0)
		rc = meet(&m);
	if (rc == 0)
		rc = sk_outbox_commit(orders->box, err);
	else
		sk_outbox_rollback(orders->box);
	if (rc == 0)
		sk_trace("refs", "the queue meets the clone, %zu tips before",
			 m.before.len);
	if (is_partial)
		*is_partial = rc == 0 && !m.refs.len && m.before.len;
	sk_map_free(&m.before);
	sk_map_free(&m.refs);
	free(m.captured.list);
	sk_str_free(&m.ref);
	return rc;
}

/* One that is gone, by gc maybe, hides nothing any more. */
static int take_tip(void *ctx, const char *ref, const char *tip)
{
	struct tips *tips = ctx;
	struct sk_commit *commit = NULL;
	struct sk_oid oid;
	int rc;

	if (strncmp(ref, SK_CURSOR_BASELINE, strlen(SK_CURSOR_BASELINE)) != 0 ||
	    sk_oid_parse(&oid, tip) < 0)
		return 0;
	rc = sk_commit_read(&commit, tips->repo, &oid, tips->err);
	sk_commit_free(commit);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	add_tip(tips, &oid);
	return 0;
}

/* Returns 0 when the baseline is still this one; 1; -1. */
static int has_changed(const struct sk_capture *orders, const struct tips *tips,
		       struct sk_err *err)
{
	struct tips now = {.repo = orders->repo, .err = err};
	int rc =
		sk_cursor_each(orders->box, orders->clone, take_tip, &now, err);

	if (rc == 0)
		rc = now.count != tips->count;
	for (size_t i = 0; i < now.count && rc == 0; i++)
		rc = !sk_oid_equal(&now.list[i], &tips->list[i]);
	free(now.list);
	return rc;
}

/*
 * One transaction: the cursors go when the ledger has what they hid. Returns 0;
 * 1 when a hook took its commit out of the baseline meanwhile; -1.
 */
static int record(const struct sk_capture *orders, const struct tips *tips,
		  const struct sk_collection *found, struct sk_err *err)
{
	struct sk_outbox *box = orders->box;
	int ret = -1;

	if (sk_outbox_begin(box, err) < 0)
		return -1;
	ret = has_changed(orders, tips, err);
	if (ret != 0)
		goto fail;
	ret = -1;
	for (size_t i = 0; i < found->event_count; i++) {
		if (sk_ledger_add_before(box, found->events[i].draft.event_id,
					 found->events[i].commit, err) < 0)
			goto fail;
	}
	if (sk_cursor_drop_baseline(box, orders->clone, err) == 0 &&
	    sk_outbox_commit(box, err) == 0)
		return 0;
fail:
	sk_outbox_rollback(box);
	return ret;
}

/* What is not known to be before would be news once it can be read. */
static int fail_unread(const struct sk_collection *found, struct sk_err *err)
{
	const struct sk_missing *first = &found->missing[0];
	char commit[SK_HEX_LEN + 1], object[SK_HEX_LEN + 1];

	sk_oid_hex(commit, &first->commit);
	sk_oid_hex(object, &first->object);
	return sk_fail(err, SK_EDATA, "commit %.12s needs object %s", commit,
		       object);
}

/*
 * What stands where a shallow clone begins was there before, whichever commit
 * it came with: without parents it is all that this one says.
 */
static void begin_at_cuts(const struct sk_walk *walk)
{
	for (size_t i = 0; i < walk->count; i++)
		walk->commits[i]->is_cut = false;
}

static int collect(struct sk_collection *found, const struct sk_capture *orders,
		   const struct tips *tips, struct sk_err *err)
{
	struct sk_project_id project = sk_project_id(orders->project);
	struct sk_walk commits = SK_WALK_INIT;
	int rc = sk_walk_commits(&commits, orders->repo, tips->list,
				 tips->count, NULL, 0, err);

	if (rc == 0) {
		begin_at_cuts(&commits);
		rc = sk_collect(found, orders->repo, &commits, &project, false,
				0, err);
	}
	sk_trace("walk", "baseline: %zu commits, %zu events", commits.count,
		 found->event_count);
	sk_walk_free(&commits);
	return rc;
}

/* Returns 0; 1 when it is to be done again; -1. */
static int fill(const struct sk_capture *orders, struct sk_err *err)
{
	struct sk_collection found = SK_COLLECTION_INIT;
	struct tips tips = {.repo = orders->repo, .err = err};
	int ret = -1;

	if (sk_cursor_each(orders->box, orders->clone, take_tip, &tips, err) ==
		    0 &&
	    collect(&found, orders, &tips, err) == 0)
		ret = found.missing_count ? fail_unread(&found, err)
					  : record(orders, &tips, &found, err);
	sk_collection_free(&found);
	free(tips.list);
	return ret;
}

int sk_baseline_fill(const struct sk_capture *orders, struct sk_err *err)
{
	int rc;

	do
		rc = fill(orders, err);
	while (rc > 0);
	return rc;
}
