/* SPDX-License-Identifier: MIT */
#include "outbox/queue.h"

#include <stdlib.h>

#include "base/mem.h"
#include "outbox/db.h"

/*
 * Rows are copied out in steps of at most this many and about this many bytes,
 * and the statement is reset before the callback sees them: while it waits for
 * a network, no read transaction keeps the WAL from being checkpointed.
 */
#define STEP_ROWS  512
#define STEP_BYTES (1u << 20)

/*
 * Rows whose timestamp is no integer (another program's mistake) have no place
 * that struct sk_queue_pos could name. They come last, by id, and their place
 * carries this as its timestamp.
 */
#define ODD_TIMESTAMP INT64_MAX

/* Offsets into the step's bytes, as that buffer moves while it grows. */
struct place {
	struct sk_queue_pos pos;
	size_t event_id, event_type, data, data_len;
	int64_t retry_count;
};

struct step {
	struct sk_str bytes;
	struct place *rows;
	size_t len, cap;
	bool at_end; /* no row of this kind is left */
};

static size_t keep(struct step *step, const char *text, size_t len)
{
	size_t at = step->bytes.len;

	sk_str_add(&step->bytes, text, len);
	sk_str_putc(&step->bytes, '\0');
	return at;
}

static void keep_row(struct step *step, struct sk_stmt *st, bool odd)
{
	struct place *row;
	const char *text;
	size_t len;

	SK_GROW(step->rows, step->len, step->cap);
	row = &step->rows[step->len++];
	row->pos.id = sk_stmt_col_int(st, 0);
	row->pos.timestamp = odd ? ODD_TIMESTAMP : sk_stmt_col_int(st, 1);
	text = sk_stmt_col_text(st, 2, &len);
	row->event_id = keep(step, text, len);
	text = sk_stmt_col_text(st, 3, &len);
	row->event_type = keep(step, text, len);
	text = sk_stmt_col_text(st, 4, &row->data_len);
	row->data = keep(step, text, row->data_len);
	row->retry_count = sk_stmt_col_int(st, 5);
}

/*
 * Two halves, each of which idx_timestamp answers from its first row on; for
 * (timestamp, id) > (...) SQLite would read all rows of that second again.
 */
static struct sk_stmt *select_rows(struct sk_outbox *box,
				   struct sk_queue_pos after)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"SELECT id, timestamp, event_id, event_type, data,"
		" " SK_RETRIES " FROM queue"
		" WHERE timestamp = :timestamp AND id > :id"
		" AND timestamp < :odd AND typeof(timestamp) = 'integer'"
		" AND " SK_RETRIES " < :held"
		" UNION ALL"
		" SELECT id, timestamp, event_id, event_type, data,"
		" " SK_RETRIES " FROM queue"
		" WHERE timestamp > :timestamp"
		" AND timestamp < :odd AND typeof(timestamp) = 'integer'"
		" AND " SK_RETRIES " < :held"
		" ORDER BY 2, 1 LIMIT :rows");

	/* the place before the first row is before negative times too */
	sk_stmt_int(st, ":timestamp",
		    after.timestamp == 0 && after.id == 0 ? INT64_MIN
							  : after.timestamp);
	sk_stmt_int(st, ":id", after.id);
	sk_stmt_int(st, ":odd", ODD_TIMESTAMP);
	return st;
}

static struct sk_stmt *select_odd_rows(struct sk_outbox *box,
				       struct sk_queue_pos after)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT id, timestamp, event_id, event_type, data,"
			 " " SK_RETRIES " FROM queue WHERE id > :id"
			 " AND (typeof(timestamp) <> 'integer'"
			 " OR timestamp = :odd)"
			 " AND " SK_RETRIES " < :held"
			 " ORDER BY id LIMIT :rows");

	sk_stmt_int(st, ":id",
		    after.timestamp == ODD_TIMESTAMP ? after.id : INT64_MIN);
	sk_stmt_int(st, ":odd", ODD_TIMESTAMP);
	return st;
}

static int read_step(struct sk_outbox *box, struct sk_queue_pos after, bool odd,
		     struct step *step, struct sk_err *err)
{
	struct sk_stmt *st =
		odd ? select_odd_rows(box, after) : select_rows(box, after);
	int rc = 0;

	sk_stmt_int(st, ":held", SK_OUTBOX_HELD_AT);
	sk_stmt_int(st, ":rows", STEP_ROWS);
	step->len = 0;
	sk_str_clear(&step->bytes);
	while (step->bytes.len < STEP_BYTES && (rc = sk_stmt_step(st, err)) > 0)
		keep_row(step, st, odd);
	/* the statement ends at its LIMIT too */
	step->at_end = rc == 0 && step->len < STEP_ROWS;
	sk_stmt_free(st);
	return rc < 0 ? -1 : 0;
}

static int visit(const struct step *step, size_t i, sk_queue_fn *each,
		 void *ctx)
{
	const struct place *at = &step->rows[i];
	const char *bytes = step->bytes.ptr;
	struct sk_queue_row row = {
		.pos = at->pos,
		.event_id = bytes + at->event_id,
		.event_type = bytes + at->event_type,
		.data = bytes + at->data,
		.data_len = at->data_len,
		.retry_count = at->retry_count,
	};

	return each(ctx, &row);
}

int sk_queue_each(struct sk_outbox *box, struct sk_queue_pos after,
		  sk_queue_fn *each, void *ctx, struct sk_err *err)
{
	struct step step = {.bytes = SK_STR_INIT};
	bool odd = after.timestamp == ODD_TIMESTAMP;
	int rc = 0;

	while (rc == 0) {
		if (read_step(box, after, odd, &step, err) < 0) {
			rc = -1;
			break;
		}
		for (size_t i = 0; rc == 0 && i < step.len; i++)
			rc = visit(&step, i, each, ctx);
		if (step.at_end && odd)
			break;
		if (step.at_end)
			odd = true;
		else
			after = step.rows[step.len - 1].pos;
	}
	free(step.rows);
	sk_str_free(&step.bytes);
	return rc;
}
