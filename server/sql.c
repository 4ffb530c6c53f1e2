/* SPDX-License-Identifier: MIT */
#include "server/sql.h"

int sk_sql_fail(struct sk_store *store, int rc, struct sk_err *err)
{
	enum sk_code code = SK_EFAIL;

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		code = SK_EBUSY;
		break;
	case SQLITE_FULL:
		code = SK_EFULL;
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		code = SK_EDATA;
		break;
	default:
		break;
	}
	return sk_fail(err, code, "%s", sqlite3_errmsg(store->db));
}

int sk_sql_exec(struct sk_store *store, const char *sql, struct sk_err *err)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sk_sql_fail(store, rc, err);
}

void sk_sql_lock(struct sk_store *store)
{
	pthread_mutex_lock(&store->lock);
}

void sk_sql_unlock(struct sk_store *store)
{
	pthread_mutex_unlock(&store->lock);
}

int sk_sql_begin(struct sk_store *store, struct sk_err *err)
{
	sk_sql_lock(store);
	if (sk_sql_exec(store, "BEGIN IMMEDIATE", err) == 0)
		return 0;
	sk_sql_unlock(store);
	return -1;
}

int sk_sql_end(struct sk_store *store, bool ok, struct sk_err *err)
{
	struct sk_err ignored;
	int ret = ok ? sk_sql_exec(store, "COMMIT", err) : -1;

	/* SQLite rolls some failures back by itself */
	if (ret < 0 && !sqlite3_get_autocommit(store->db) &&
	    sk_sql_exec(store, "ROLLBACK", &ignored) < 0)
		ret = -1;
	sk_sql_unlock(store);
	return ret;
}

struct sk_stmt sk_stmt_new(struct sk_store *store, const char *sql)
{
	struct sk_stmt st = {store, NULL, SQLITE_OK};

	st.rc = sqlite3_prepare_v2(store->db, sql, -1, &st.handle, NULL);
	return st;
}

void sk_stmt_free(struct sk_stmt *st)
{
	sqlite3_finalize(st->handle);
	st->handle = NULL;
}

static int slot(struct sk_stmt *st, const char *name)
{
	return sqlite3_bind_parameter_index(st->handle, name);
}

void sk_stmt_text(struct sk_stmt *st, const char *name, const char *value)
{
	if (st->rc == SQLITE_OK)
		st->rc = sqlite3_bind_text(st->handle, slot(st, name), value,
					   -1, SQLITE_STATIC);
}

void sk_stmt_text_len(struct sk_stmt *st, const char *name, const char *value,
		      size_t len)
{
	if (st->rc == SQLITE_OK)
		st->rc = sqlite3_bind_text64(st->handle, slot(st, name), value,
					     len, SQLITE_STATIC, SQLITE_UTF8);
}

void sk_stmt_bytes(struct sk_stmt *st, const char *name,
		   const unsigned char *value, size_t len)
{
	if (st->rc == SQLITE_OK)
		st->rc = sqlite3_bind_blob64(st->handle, slot(st, name), value,
					     len, SQLITE_STATIC);
}

void sk_stmt_int(struct sk_stmt *st, const char *name, int64_t value)
{
	if (st->rc == SQLITE_OK)
		st->rc = sqlite3_bind_int64(st->handle, slot(st, name), value);
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
	return sk_sql_fail(st->store, rc, err);
}

int sk_stmt_run(struct sk_stmt *st, struct sk_err *err)
{
	int ret = sk_stmt_step(st, err);

	sqlite3_reset(st->handle);
	return ret < 0 ? -1 : 0;
}

const char *sk_stmt_col_text(struct sk_stmt *st, int col)
{
	const unsigned char *text = sqlite3_column_text(st->handle, col);

	return text ? (const char *)text : "";
}

size_t sk_stmt_col_len(struct sk_stmt *st, int col)
{
	return (size_t)sqlite3_column_bytes(st->handle, col);
}

int64_t sk_stmt_col_int(struct sk_stmt *st, int col)
{
	return sqlite3_column_int64(st->handle, col);
}
