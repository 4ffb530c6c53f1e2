/* SPDX-License-Identifier: MIT */
/*
 * How the files of the store talk to SQLite: statements whose first mistake
 * sticks until the step that reports it, and transactions. Private to them.
 */
#ifndef SK_SERVER_SQL_H
#define SK_SERVER_SQL_H

#include <pthread.h>
#include <sqlite3.h>

#include "server/store.h"

struct sk_store {
	sqlite3 *db;
	pthread_mutex_t lock;
};

/*
 * Take the store for reading alone, or for a write transaction (BEGIN
 * IMMEDIATE). sk_sql_commit() and sk_sql_rollback() give it back; only a commit
 * that returned 0 has written anything. sk_sql_end() is commit for `ok`, else
 * rollback and -1. Beginning returns 0 or -1.
 */
void sk_sql_lock(struct sk_store *store);
void sk_sql_unlock(struct sk_store *store);
int sk_sql_begin(struct sk_store *store, struct sk_err *err) SK_NODISCARD;
int sk_sql_end(struct sk_store *store, bool ok,
	       struct sk_err *err) SK_NODISCARD;

/* Run statements that have neither parameters nor rows. Returns 0 or -1. */
int sk_sql_exec(struct sk_store *store, const char *sql,
		struct sk_err *err) SK_NODISCARD;

/* Fill *err from the database's last mistake. Returns -1. */
int sk_sql_fail(struct sk_store *store, int rc, struct sk_err *err);

struct sk_stmt {
	struct sk_store *store;
	sqlite3_stmt *handle;
	int rc;
};

/*
 * A statement for `sql`, and its end; freeing one that was never prepared is
 * fine. Mistakes are remembered until the first step reports them.
 */
struct sk_stmt sk_stmt_new(struct sk_store *store, const char *sql);
void sk_stmt_free(struct sk_stmt *st);

/* Bound text and bytes are borrowed until the next step. NULL is NULL. */
void sk_stmt_text(struct sk_stmt *st, const char *name, const char *value);
void sk_stmt_text_len(struct sk_stmt *st, const char *name, const char *value,
		      size_t len);
void sk_stmt_bytes(struct sk_stmt *st, const char *name,
		   const unsigned char *value, size_t len);
void sk_stmt_int(struct sk_stmt *st, const char *name, int64_t value);

/* Returns 1 with a row, 0 at the end, -1. */
int sk_stmt_step(struct sk_stmt *st, struct sk_err *err) SK_NODISCARD;

/*
 * Step, expecting no row, and make it ready to be run again. Returns 0 or -1.
 */
int sk_stmt_run(struct sk_stmt *st, struct sk_err *err) SK_NODISCARD;

/* Columns of the row, borrowed until the next step; never NULL. */
const char *sk_stmt_col_text(struct sk_stmt *st, int col);
size_t sk_stmt_col_len(struct sk_stmt *st, int col);
int64_t sk_stmt_col_int(struct sk_stmt *st, int col);

#endif
