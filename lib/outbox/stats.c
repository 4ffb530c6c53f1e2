/* SPDX-License-Identifier: MIT */
#include "outbox/stats.h"

#include <string.h>

#include "outbox/db.h"

static int each_held(struct sk_outbox *box, sk_stuck_fn *each, void *ctx,
		     struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT q.event_id, q.event_type, e.category, e.error,"
			 " length(CAST(q.data AS BLOB)), " SK_RETRIES
			 " FROM queue q LEFT JOIN sk_error e USING(event_id)"
			 " WHERE " SK_IS_HELD " ORDER BY q.timestamp, q.id");
	struct sk_stuck_row row = {.parked = false};
	int rc = 0, stop = 0;

	sk_stmt_int(st, ":held", SK_OUTBOX_HELD_AT);
	while (!stop && (rc = sk_stmt_step(st, err)) > 0) {
		row.event_id = sk_stmt_col_text(st, 0, NULL);
		row.event_type = sk_stmt_col_text(st, 1, NULL);
		row.category = sk_stmt_col_text(st, 2, NULL);
		row.error = sk_stmt_col_text(st, 3, NULL);
		row.size_bytes = sk_stmt_col_int(st, 4);
		row.retry_count = sk_stmt_col_int(st, 5);
		stop = each(ctx, &row);
	}
	sk_stmt_free(st);
	return stop ? stop : rc;
}

static int each_parked(struct sk_outbox *box, sk_stuck_fn *each, void *ctx,
		       struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"SELECT event_id, event_type, category, error, size_bytes"
		" FROM sk_parked ORDER BY parked_at, rowid");
	struct sk_stuck_row row = {.parked = true};
	int rc = 0, stop = 0;

	while (!stop && (rc = sk_stmt_step(st, err)) > 0) {
		row.event_id = sk_stmt_col_text(st, 0, NULL);
		row.event_type = sk_stmt_col_text(st, 1, NULL);
		row.category = sk_stmt_col_text(st, 2, NULL);
		row.error = sk_stmt_col_text(st, 3, NULL);
		row.size_bytes = sk_stmt_col_int(st, 4);
		stop = each(ctx, &row);
	}
	sk_stmt_free(st);
	return stop ? stop : rc;
}

int sk_stuck_each(struct sk_outbox *box, sk_stuck_fn *each, void *ctx,
		  struct sk_err *err)
{
	int rc = each_held(box, each, ctx, err);

	return rc != 0 ? rc : each_parked(box, each, ctx, err);
}

static int read_counts(struct sk_outbox *box, struct sk_queue_stats *out,
		       struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT (SELECT count(*) FROM queue),"
			 " (SELECT count(*) FROM queue WHERE " SK_IS_HELD "),"
			 " (SELECT count(*) FROM sk_parked),"
			 " (SELECT count(*) FROM body_upload_queue),"
			 " (SELECT count(*) FROM body_upload_failure_log),"
			 " (SELECT count(*) FROM sk_unreadable),"
			 " (SELECT count(*) FROM sk_ledger"
			 " WHERE state NOT IN ('queued', 'before')),"
			 " (SELECT min(timestamp) FROM queue)");
	int rc;

	sk_stmt_int(st, ":held", SK_OUTBOX_HELD_AT);
	rc = sk_stmt_step(st, err);
	if (rc > 0) {
		out->depth = sk_stmt_col_int(st, 0);
		out->held = sk_stmt_col_int(st, 1);
		out->parked = sk_stmt_col_int(st, 2);
		out->bodies = sk_stmt_col_int(st, 3);
		out->body_failures = sk_stmt_col_int(st, 4);
		out->unreadable = sk_stmt_col_int(st, 5);
		out->delivered = sk_stmt_col_int(st, 6);
		out->oldest = sk_stmt_col_int(st, 7);
	}
	sk_stmt_free(st);
	return rc < 0 ? -1 : 0;
}

static int read_retried(struct sk_outbox *box, struct sk_queue_stats *out,
			struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT count(*), retry_count FROM"
			 " (SELECT " SK_RETRIES " AS retry_count FROM queue)"
			 " GROUP BY min(max(retry_count, 0), 4)");
	int64_t retries;
	int rc;

	while ((rc = sk_stmt_step(st, err)) > 0) {
		retries = sk_stmt_col_int(st, 1);
		out->retried[retries <= 0   ? 0
			     : retries <= 3 ? 1
					    : 2] += sk_stmt_col_int(st, 0);
	}
	sk_stmt_free(st);
	return rc;
}

static int read_types(struct sk_outbox *box, struct sk_queue_stats *out,
		      struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT event_type, count(*) AS rows FROM queue"
			 " GROUP BY event_type"
			 " ORDER BY rows DESC, event_type LIMIT :types");
	const char *name;
	size_t len, max = sizeof(out->type[0].name) - 1;
	int rc;

	sk_stmt_int(st, ":types", SK_STATS_TYPES);
	while ((rc = sk_stmt_step(st, err)) > 0) {
		name = sk_stmt_col_text(st, 0, &len);
		memcpy(out->type[out->types].name, name, len < max ? len : max);
		out->type[out->types++].count = sk_stmt_col_int(st, 1);
	}
	sk_stmt_free(st);
	return rc;
}

int sk_queue_stats(struct sk_outbox *box, struct sk_queue_stats *out,
		   struct sk_err *err)
{
	struct sk_err ignored = {0};
	bool own = !sk_sql_in_transaction(box->db);
	int ret = -1;

	memset(out, 0, sizeof(*out));
	/* one snapshot, so that the numbers add up */
	if (own && sk_sql_exec(box->db, "BEGIN", err) < 0)
		return -1;
	if (read_counts(box, out, err) < 0 || read_retried(box, out, err) < 0 ||
	    read_types(box, out, err) < 0)
		goto out;
	ret = 0;
out:
	/* it read only: when ending it fails nothing is lost */
	if (own && sk_sql_exec(box->db, "ROLLBACK", &ignored) < 0)
		return ret;
	return ret;
}

int64_t sk_queue_ready(struct sk_outbox *box, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT (SELECT count(*) FROM queue) -"
			 " (SELECT count(*) FROM queue WHERE " SK_IS_HELD ")");
	int64_t ready = 0;

	sk_stmt_int(st, ":held", SK_OUTBOX_HELD_AT);
	return sk_stmt_get_int(st, &ready, err) < 0 ? -1 : ready;
}

int64_t sk_queue_depth(struct sk_outbox *box, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(box->db, "SELECT count(*) FROM queue");
	int64_t depth = 0;

	return sk_stmt_get_int(st, &depth, err) < 0 ? -1 : depth;
}

int sk_queue_oldest(struct sk_outbox *box, int64_t *timestamp,
		    struct sk_err *err)
{
	struct sk_stmt *st =
		sk_stmt_new(box->db, "SELECT timestamp FROM queue"
				     " ORDER BY timestamp LIMIT 1");

	return sk_stmt_get_int(st, timestamp, err);
}
