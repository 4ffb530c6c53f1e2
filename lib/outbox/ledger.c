/* SPDX-License-Identifier: MIT */
#include "outbox/outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "outbox/db.h"

int sk_ledger_look(struct sk_outbox *box, const char *event_id,
		   enum sk_ledger_state *state, struct sk_err *err)
{
	struct sk_stmt *st =
		sk_stmt_new(box->db, "SELECT state = 'before' FROM sk_ledger"
				     " WHERE event_id = :event_id");
	int rc;

	*state = SK_LEDGER_UNKNOWN;
	sk_stmt_text(st, ":event_id", event_id);
	rc = sk_stmt_step(st, err);
	if (rc > 0)
		*state = sk_stmt_col_int(st, 0) ? SK_LEDGER_BEFORE
						: SK_LEDGER_CAPTURED;
	sk_stmt_free(st);
	return rc < 0 ? -1 : 0;
}

int sk_ledger_add_before(struct sk_outbox *box, const char *event_id,
			 const char *commit, struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	/* no time of capture: it was not */
	st = sk_stmt_new(box->db, "INSERT OR IGNORE INTO sk_ledger"
				  "(event_id, state, commit_id)"
				  " VALUES(:event_id, 'before', :commit_id)");
	sk_stmt_text(st, ":event_id", event_id);
	sk_stmt_text(st, ":commit_id", commit);
	return sk_stmt_run(st, err);
}

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

int sk_state_get(struct sk_outbox *box, const char *key, struct sk_str *out,
		 struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT value FROM sk_state WHERE key = :key");
	const char *value;
	size_t len;
	int rc;

	sk_stmt_text(st, ":key", key);
	rc = sk_stmt_step(st, err);
	sk_str_clear(out);
	if (rc > 0) {
		value = sk_stmt_col_text(st, 0, &len);
		sk_str_add(out, value, len);
	}
	sk_stmt_free(st);
	return rc < 0 ? -1 : !rc;
}

int sk_state_get_int(struct sk_outbox *box, const char *key, int64_t *out,
		     struct sk_err *err)
{
	struct sk_str value = SK_STR_INIT;
	int rc = sk_state_get(box, key, &value, err);
	long long number;
	char *end;

	if (rc == 0) {
		errno = 0;
		number = strtoll(value.ptr, &end, 10);
		if (errno || end == value.ptr || *end)
			rc = 1;
		else
			*out = number;
	}
	sk_str_free(&value);
	return rc;
}

int sk_state_set(struct sk_outbox *box, const char *key, const char *value,
		 struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "INSERT INTO sk_state(key, value)"
				  " VALUES(:key, :value) ON CONFLICT(key)"
				  " DO UPDATE SET value = excluded.value");
	sk_stmt_text(st, ":key", key);
	sk_stmt_text(st, ":value", value);
	return sk_stmt_run(st, err);
}

int sk_state_set_int(struct sk_outbox *box, const char *key, int64_t value,
		     struct sk_err *err)
{
	char text[sizeof("-9223372036854775808")];

	snprintf(text, sizeof(text), "%" PRId64, value);
	return sk_state_set(box, key, text, err);
}
