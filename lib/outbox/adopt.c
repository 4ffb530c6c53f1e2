/* SPDX-License-Identifier: MIT */
#include "outbox/adopt.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "outbox/adopttable.h"
#include "outbox/state.h"

/*
 * Two connections, each with the other's file attached: one writes the copies
 * and commits them to disk, while the other holds the source locked and deletes
 * from it afterwards. In one transaction over both files SQLite would commit
 * them one after the other, in an order of its own.
 */
struct move {
	const struct sk_adopt *orders;
	struct sk_outbox *from, *to;
};

/* What the files are called in a statement of a connection. */
struct names {
	const char *from, *to;
};

static const struct names copying = {"source", "main"};
static const struct names clearing = {"main", "target"};

/* Rows up to this doubtful are taken. */
static int most_doubtful(const struct sk_adopt *adopt)
{
	return adopt->want_unknown ? SK_ADOPT_UNKNOWN : SK_ADOPT_FREE;
}

/* A statement with the account and the doubt bound where it wants them. */
static struct sk_stmt *prepare(struct sk_outbox *box,
			       const struct sk_adopt *adopt,
			       const struct sk_str *sql)
{
	struct sk_stmt *st = sk_stmt_new(box->db, sql->ptr);

	if (sk_stmt_wants(st, ":account"))
		sk_stmt_text(st, ":account", adopt->account);
	if (sk_stmt_wants(st, ":most"))
		sk_stmt_int(st, ":most", most_doubtful(adopt));
	return st;
}

/* Where rows of this kind are counted; our bookkeeping has no number. */
static int64_t *slot(struct sk_adopt_rows *rows, enum sk_adopt_kind kind)
{
	return kind == SK_ADOPT_EVENTS	   ? &rows->events
	       : kind == SK_ADOPT_BODIES   ? &rows->bodies
	       : kind == SK_ADOPT_FAILURES ? &rows->failures
					   : NULL;
}

/* Count one table by whose its rows are; *wanted: some of them go. */
static int count_table(struct sk_adoption *out, bool *wanted,
		       struct sk_outbox *from, const struct sk_adopt *adopt,
		       const struct sk_adopt_table *table, struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	struct sk_stmt *st;
	int rc;

	sk_str_addf(&sql,
		    "SELECT %s AS whose, count(*) FROM %s AS moving GROUP BY 1",
		    table->whose, table->from);
	st = prepare(from, adopt, &sql);
	while ((rc = sk_stmt_step(st, err)) > 0) {
		int64_t whose = sk_stmt_col_int(st, 0);
		bool goes = whose <= most_doubtful(adopt);
		int64_t *count =
			slot(goes			 ? &out->taken
			     : whose == SK_ADOPT_UNKNOWN ? &out->unknown
							 : &out->others,
			     table->kind);

		*wanted |= goes;
		if (count)
			*count += sk_stmt_col_int(st, 1);
	}
	sk_stmt_free(st);
	sk_str_free(&sql);
	return rc;
}

static int count_all(struct sk_adoption *out, bool *wanted,
		     struct sk_outbox *from, const struct sk_adopt *adopt,
		     struct sk_err *err)
{
	*out = (struct sk_adoption){0};
	*wanted = false;
	for (size_t i = 0; i < sk_adopt_table_count; i++) {
		const struct sk_adopt_table *table = &sk_adopt_tables[i];

		if (sk_adopt_is_readable(from, NULL, table) &&
		    count_table(out, wanted, from, adopt, table, err) < 0)
			return -1;
	}
	return 0;
}

/* What the expressions `whose` look a row's entry up in. */
static int show_ledger(struct sk_outbox *box, const char *ledger,
		       struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	int ret;

	sk_str_addf(&sql, "CREATE TEMP VIEW entry AS SELECT * FROM %s", ledger);
	ret = sk_sql_exec(box->db, sql.ptr, err);
	sk_str_free(&sql);
	return ret;
}

/* Count, and say in *wanted whether any row would go, bookkeeping included. */
static int look(const struct sk_adopt *adopt, struct sk_adoption *out,
		bool *wanted, struct sk_err *err)
{
	struct sk_outbox *from = NULL;
	int rc;

	*out = (struct sk_adoption){0};
	*wanted = false;
	if (strcmp(adopt->from, adopt->to) == 0)
		return 0;
	rc = sk_outbox_open_readonly(&from, adopt->from, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (show_ledger(from, "sk_ledger", err) < 0 ||
	    sk_sql_exec(from->db, "BEGIN", err) < 0 ||
	    count_all(out, wanted, from, adopt, err) < 0)
		rc = -1;
	sk_outbox_close(from);
	return rc;
}

int sk_adopt_look(const struct sk_adopt *adopt, struct sk_adoption *out,
		  struct sk_err *err)
{
	bool wanted;

	return look(adopt, out, &wanted, err);
}

/*
 * Whether the row has arrived. As good as being there is, for an event, to be
 * in the other place where it can be, or with the server by now: a mover that
 * was killed between both commits leaves such events behind.
 */
static void add_arrived(struct sk_str *sql, const struct move *m,
			const struct sk_adopt_table *table,
			const struct names *names)
{
	sk_str_addf(sql, "(EXISTS(SELECT 1 FROM %s.%s AS there WHERE",
		    names->to, table->to);
	for (int i = 0; table->key[i]; i++)
		sk_str_addf(sql, "%s there.%s IS moving.\"%s\"",
			    i ? " AND" : "", table->key[i],
			    sk_adopt_source_column(m->from, "main", table->from,
						   table->key[i]));
	sk_str_puts(sql, ")");
	if (table->kind == SK_ADOPT_EVENTS)
		sk_str_addf(sql,
			    " OR EXISTS(SELECT 1 FROM %s.%s AS there"
			    " WHERE there.event_id = moving.event_id)"
			    " OR EXISTS(SELECT 1 FROM %s.sk_ledger AS there"
			    " WHERE there.event_id = moving.event_id"
			    " AND there.state NOT IN ('queued', 'before'))",
			    names->to,
			    strcmp(table->to, "queue") == 0 ? "sk_parked"
							    : "queue",
			    names->to);
	sk_str_puts(sql, ")");
}

/* Name the rows that go: those that have arrived, or those that have not. */
static void add_rows(struct sk_str *sql, const struct move *m,
		     const struct sk_adopt_table *table,
		     const struct names *names, bool arrived)
{
	sk_str_addf(sql, " FROM %s.%s AS moving WHERE %s <= :most AND %s",
		    names->from, table->from, table->whose,
		    arrived ? "" : "NOT ");
	add_arrived(sql, m, table, names);
}

/* The columns both sides have, but for `id`, which each file counts itself. */
static int add_columns(const struct move *m, const struct sk_adopt_table *table,
		       struct sk_str *to, struct sk_str *from,
		       struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		m->to->db, "SELECT name FROM pragma_table_info(:table)");
	int rc;

	sk_stmt_text(st, ":table", table->to);
	while ((rc = sk_stmt_step(st, err)) > 0) {
		const char *name = sk_stmt_col_text(st, 0, NULL);
		const char *source = sk_adopt_source_column(m->from, "main",
							    table->from, name);
		const char *comma = to->len ? ", " : "";

		if (strcmp(name, "id") == 0 || !source)
			continue;
		sk_str_addf(to, "%s\"%s\"", comma, name);
		sk_str_addf(from, "%smoving.\"%s\"", comma, source);
	}
	sk_stmt_free(st);
	return rc;
}

static int insert_rows(struct move *m, const struct sk_adopt_table *table,
		       struct sk_err *err)
{
	struct sk_str to = SK_STR_INIT, from = SK_STR_INIT, sql = SK_STR_INIT;
	int ret = add_columns(m, table, &to, &from, err);

	if (ret == 0) {
		sk_str_addf(&sql, "INSERT OR IGNORE INTO main.%s(%s) SELECT %s",
			    table->to, to.ptr, from.ptr);
		add_rows(&sql, m, table, &copying, false);
		if (sk_sql_has(m->from->db, "main", table->from, "id"))
			sk_str_puts(&sql, " ORDER BY moving.id");
		ret = sk_stmt_run(prepare(m->to, m->orders, &sql), err);
	}
	sk_str_free(&sql);
	sk_str_free(&from);
	sk_str_free(&to);
	return ret;
}

/* What a constraint kept out would be lost with the source's row. */
static int check_rows(struct move *m, const struct sk_adopt_table *table,
		      struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	struct sk_stmt *st;
	int rc;

	sk_str_puts(&sql, "SELECT 1");
	add_rows(&sql, m, table, &copying, false);
	sk_str_puts(&sql, " LIMIT 1");
	st = prepare(m->to, m->orders, &sql);
	rc = sk_stmt_step(st, err);
	sk_stmt_free(st);
	sk_str_free(&sql);
	if (rc <= 0)
		return rc;
	return sk_fail(err, SK_EDATA,
		       "a row of table '%s' in '%s' does not fit into '%s'",
		       table->from, m->from->path, m->to->path);
}

/* Only what the committed target is seen to have. */
static int clear_table(struct move *m, const struct sk_adopt_table *table,
		       struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	int ret;

	sk_str_puts(&sql, "DELETE");
	add_rows(&sql, m, table, &clearing, true);
	ret = sk_stmt_run(prepare(m->from, m->orders, &sql), err);
	sk_str_free(&sql);
	return ret;
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
		m->to->db, "UPDATE main.sk_ledger SET account = :account"
			   " WHERE account IS NULL OR account = ''");

	sk_stmt_text(st, ":account", m->orders->account);
	if (sk_stmt_run(st, err) < 0)
		return -1;
	/* to the other queue it was history, here it is news that waits */
	st = sk_stmt_new(m->to->db, "UPDATE main.sk_ledger SET state = 'queued'"
				    " WHERE state = 'before' AND event_id IN"
				    " (SELECT event_id FROM main.queue)");
	return sk_stmt_run(st, err);
}

static int attach(struct sk_outbox *box, const char *path, const char *name,
		  struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(box->db, "ATTACH :path AS :name");

	sk_stmt_text(st, ":path", path);
	sk_stmt_text(st, ":name", name);
	return sk_stmt_run(st, err);
}

/* For each table that the source has. Returns 0 or -1. */
static int each_table(struct move *m,
		      int (*step)(struct move *m,
				  const struct sk_adopt_table *table,
				  struct sk_err *err),
		      struct sk_err *err)
{
	for (size_t i = 0; i < sk_adopt_table_count; i++) {
		if (sk_adopt_is_readable(m->from, "main",
					 &sk_adopt_tables[i]) &&
		    step(m, &sk_adopt_tables[i], err) < 0)
			return -1;
	}
	return 0;
}

static int copy_all(struct move *m, struct sk_err *err)
{
	/* attached behind BEGIN IMMEDIATE, which would lock the source too */
	if (sk_sql_exec(m->to->db, "PRAGMA synchronous = FULL", err) < 0 ||
	    sk_outbox_begin(m->to, err) < 0 ||
	    attach(m->to, m->from->path, copying.from, err) < 0 ||
	    show_ledger(m->to, "source.sk_ledger", err) < 0 ||
	    raise_clock(m, err) < 0 || each_table(m, insert_rows, err) < 0 ||
	    each_table(m, check_rows, err) < 0 || sign(m, err) < 0)
		return -1;
	return sk_outbox_commit(m->to, err);
}

/* The file's name may be as new as its rows, and so may that of its folder. */
static int sync_names(const char *path, struct sk_err *err)
{
	char *at = sk_strdup(path);
	int ret = sk_file_sync_name(path, err);

	if (ret == 0)
		ret = sk_file_sync_name(dirname(at), err);
	free(at);
	return ret;
}

static int clear_all(struct move *m, struct sk_err *err)
{
	if (attach(m->from, m->to->path, clearing.to, err) < 0 ||
	    each_table(m, clear_table, err) < 0)
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
	ret = -1;
	/* source first, always, so that two movers wait and never entangle */
	if (sk_outbox_open(&m.from, adopt->from, err) < 0 ||
	    sk_outbox_open(&m.to, adopt->to, err) < 0 ||
	    sk_outbox_begin(m.from, err) < 0 ||
	    show_ledger(m.from, "main.sk_ledger", err) < 0 ||
	    count_all(out, &wanted, m.from, adopt, err) < 0 ||
	    copy_all(&m, err) < 0 || sync_names(adopt->to, err) < 0)
		goto out;
	ret = clear_all(&m, err);
out:
	sk_outbox_close(m.to);
	sk_outbox_close(m.from);
	if (ret < 0)
		*out = (struct sk_adoption){0};
	return ret;
}
