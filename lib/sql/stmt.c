/* SPDX-License-Identifier: MIT */
#include "sql/stmt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sql/part.h"

struct sk_stmt {
	struct sk_sql *db;
	char *sql;
	sqlite3_stmt *handle;
	int rc; /* first failure, or SQLITE_OK */
	struct sk_stmt *next;
};

static void remember(struct sk_stmt *st, int rc)
{
	if (st->rc == SQLITE_OK)
		st->rc = rc;
}

struct sk_stmt *sk_stmt_new(struct sk_sql *db, const char *sql)
{
	struct sk_stmt **at, *st;

	for (at = &db->idle; (st = *at); at = &st->next) {
		if (strcmp(st->sql, sql) == 0) {
			*at = st->next;
			return st;
		}
	}
	st = sk_calloc(1, sizeof(*st));
	st->db = db;
	st->sql = sk_strdup(sql);
	st->rc = sqlite3_prepare_v3(db->handle, sql, -1,
				    SQLITE_PREPARE_PERSISTENT, &st->handle,
				    NULL);
	return st;
}

static void forget(struct sk_stmt *st)
{
	sqlite3_finalize(st->handle);
	free(st->sql);
	free(st);
}

void sk_stmt_free(struct sk_stmt *st)
{
	if (!st)
		return;
	if (st->rc != SQLITE_OK) {
		forget(st);
		return;
	}
	sqlite3_reset(st->handle); /* repeats the step's result, reported */
	sqlite3_clear_bindings(st->handle);
	st->next = st->db->idle;
	st->db->idle = st;
}

void sk_stmt_forget_all(struct sk_sql *db)
{
	struct sk_stmt *st;

	while ((st = db->idle)) {
		db->idle = st->next;
		forget(st);
	}
}

/* A name that the SQL beside it does not have is a bug. */
static int slot(struct sk_stmt *st, const char *name)
{
	int i = sqlite3_bind_parameter_index(st->handle, name);

	if (i == 0)
		abort();
	return i;
}

void sk_stmt_text(struct sk_stmt *st, const char *name, const char *value)
{
	if (st->rc == SQLITE_OK)
		remember(st, sqlite3_bind_text(st->handle, slot(st, name),
					       value, -1, SQLITE_STATIC));
}

void sk_stmt_text_len(struct sk_stmt *st, const char *name, const char *value,
		      size_t len)
{
	if (st->rc == SQLITE_OK)
		remember(st,
			 sqlite3_bind_text64(st->handle, slot(st, name), value,
					     len, SQLITE_STATIC, SQLITE_UTF8));
}

void sk_stmt_bytes(struct sk_stmt *st, const char *name,
		   const unsigned char *value, size_t len)
{
	if (st->rc == SQLITE_OK)
		remember(st, sqlite3_bind_blob64(st->handle, slot(st, name),
						 value, len, SQLITE_STATIC));
}

void sk_stmt_int(struct sk_stmt *st, const char *name, int64_t value)
{
	if (st->rc == SQLITE_OK)
		remember(st,
			 sqlite3_bind_int64(st->handle, slot(st, name), value));
}

bool sk_stmt_wants(struct sk_stmt *st, const char *name)
{
	return st->rc != SQLITE_OK ||
	       sqlite3_bind_parameter_index(st->handle, name) > 0;
}

int sk_stmt_step(struct sk_stmt *st, struct sk_err *err)
{
	int rc = st->rc;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st->handle);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	remember(st, rc);
	return sk_sql_fail(st->db, rc, err);
}

int sk_stmt_run(struct sk_stmt *st, struct sk_err *err)
{
	int64_t changed;

	return sk_stmt_run_counted(st, &changed, err);
}

int sk_stmt_run_counted(struct sk_stmt *st, int64_t *changed,
			struct sk_err *err)
{
	int rc;

	do
		rc = sk_stmt_step(st, err);
	while (rc > 0);
	*changed = sqlite3_changes64(st->db->handle);
	sk_stmt_free(st);
	return rc;
}

int sk_stmt_get_int(struct sk_stmt *st, int64_t *out, struct sk_err *err)
{
	int rc = sk_stmt_step(st, err);

	if (rc > 0)
		*out = sk_stmt_col_int(st, 0);
	sk_stmt_free(st);
	return rc < 0 ? -1 : !rc;
}

const char *sk_stmt_col_text(struct sk_stmt *st, int column, size_t *len)
{
	const unsigned char *text = sqlite3_column_text(st->handle, column);

	if (len)
		*len = text ? (size_t)sqlite3_column_bytes(st->handle, column)
			    : 0;
	return text ? (const char *)text : "";
}

int64_t sk_stmt_col_int(struct sk_stmt *st, int column)
{
	return sqlite3_column_int64(st->handle, column);
}
