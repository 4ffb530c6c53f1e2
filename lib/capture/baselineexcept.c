/* SPDX-License-Identifier: MIT */
/* A commit that is no part of it, though it was there. */
#include "capture/baseline.h"

#include <string.h>

#include "base/trace.h"
#include "outbox/ledger.h"

/* The cursors that stand at HEAD. */
struct exception {
	struct sk_oid head;
	struct sk_str refs; /* of them, each ended by NUL */
	bool is_before;	    /* one is of the baseline */
	bool is_setup;	    /* so is where the queue begins */
};

static int add_at_head(void *ctx, const char *ref, const char *tip)
{
	struct exception *e = ctx;
	struct sk_oid oid;

	if (sk_oid_parse(&oid, tip) < 0 || !sk_oid_equal(&oid, &e->head))
		return 0;
	e->is_before |= strncmp(ref, SK_CURSOR_BASELINE,
				strlen(SK_CURSOR_BASELINE)) == 0;
	if (strcmp(ref, SK_CURSOR_SETUP) == 0)
		e->is_setup = true;
	else
		sk_str_add(&e->refs, ref, strlen(ref) + 1);
	return 0;
}

/* What HEAD's commit stands on hides the same as it did, but for itself. */
static int move_to_parents(const struct sk_capture *orders,
			   const struct exception *e,
			   const struct sk_commit *head, struct sk_err *err)
{
	struct sk_outbox *box = orders->box;
	struct sk_str ref = SK_STR_INIT;
	char hex[SK_HEX_LEN + 1] = "";
	int rc = 0;

	for (const char *at = e->refs.ptr;
	     rc == 0 && at < e->refs.ptr + e->refs.len; at += strlen(at) + 1)
		rc = sk_cursor_drop(box, orders->clone, at, err);
	for (size_t i = head->parent_count; i-- > 0 && rc == 0;) {
		sk_oid_hex(hex, &head->parents[i]);
		sk_str_clear(&ref);
		sk_str_addf(&ref, SK_CURSOR_BASELINE "%s", hex);
		rc = sk_cursor_set(box, orders->clone, ref.ptr, hex, err);
	}
	if (rc == 0 && e->is_setup)
		rc = sk_cursor_set(box, orders->clone, SK_CURSOR_SETUP, hex,
				   err);
	sk_str_free(&ref);
	return rc;
}

/* Inside the transaction. Returns 0; 1 when HEAD is not before; -1. */
static int except(const struct sk_capture *orders, struct exception *e,
		  struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];
	struct sk_commit *head = NULL;
	int64_t forgotten = 0;
	int rc;

	if (sk_cursor_each(orders->box, orders->clone, add_at_head, e, err) < 0)
		return -1;
	sk_oid_hex(hex, &e->head);
	/* filled already, it is in the ledger */
	if (e->refs.len && !e->is_before &&
	    sk_ledger_forget_before(orders->box, hex, &forgotten, err) < 0)
		return -1;
	if (!e->is_before && !forgotten)
		return 1;
	rc = sk_commit_read(&head, orders->repo, &e->head, err);
	if (rc > 0)
		rc = sk_fail(err, SK_EDATA, "the commit at HEAD is gone");
	if (rc == 0)
		rc = move_to_parents(orders, e, head, err);
	sk_commit_free(head);
	return rc;
}

int sk_baseline_except(const struct sk_capture *orders, struct sk_err *err)
{
	struct exception e = {.refs = SK_STR_INIT};
	struct sk_str ref = SK_STR_INIT;
	int rc = sk_repo_head(orders->repo, &e.head, &ref, err);

	if (rc == 0)
		rc = sk_outbox_begin(orders->box, err);
	if (rc == 0) {
		rc = except(orders, &e, err);
		if (rc == 0)
			rc = sk_outbox_commit(orders->box, err);
		else
			sk_outbox_rollback(orders->box);
	}
	if (rc == 0)
		sk_trace("refs", "the commit at HEAD was not there before");
	sk_str_free(&ref);
	sk_str_free(&e.refs);
	return rc;
}
