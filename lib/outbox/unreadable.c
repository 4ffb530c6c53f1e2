/* SPDX-License-Identifier: MIT */
#include "outbox/unreadable.h"

#include "outbox/db.h"

int sk_unreadable_add(struct sk_outbox *box, const char *clone,
		      const char *commit, const char *path, int64_t line,
		      const char *reason, int64_t now, struct sk_err *err)
{
	struct sk_stmt *st;
	int64_t added;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db,
			 "INSERT INTO sk_unreadable"
			 "(clone, commit_id, path, line, reason, seen_at)"
			 " VALUES(:clone, :commit_id, :path, :line, :reason,"
			 " :now) ON CONFLICT DO NOTHING");
	sk_stmt_text(st, ":clone", clone);
	sk_stmt_text(st, ":commit_id", commit);
	sk_stmt_text(st, ":path", path);
	sk_stmt_int(st, ":line", line);
	sk_stmt_text(st, ":reason", reason);
	sk_stmt_int(st, ":now", now);
	if (sk_stmt_run_counted(st, &added, err) < 0)
		return -1;
	return added == 0;
}

int sk_unreadable_each(struct sk_outbox *box, sk_unreadable_fn *each, void *ctx,
		       struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"SELECT commit_id, path, line, reason FROM sk_unreadable"
		" ORDER BY seen_at, commit_id, path, line");
	int rc = 0, stop = 0;

	while (!stop && (rc = sk_stmt_step(st, err)) > 0)
		stop = each(ctx, sk_stmt_col_text(st, 0, NULL),
			    sk_stmt_col_text(st, 1, NULL),
			    sk_stmt_col_int(st, 2),
			    sk_stmt_col_text(st, 3, NULL));
	sk_stmt_free(st);
	return stop ? stop : rc;
}
