/* SPDX-License-Identifier: MIT */
#include "outbox/ledger.h"

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

int sk_ledger_forget_before(struct sk_outbox *box, const char *commit,
			    int64_t *count, struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "DELETE FROM sk_ledger"
				  " WHERE commit_id = :commit_id"
				  " AND state = 'before'");
	sk_stmt_text(st, ":commit_id", commit);
	return sk_stmt_run_counted(st, count, err);
}

int sk_ledger_add(struct sk_outbox *box, const struct sk_event *event,
		  int64_t now, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db,
		"INSERT INTO sk_ledger"
		"(event_id, state, commit_id, captured_at, account,"
		" project_uuid) VALUES(:event_id, 'queued', :commit_id, :now,"
		" :account, :project_uuid)"
		" ON CONFLICT(event_id) DO UPDATE SET state = excluded.state,"
		" commit_id = excluded.commit_id,"
		" captured_at = excluded.captured_at,"
		" account = excluded.account,"
		" project_uuid = excluded.project_uuid");

	sk_stmt_text(st, ":event_id", event->event_id);
	sk_stmt_text(st, ":commit_id", event->commit);
	sk_stmt_text(st, ":account", box->account);
	sk_stmt_text(st, ":project_uuid", event->project_uuid);
	sk_stmt_int(st, ":now", now);
	return sk_stmt_run(st, err);
}

/* Rows that other programs queued get their line in the ledger only here. */
int sk_ledger_settle(struct sk_outbox *box, const char *event_id,
		     enum sk_ack how, int64_t now, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "INSERT INTO sk_ledger(event_id, state, settled_at)"
			 " VALUES(:event_id, :state, :now)"
			 " ON CONFLICT(event_id) DO UPDATE SET"
			 " state = excluded.state,"
			 " settled_at = excluded.settled_at");

	sk_stmt_text(st, ":event_id", event_id);
	sk_stmt_text(st, ":state",
		     how == SK_ACK_DUPLICATE ? "duplicate" : "delivered");
	sk_stmt_int(st, ":now", now);
	return sk_stmt_run(st, err);
}
