/* SPDX-License-Identifier: MIT */
#include "outbox/cursor.h"

#include "outbox/db.h"

int sk_cursor_each(struct sk_outbox *box, const char *clone, sk_cursor_fn *each,
		   void *ctx, struct sk_err *err)
{
	struct sk_stmt *st =
		sk_stmt_new(box->db, "SELECT ref, tip FROM sk_cursor"
				     " WHERE clone = :clone"
				     " ORDER BY ref");
	int rc = 0, stop = 0;

	sk_stmt_text(st, ":clone", clone);
	while (!stop && (rc = sk_stmt_step(st, err)) > 0)
		stop = each(ctx, sk_stmt_col_text(st, 0, NULL),
			    sk_stmt_col_text(st, 1, NULL));
	sk_stmt_free(st);
	return stop ? stop : rc;
}

int sk_cursor_set(struct sk_outbox *box, const char *clone, const char *ref,
		  const char *tip, struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "INSERT INTO sk_cursor(clone, ref, tip)"
				  " VALUES(:clone, :ref, :tip)"
				  " ON CONFLICT(clone, ref)"
				  " DO UPDATE SET tip = excluded.tip");
	sk_stmt_text(st, ":clone", clone);
	sk_stmt_text(st, ":ref", ref);
	sk_stmt_text(st, ":tip", tip);
	return sk_stmt_run(st, err);
}

int sk_cursor_drop(struct sk_outbox *box, const char *clone, const char *ref,
		   struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "DELETE FROM sk_cursor WHERE clone = :clone"
				  " AND ref = :ref");
	sk_stmt_text(st, ":clone", clone);
	sk_stmt_text(st, ":ref", ref);
	return sk_stmt_run(st, err);
}

int sk_cursor_drop_baseline(struct sk_outbox *box, const char *clone,
			    struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "DELETE FROM sk_cursor WHERE clone = :clone"
				  " AND ref GLOB '" SK_CURSOR_BASELINE "*'");
	sk_stmt_text(st, ":clone", clone);
	return sk_stmt_run(st, err);
}
