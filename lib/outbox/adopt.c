/* SPDX-License-Identifier: MIT */
#include "outbox/adopt.h"

#include <string.h>

#include "outbox/adopttable.h"
#include "sql/part.h"

/* Both files, and the statements for the table being moved. */
struct move {
	const struct sk_adopt *orders;
	struct sk_outbox *from, *to;
	sqlite3_stmt *read, *insert, *verify;
	int columns;		    /* of `read`, and bound in `insert` */
	int keys[SK_ADOPT_MAX_KEY]; /* where the key's are in `read` */
	int key_count;
};

/* Rows up to this doubtful are taken. */
static int most_doubtful(const struct sk_adopt *adopt)
{
	return adopt->want_unknown ? SK_ADOPT_UNKNOWN : SK_ADOPT_FREE;
}

/* Prepare, and bind the account and the doubt where they are wanted. */
static int prepare(sqlite3_stmt **out, struct sk_outbox *box,
		   const struct sk_adopt *adopt, const struct sk_str *sql,
		   struct sk_err *err)
{
	int rc = sqlite3_prepare_v2(box->db->handle, sql->ptr, -1, out, NULL);
	int account = 0, most = 0;

	if (rc == SQLITE_OK) {
		account = sqlite3_bind_parameter_index(*out, ":account");
		most = sqlite3_bind_parameter_index(*out, ":most");
	}
	if (account > 0)
		rc = sqlite3_bind_text(*out, account, adopt->account, -1,
				       SQLITE_STATIC);
	if (rc == SQLITE_OK && most > 0)
		rc = sqlite3_bind_int(*out, most, most_doubtful(adopt));
	return rc == SQLITE_OK ? 0 : sk_sql_fail(box->db, rc, err);
}

static int64_t *slot(struct sk_adopt_rows *rows, enum sk_adopt_kind kind)
{
	return kind == SK_ADOPT_EVENTS	 ? &rows->events
	       : kind == SK_ADOPT_BODIES ? &rows->bodies
					 : &rows->failures;
}

/* Count one table by whose its rows are. */
static int count_table(struct sk_adoption *out, struct sk_outbox *from,
		       const struct sk_adopt *adopt,
		       const struct sk_adopt_table *table, struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	sqlite3_stmt *st = NULL;
	int rc;

	sk_str_addf(&sql, "SELECT %s AS whose, count(*) FROM %s GROUP BY 1",
		    table->whose, table->from);
	rc = prepare(&st, from, adopt, &sql, err);
	while (rc == 0 && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		int whose = sqlite3_column_int(st, 0);
		struct sk_adopt_rows *rows =
			whose <= most_doubtful(adopt) ? &out->taken
			: whose == SK_ADOPT_UNKNOWN   ? &out->unknown
						      : &out->others;

		*slot(rows, table->kind) += sqlite3_column_int64(st, 1);
		rc = 0;
	}
	if (rc > 0)
		rc = rc == SQLITE_DONE ? 0 : sk_sql_fail(from->db, rc, err);
	sqlite3_finalize(st);
	sk_str_free(&sql);
	return rc;
}

static int count_all(struct sk_adoption *out, struct sk_outbox *from,
		     const struct sk_adopt *adopt, struct sk_err *err)
{
	for (size_t i = 0; i < sk_adopt_table_count; i++) {
		const struct sk_adopt_table *table = &sk_adopt_tables[i];

		if (table->kind < SK_ADOPT_COUNTED &&
		    sk_adopt_is_readable(from, table) &&
		    count_table(out, from, adopt, table, err) < 0)
			return -1;
	}
	return 0;
}

/* Whether any row would go, of our bookkeeping too. Returns 1, 0, or -1. */
static int has_rows(struct sk_outbox *from, const struct sk_adopt *adopt,
		    struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	int found = 0;

	for (size_t i = 0; i < sk_adopt_table_count && found == 0; i++) {
		const struct sk_adopt_table *table = &sk_adopt_tables[i];
		sqlite3_stmt *st = NULL;

		if (!sk_adopt_is_readable(from, table))
			continue;
		sk_str_clear(&sql);
		sk_str_addf(&sql, "SELECT 1 FROM %s WHERE %s <= :most LIMIT 1",
			    table->from, table->whose);
		found = prepare(&st, from, adopt, &sql, err);
		if (found == 0) {
			int rc = sqlite3_step(st);

			found = rc == SQLITE_ROW ? 1
				: rc == SQLITE_DONE
					? 0
					: sk_sql_fail(from->db, rc, err);
		}
		sqlite3_finalize(st);
	}
	sk_str_free(&sql);
	return found;
}

/* Count, and say in *wanted (may be NULL) whether any row would go. */
static int look(const struct sk_adopt *adopt, struct sk_adoption *out,
		bool *wanted, struct sk_err *err)
{
	struct sk_outbox *from = NULL;
	int rc;

	*out = (struct sk_adoption){0};
	if (strcmp(adopt->from, adopt->to) == 0)
		return 0;
	rc = sk_outbox_open_readonly(&from, adopt->from, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = sk_sql_exec(from->db, "BEGIN", err);
	if (rc == 0)
		rc = count_all(out, from, adopt, err);
	if (rc == 0 && wanted) {
		rc = has_rows(from, adopt, err);
		*wanted = rc > 0;
	}
	sk_outbox_close(from);
	return rc < 0 ? -1 : 0;
}

int sk_adopt_look(const struct sk_adopt *adopt, struct sk_adoption *out,
		  struct sk_err *err)
{
	return look(adopt, out, NULL, err);
}

static void note_key(struct move *m, const struct sk_adopt_table *table,
		     const char *column)
{
	for (int i = 0; table->key[i]; i++) {
		if (strcmp(table->key[i], column) == 0)
			m->keys[i] = m->columns;
	}
}

/* The columns both sides have, but for `id`, which each file counts itself. */
static int add_columns(struct move *m, const struct sk_adopt_table *table,
		       struct sk_str *to, struct sk_str *from,
		       struct sk_str *marks, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		m->to->db, "SELECT name FROM pragma_table_info(:table)");
	int rc;

	m->columns = 0;
	sk_stmt_text(st, ":table", table->to);
	while ((rc = sk_stmt_step(st, err)) > 0) {
		const char *name = sk_stmt_col_text(st, 0, NULL);
		const char *source =
			sk_adopt_source_column(m->from, table->from, name);
		const char *comma = m->columns ? ", " : "";

		if (strcmp(name, "id") == 0 || !source)
			continue;
		note_key(m, table, name);
		sk_str_addf(to, "%s\"%s\"", comma, name);
		sk_str_addf(from, "%s\"%s\"", comma, source);
		sk_str_addf(marks, "%s?%d", comma, ++m->columns);
	}
	sk_stmt_free(st);
	return rc;
}

static void forget(struct move *m)
{
	sqlite3_finalize(m->read);
	sqlite3_finalize(m->insert);
	sqlite3_finalize(m->verify);
	m->read = m->insert = m->verify = NULL;
}

/*
 * What is as good as being there: an event that the server has by now, or that
 * is in the other place where an event can be. A mover that was killed between
 * both commits leaves such events behind. `key` is the number of the id.
 */
static void add_arrived(struct sk_str *sql, const struct sk_adopt_table *table,
			int key)
{
	const char *other =
		strcmp(table->to, "queue") == 0 ? "sk_parked" : "queue";

	sk_str_addf(sql,
		    "SELECT 1 FROM %s WHERE event_id = ?%d"
		    " UNION ALL SELECT 1 FROM sk_ledger"
		    " WHERE event_id = ?%d"
		    " AND state NOT IN ('queued', 'before')",
		    other, key, key);
}

static int prepare_insert(struct move *m, const struct sk_adopt_table *table,
			  const char *names, const char *marks,
			  struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	int ret;

	sk_str_addf(&sql, "INSERT OR IGNORE INTO %s(%s) SELECT %s", table->to,
		    names, marks);
	if (table->kind == SK_ADOPT_EVENTS) {
		sk_str_puts(&sql, " WHERE NOT EXISTS(");
		add_arrived(&sql, table, m->keys[0] + 1);
		sk_str_puts(&sql, ")");
	}
	ret = prepare(&m->insert, m->to, m->orders, &sql, err);
	sk_str_free(&sql);
	return ret;
}

static int prepare_verify(struct move *m, const struct sk_adopt_table *table,
			  struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	int ret;

	sk_str_addf(&sql, "SELECT 1 FROM %s WHERE ", table->to);
	for (m->key_count = 0; table->key[m->key_count]; m->key_count++)
		sk_str_addf(&sql, "%s%s IS ?%d", m->key_count ? " AND " : "",
			    table->key[m->key_count], m->key_count + 1);
	if (table->kind == SK_ADOPT_EVENTS) {
		sk_str_puts(&sql, " UNION ALL ");
		add_arrived(&sql, table, 1);
	}
	ret = prepare(&m->verify, m->to, m->orders, &sql, err);
	sk_str_free(&sql);
	return ret;
}

static int prepare_table(struct move *m, const struct sk_adopt_table *table,
			 struct sk_err *err)
{
	struct sk_str to = SK_STR_INIT, from = SK_STR_INIT;
	struct sk_str marks = SK_STR_INIT, sql = SK_STR_INIT;
	int ret = -1;

	if (add_columns(m, table, &to, &from, &marks, err) < 0)
		goto out;
	sk_str_addf(&sql, "SELECT %s FROM %s WHERE %s <= :most ORDER BY %s",
		    from.ptr, table->from, table->whose,
		    sk_adopt_has(m->from, table->from, "id") ? "id" : "1");
	if (prepare(&m->read, m->from, m->orders, &sql, err) < 0 ||
	    prepare_insert(m, table, to.ptr, marks.ptr, err) < 0)
		goto out;
	ret = prepare_verify(m, table, err);
out:
	sk_str_free(&sql);
	sk_str_free(&marks);
	sk_str_free(&from);
	sk_str_free(&to);
	return ret;
}

/* Copy the row at which `read` stands, and see that it has arrived. */
static int copy_row(struct move *m, const struct sk_adopt_table *table,
		    struct sk_err *err)
{
	int rc = SQLITE_OK;

	sqlite3_reset(m->insert);
	sqlite3_reset(m->verify);
	for (int i = 0; i < m->columns && rc == SQLITE_OK; i++)
		rc = sqlite3_bind_value(m->insert, i + 1,
					sqlite3_column_value(m->read, i));
	for (int i = 0; i < m->key_count && rc == SQLITE_OK; i++)
		rc = sqlite3_bind_value(
			m->verify, i + 1,
			sqlite3_column_value(m->read, m->keys[i]));
	if (rc == SQLITE_OK)
		rc = sqlite3_step(m->insert);
	if (rc == SQLITE_DONE)
		rc = sqlite3_step(m->verify);
	if (rc == SQLITE_ROW)
		return 0;
	if (rc != SQLITE_DONE)
		return sk_sql_fail(m->to->db, rc, err);
	return sk_fail(err, SK_EDATA,
		       "a row of table '%s' in '%s' does not fit into '%s'",
		       table->from, m->from->path, m->to->path);
}

/* The source is locked: what was copied is all there is to remove. */
static int clear_table(struct move *m, const struct sk_adopt_table *table,
		       struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	sqlite3_stmt *st = NULL;
	int rc;

	sk_str_addf(&sql, "DELETE FROM %s WHERE %s <= :most", table->from,
		    table->whose);
	rc = prepare(&st, m->from, m->orders, &sql, err);
	if (rc == 0) {
		rc = sqlite3_step(st);
		rc = rc == SQLITE_DONE ? 0 : sk_sql_fail(m->from->db, rc, err);
	}
	sqlite3_finalize(st);
	sk_str_free(&sql);
	return rc;
}

static int move_table(struct move *m, const struct sk_adopt_table *table,
		      struct sk_err *err)
{
	int rc = -1;

	if (!sk_adopt_is_readable(m->from, table))
		return 0;
	if (prepare_table(m, table, err) < 0)
		goto out;
	while ((rc = sqlite3_step(m->read)) == SQLITE_ROW) {
		if (copy_row(m, table, err) < 0) {
			rc = -1;
			goto out;
		}
	}
	rc = rc == SQLITE_DONE ? 0 : sk_sql_fail(m->from->db, rc, err);
out:
	forget(m);
	return rc < 0 ? -1 : clear_table(m, table, err);
}

/* The clock must not run backwards, so of the two the higher one counts. */
static int raise_clock(struct move *m, struct sk_err *err)
{
	int64_t theirs = 0, ours = 0;

	if (sk_state_get_int(m->from, "lamport", &theirs, err) < 0 ||
	    sk_state_get_int(m->to, "lamport", &ours, err) < 0)
		return -1;
	if (theirs <= ours)
		return 0;
	return sk_state_set_int(m->to, "lamport", theirs, err);
}

/* From now on it is known whose they are. */
static int sign(struct move *m, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		m->to->db, "UPDATE sk_ledger SET account = :account"
			   " WHERE account IS NULL OR account = ''");

	sk_stmt_text(st, ":account", m->orders->account);
	if (sk_stmt_run(st, err) < 0)
		return -1;
	/* to the other queue it was history, here it is news that waits */
	st = sk_stmt_new(m->to->db, "UPDATE sk_ledger SET state = 'queued'"
				    " WHERE state = 'before' AND event_id IN"
				    " (SELECT event_id FROM queue)");
	return sk_stmt_run(st, err);
}

static int move_all(struct move *m, struct sk_adoption *out, struct sk_err *err)
{
	/* source first, always, so that two movers wait and never entangle */
	if (sk_outbox_begin(m->from, err) < 0 ||
	    sk_outbox_begin(m->to, err) < 0 ||
	    count_all(out, m->from, m->orders, err) < 0 ||
	    raise_clock(m, err) < 0)
		return -1;
	for (size_t i = 0; i < sk_adopt_table_count; i++) {
		if (move_table(m, &sk_adopt_tables[i], err) < 0)
			return -1;
	}
	if (sign(m, err) < 0 || sk_outbox_commit(m->to, err) < 0)
		return -1;
	return sk_outbox_commit(m->from, err);
}

int sk_adopt_run(const struct sk_adopt *adopt, struct sk_adoption *out,
		 struct sk_err *err)
{
	struct move m = {.orders = adopt};
	bool wanted = false;
	int ret = look(adopt, out, &wanted, err);

	if (ret < 0 || !wanted)
		return ret; /* another program's file is left as it is */
	*out = (struct sk_adoption){0};
	if (sk_outbox_open(&m.from, adopt->from, err) < 0 ||
	    sk_outbox_open(&m.to, adopt->to, err) < 0)
		ret = -1;
	else
		ret = move_all(&m, out, err);
	sk_outbox_close(m.to);
	sk_outbox_close(m.from);
	if (ret < 0)
		*out = (struct sk_adoption){0};
	return ret;
}
