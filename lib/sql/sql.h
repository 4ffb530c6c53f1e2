/* SPDX-License-Identifier: MIT */
/*
 * A connection to one SQLite file. A handle belongs to one thread at a time.
 * Failures name the file, say who holds it when it is locked, and have the code
 * SK_EBUSY (held by another), SK_EFULL (the disk is), SK_EDATA (no database) or
 * SK_EFAIL. Statements are in stmt.h.
 */
#ifndef SK_SQL_SQL_H
#define SK_SQL_SQL_H

#include "base/err.h"

struct sk_sql;

/* Reading so much of a log is quicker than synchronising it is. */
#define SK_SQL_LOG_PAGES 250

struct sk_sql_options {
	bool is_writable;
	int wait_ms; /* for another writer */
	/*
	 * Closing leaves a write-ahead log of less than SK_SQL_LOG_PAGES beside
	 * the file, which costs no synchronisation; the next connection reads
	 * it, and one that is opened without this moves it when it is closed.
	 */
	bool leaves_log;
	const char *repair; /* hint for a broken file, for ever; or NULL */
};

/*
 * Connect to the file at `path`, which must be there; whether it can be read
 * the first statement says. What a writer that was killed left half done is
 * undone, also for a connection that is not writable.
 * Nothing in the file is trusted: neither its schema nor its pages.
 * *out is owned, close it with sk_sql_close(). Returns 0 or -1.
 */
int sk_sql_open(struct sk_sql **out, const char *path,
		const struct sk_sql_options *options,
		struct sk_err *err) SK_NODISCARD;

/* Forget the statements and close. All must be freed. Accepts NULL. */
void sk_sql_close(struct sk_sql *db);

/* Wait up to `wait_ms` for another writer from now on. */
void sk_sql_set_wait(struct sk_sql *db, int wait_ms);

/* Run statements that have neither parameters nor rows. Returns 0 or -1. */
int sk_sql_exec(struct sk_sql *db, const char *sql,
		struct sk_err *err) SK_NODISCARD;

/* Whether a transaction is open; SQLite itself may have rolled one back. */
bool sk_sql_in_transaction(struct sk_sql *db);

/*
 * Whether the file has this table, with this column unless that is NULL.
 * `schema` is "main" or the name of an attached file; NULL is any.
 */
bool sk_sql_has(struct sk_sql *db, const char *schema, const char *table,
		const char *column);

/*
 * Move the write-ahead log into the file, as far as other connections let it,
 * and cut it when all could be moved.
 */
void sk_sql_checkpoint(struct sk_sql *db);

/* Version of the SQLite in use, "3.40.1"; borrowed for ever. */
const char *sk_sql_library_version(void);

#endif
