/* SPDX-License-Identifier: MIT */
#include "outbox/outbox.h"

#include <stdlib.h>

#include "base/mem.h"
#include "outbox/db.h"
#include "outbox/ledger.h"
#include "outbox/schema.h"

static struct sk_outbox *new_box(const char *path)
{
	struct sk_outbox *box = sk_calloc(1, sizeof(*box));

	box->path = sk_strdup(path);
	box->limit = SK_OUTBOX_DEFAULT_LIMIT;
	box->depth = -1;
	return box;
}

static int open_writable(struct sk_outbox **out, const char *path,
			 const struct sk_sql_options *options,
			 struct sk_err *err)
{
	struct sk_outbox *box;

	*out = NULL;
	if (sk_db_check_file(path, true, err) < 0)
		return -1;
	box = new_box(path);
	if (sk_db_connect(box, options, err) < 0 ||
	    sk_db_use_wal(box, options->wait_ms, err) < 0 ||
	    sk_schema_ready(box, err) < 0) {
		sk_outbox_close(box);
		return -1;
	}
	*out = box;
	return 0;
}

int sk_outbox_open(struct sk_outbox **out, const char *path, struct sk_err *err)
{
	const struct sk_sql_options options = {
		.is_writable = true,
		.wait_ms = SK_OUTBOX_WAIT_MS,
	};

	return open_writable(out, path, &options, err);
}

int sk_outbox_open_in_hook(struct sk_outbox **out, const char *path,
			   struct sk_err *err)
{
	const struct sk_sql_options options = {
		.is_writable = true,
		.leaves_log = true,
		.wait_ms = SK_OUTBOX_HOOK_WAIT_MS,
	};

	return open_writable(out, path, &options, err);
}

int sk_outbox_open_readonly(struct sk_outbox **out, const char *path,
			    struct sk_err *err)
{
	const struct sk_sql_options options = {.wait_ms = SK_OUTBOX_WAIT_MS};
	struct sk_outbox *box;
	int rc;

	*out = NULL;
	rc = sk_db_check_file(path, false, err);
	if (rc != 0)
		return rc;
	box = new_box(path);
	if (sk_db_connect(box, &options, err) < 0 ||
	    sk_sql_exec(box->db, "SELECT 1 FROM sqlite_schema", err) < 0 ||
	    sk_schema_look(box, err) < 0) {
		sk_outbox_close(box);
		return -1;
	}
	*out = box;
	return 0;
}

void sk_outbox_close(struct sk_outbox *box)
{
	if (!box)
		return;
	sk_outbox_rollback(box);
	sk_sql_close(box->db);
	free(box->account);
	free(box->path);
	free(box);
}

const char *sk_outbox_path(const struct sk_outbox *box)
{
	return box->path;
}

void sk_outbox_set_limit(struct sk_outbox *box, int64_t limit)
{
	box->limit = limit;
}

void sk_outbox_set_account(struct sk_outbox *box, const char *scope)
{
	free(box->account);
	box->account = sk_strdup(scope);
}

static int begin(struct sk_outbox *box, const char *sql, struct sk_err *err)
{
	if (sk_stmt_run(sk_stmt_new(box->db, sql), err) < 0)
		return -1;
	box->in_transaction = true;
	box->depth = -1;
	return 0;
}

int sk_outbox_begin(struct sk_outbox *box, struct sk_err *err)
{
	return begin(box, "BEGIN IMMEDIATE", err);
}

int sk_outbox_begin_reading(struct sk_outbox *box, struct sk_err *err)
{
	return begin(box, "BEGIN", err);
}

int sk_outbox_commit(struct sk_outbox *box, struct sk_err *err)
{
	if (sk_db_need_transaction(box, err) < 0 ||
	    sk_stmt_run(sk_stmt_new(box->db, "COMMIT"), err) < 0) {
		sk_outbox_rollback(box);
		return -1;
	}
	box->in_transaction = false;
	return 0;
}

void sk_outbox_rollback(struct sk_outbox *box)
{
	struct sk_err ignored = {0};

	if (!box->in_transaction)
		return;
	box->in_transaction = false;
	/* fails only when SQLite rolled back already */
	if (sk_sql_in_transaction(box->db) &&
	    sk_sql_exec(box->db, "ROLLBACK", &ignored) < 0)
		return;
}

/* Whether the event is in any of the places where an event can be. */
static int is_there(struct sk_outbox *box, const char *event_id,
		    struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"SELECT EXISTS(SELECT 1 FROM queue WHERE event_id = :event_id)"
		" OR EXISTS(SELECT 1 FROM sk_parked"
		" WHERE event_id = :event_id)");
	int64_t there = 0;

	sk_stmt_text(st, ":event_id", event_id);
	return sk_stmt_get_int(st, &there, err) < 0 ? -1 : there != 0;
}

/*
 * Nobody else can write while the transaction lasts. Ids only grow, so there
 * are no more rows than from the first id to the last, and a queue that has
 * room by that needs no counting: 100,000 rows take longer to count than one
 * takes to add.
 */
static int check_limit(struct sk_outbox *box, struct sk_err *err)
{
	if (box->depth < 0 &&
	    sk_stmt_get_int(sk_stmt_new(box->db, "SELECT (SELECT max(id) FROM"
						 " queue) - (SELECT min(id)"
						 " FROM queue) + 1"),
			    &box->depth, err) < 0)
		return -1;
	if (box->depth < box->limit)
		return 0;
	if (sk_stmt_get_int(sk_stmt_new(box->db, "SELECT count(*) FROM queue"),
			    &box->depth, err) < 0)
		return -1;
	if (box->depth < box->limit)
		return 0;
	sk_fail(err, SK_EFULL, "the queue '%s' is full (%lld events)",
		box->path, (long long)box->depth);
	return sk_hint(err, "run 'git sk-sync now' to send what waits; nothing "
			    "is lost, it is captured later");
}

static int insert_event(struct sk_outbox *box, const struct sk_event *event,
			int64_t now, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"INSERT INTO queue(event_id, event_type, data, timestamp)"
		" VALUES(:event_id, :event_type, :data, :now)");

	sk_stmt_text(st, ":event_id", event->event_id);
	sk_stmt_text(st, ":event_type", event->event_type);
	sk_stmt_text(st, ":data", event->data);
	sk_stmt_int(st, ":now", now);
	return sk_stmt_run(st, err);
}

int sk_outbox_add(struct sk_outbox *box, const struct sk_event *event,
		  int64_t now, struct sk_err *err)
{
	int rc;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	rc = is_there(box, event->event_id, err);
	if (rc != 0)
		return rc;
	if (check_limit(box, err) < 0 ||
	    insert_event(box, event, now, err) < 0 ||
	    sk_ledger_add(box, event, now, err) < 0)
		return -1;
	box->depth++;
	return 0;
}
