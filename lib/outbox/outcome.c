/* SPDX-License-Identifier: MIT */
#include "outbox/outcome.h"

#include <string.h>

#include "outbox/db.h"

/*
 * Whether the row is still the one that was sent. The bytes are compared as
 * sk_queue_each() reads them, so that rows of any type find themselves again.
 * Returns 0; 1 when it is gone or was replaced; -1.
 */
static int check_same(struct sk_outbox *box, struct sk_queue_pos pos,
		      const char *event_id, const char *data, size_t data_len,
		      struct sk_err *err)
{
	struct sk_stmt *st;
	const char *text;
	bool same = false;
	size_t len;
	int rc;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db,
			 "SELECT event_id, data FROM queue WHERE id = :id");
	sk_stmt_int(st, ":id", pos.id);
	rc = sk_stmt_step(st, err);
	if (rc > 0 && strcmp(sk_stmt_col_text(st, 0, NULL), event_id) == 0) {
		text = sk_stmt_col_text(st, 1, &len);
		same = len == data_len && memcmp(text, data, len) == 0;
	}
	sk_stmt_free(st);
	return rc < 0 ? -1 : !same;
}

static int delete_row(struct sk_outbox *box, int64_t id, struct sk_err *err)
{
	struct sk_stmt *st =
		sk_stmt_new(box->db, "DELETE FROM queue WHERE id = :id");

	sk_stmt_int(st, ":id", id);
	box->depth = -1;
	return sk_stmt_run(st, err);
}

static int forget_error(struct sk_outbox *box, const char *event_id,
			struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "DELETE FROM sk_error WHERE event_id = :event_id");

	sk_stmt_text(st, ":event_id", event_id);
	return sk_stmt_run(st, err);
}

/*
 * Check and delete in one statement, as nearly every row can be; 1 also for a
 * row whose columns are not the text they should be.
 */
static int delete_same(struct sk_outbox *box, struct sk_queue_pos pos,
		       const char *event_id, const char *data, size_t data_len,
		       struct sk_err *err)
{
	struct sk_stmt *st;
	int64_t changed;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "DELETE FROM queue WHERE id = :id"
				  " AND event_id = :event_id AND data = :data");
	sk_stmt_int(st, ":id", pos.id);
	sk_stmt_text(st, ":event_id", event_id);
	sk_stmt_text_len(st, ":data", data, data_len);
	box->depth = -1;
	if (sk_stmt_run_counted(st, &changed, err) < 0)
		return -1;
	return changed == 0;
}

int sk_queue_ack(struct sk_outbox *box, struct sk_queue_pos pos,
		 const char *event_id, const char *data, size_t data_len,
		 enum sk_ack how, int64_t now, struct sk_err *err)
{
	int rc = delete_same(box, pos, event_id, data, data_len, err);

	if (rc == 1) {
		rc = check_same(box, pos, event_id, data, data_len, err);
		if (rc == 0)
			rc = delete_row(box, pos.id, err);
	}
	if (rc != 0)
		return rc;
	if (forget_error(box, event_id, err) < 0)
		return -1;
	return sk_ledger_settle(box, event_id, how, now, err);
}

static int remember_error(struct sk_outbox *box, const char *event_id,
			  const char *category, const char *error, int64_t now,
			  struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"INSERT INTO sk_error(event_id, category, error, at)"
		" VALUES(:event_id, :category, :error, :now)"
		" ON CONFLICT(event_id) DO UPDATE SET"
		" category = excluded.category, error = excluded.error,"
		" at = excluded.at");

	sk_stmt_text(st, ":event_id", event_id);
	sk_stmt_text(st, ":category", category);
	sk_stmt_text(st, ":error", error);
	sk_stmt_int(st, ":now", now);
	return sk_stmt_run(st, err);
}

int sk_queue_reject(struct sk_outbox *box, struct sk_queue_pos pos,
		    const char *event_id, const char *data, size_t data_len,
		    const char *category, const char *error, int64_t now,
		    struct sk_err *err)
{
	int rc = check_same(box, pos, event_id, data, data_len, err);
	struct sk_stmt *st;

	if (rc != 0)
		return rc;
	st = sk_stmt_new(box->db, "UPDATE queue SET retry_count = " SK_RETRIES
				  " + 1 WHERE id = :id");
	sk_stmt_int(st, ":id", pos.id);
	if (sk_stmt_run(st, err) < 0)
		return -1;
	return remember_error(box, event_id, category, error, now, err);
}

/* A row without a usable id is parked under its number. */
int sk_queue_park(struct sk_outbox *box, struct sk_queue_pos pos,
		  const char *event_id, const char *data, size_t data_len,
		  const char *category, const char *reason, int64_t now,
		  struct sk_err *err)
{
	int rc = check_same(box, pos, event_id, data, data_len, err);
	struct sk_stmt *st;

	if (rc != 0)
		return rc;
	st = sk_stmt_new(
		box->db,
		"INSERT INTO sk_parked(event_id, event_type, data,"
		" category, error, size_bytes, parked_at)"
		" SELECT coalesce(nullif(CAST(event_id AS TEXT), ''),"
		" 'row-' || id), event_type, data, :category, :reason,"
		" coalesce(length(CAST(data AS BLOB)), 0), :now"
		" FROM queue WHERE id = :id"
		" ON CONFLICT(event_id) DO UPDATE SET"
		" event_type = excluded.event_type, data = excluded.data,"
		" category = excluded.category, error = excluded.error,"
		" size_bytes = excluded.size_bytes,"
		" parked_at = excluded.parked_at");
	sk_stmt_text(st, ":category", category);
	sk_stmt_text(st, ":reason", reason);
	sk_stmt_int(st, ":now", now);
	sk_stmt_int(st, ":id", pos.id);
	if (sk_stmt_run(st, err) < 0 || forget_error(box, event_id, err) < 0)
		return -1;
	return delete_row(box, pos.id, err);
}

static int free_held(struct sk_outbox *box, const char *event_id,
		     int64_t *freed, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "DELETE FROM sk_error WHERE event_id IN"
			 " (SELECT event_id FROM queue WHERE " SK_IS_HELD
			 " AND (:event_id IS NULL OR event_id = :event_id))");

	sk_stmt_int(st, ":held", SK_OUTBOX_HELD_AT);
	sk_stmt_text(st, ":event_id", event_id);
	if (sk_stmt_run(st, err) < 0)
		return -1;
	st = sk_stmt_new(box->db,
			 "UPDATE queue SET retry_count = 0 WHERE " SK_IS_HELD
			 " AND (:event_id IS NULL OR event_id = :event_id)");
	sk_stmt_int(st, ":held", SK_OUTBOX_HELD_AT);
	sk_stmt_text(st, ":event_id", event_id);
	return sk_stmt_run_counted(st, freed, err);
}

/*
 * An event that another program queued anew is there already: its row wins, as
 * it is the later one.
 */
static int free_parked(struct sk_outbox *box, const char *event_id, int64_t now,
		       int64_t *freed, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"INSERT INTO queue(event_id, event_type, data, timestamp)"
		" SELECT event_id, coalesce(event_type, ''),"
		" coalesce(data, ''), :now FROM sk_parked"
		" WHERE :event_id IS NULL OR event_id = :event_id"
		" ORDER BY parked_at, rowid"
		" ON CONFLICT(event_id) DO NOTHING");

	sk_stmt_int(st, ":now", now);
	sk_stmt_text(st, ":event_id", event_id);
	if (sk_stmt_run(st, err) < 0)
		return -1;
	st = sk_stmt_new(box->db,
			 "DELETE FROM sk_parked"
			 " WHERE :event_id IS NULL OR event_id = :event_id");
	sk_stmt_text(st, ":event_id", event_id);
	return sk_stmt_run_counted(st, freed, err);
}

int sk_queue_retry(struct sk_outbox *box, const char *event_id, int64_t now,
		   int64_t *count, struct sk_err *err)
{
	int64_t held, parked;

	*count = 0;
	if (sk_db_need_transaction(box, err) < 0 ||
	    free_held(box, event_id, &held, err) < 0 ||
	    free_parked(box, event_id, now, &parked, err) < 0)
		return -1;
	box->depth = -1;
	*count = held + parked;
	return event_id && *count == 0;
}
