/* SPDX-License-Identifier: MIT */
#include "outbox/unreadable.h"

#include "outbox/db.h"

static void bind(struct sk_stmt *st, const char *clone,
		 const struct sk_unreadable *what)
{
	sk_stmt_text(st, ":clone", clone);
	sk_stmt_text(st, ":path", what->path);
	sk_stmt_text(st, ":key", what->key);
	sk_stmt_text(st, ":commit_id", what->commit);
	sk_stmt_int(st, ":line", what->line);
}

int sk_unreadable_add(struct sk_outbox *box, const char *clone,
		      const struct sk_unreadable *what, int64_t now,
		      struct sk_err *err)
{
	struct sk_stmt *st;
	int64_t known;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "UPDATE sk_unreadable"
				  " SET commit_id = :commit_id, line = :line"
				  " WHERE clone = :clone AND path = :path"
				  " AND key = :key");
	bind(st, clone, what);
	if (sk_stmt_run_counted(st, &known, err) < 0)
		return -1;
	if (known)
		return 1;
	st = sk_stmt_new(box->db,
			 "INSERT INTO sk_unreadable"
			 "(clone, path, key, commit_id, line, size, reason,"
			 " seen_at) VALUES(:clone, :path, :key, :commit_id,"
			 " :line, :size, :reason, :now)");
	bind(st, clone, what);
	sk_stmt_int(st, ":size", what->size);
	sk_stmt_text(st, ":reason", what->reason);
	sk_stmt_int(st, ":now", now);
	return sk_stmt_run(st, err);
}

int sk_unreadable_forget(struct sk_outbox *box, const char *clone,
			 const char *path, const char *key, struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "DELETE FROM sk_unreadable"
				  " WHERE clone = :clone AND path = :path"
				  " AND key = :key");
	sk_stmt_text(st, ":clone", clone);
	sk_stmt_text(st, ":path", path);
	sk_stmt_text(st, ":key", key);
	return sk_stmt_run(st, err);
}

int sk_unreadable_each(struct sk_outbox *box, const char *clone,
		       sk_unreadable_fn *each, void *ctx, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT commit_id, path, key, line, size, reason"
			 " FROM sk_unreadable"
			 " WHERE :clone IS NULL OR clone = :clone"
			 " ORDER BY seen_at, commit_id, path, line");
	int rc = 0, stop = 0;

	sk_stmt_text(st, ":clone", clone);
	while (!stop && (rc = sk_stmt_step(st, err)) > 0) {
		const struct sk_unreadable what = {
			.commit = sk_stmt_col_text(st, 0, NULL),
			.path = sk_stmt_col_text(st, 1, NULL),
			.key = sk_stmt_col_text(st, 2, NULL),
			.line = sk_stmt_col_int(st, 3),
			.size = sk_stmt_col_int(st, 4),
			.reason = sk_stmt_col_text(st, 5, NULL),
		};

		stop = each(ctx, &what);
	}
	sk_stmt_free(st);
	return stop ? stop : rc;
}
