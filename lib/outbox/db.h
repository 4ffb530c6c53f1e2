/* SPDX-License-Identifier: MIT */
/*
 * Inside of the outbox: the connection, and statements that never need checking
 * between their first line and the step. Only files of this folder include it.
 */
#ifndef SK_OUTBOX_DB_H
#define SK_OUTBOX_DB_H

#include "outbox/outbox.h"

struct sqlite3;
struct sk_stmt;

struct sk_outbox {
	struct sqlite3 *handle;
	char *path;
	char *account;	      /* whose events are added; NULL = nobody's */
	struct sk_stmt *idle; /* prepared statements nobody is using */
	int64_t limit;
	int64_t depth; /* rows of `queue` in this transaction; -1 = unknown */
	bool in_transaction;
};

/*
 * The retry count of a row of `queue` as a number: other programs may have
 * stored NULL or text.
 */
#define SK_RETRIES "coalesce(CAST(retry_count AS INTEGER), 0)"

/*
 * Whether a row of `queue` is held; :held is SK_OUTBOX_HELD_AT. The first half
 * is implied by the second and lets idx_retry find the rows.
 */
#define SK_IS_HELD "(retry_count >= :held AND " SK_RETRIES " >= :held)"

/* Say in *err what SQLite's result `rc` means for this file. Returns -1. */
int sk_db_fail(struct sk_outbox *box, int rc, struct sk_err *err);

/*
 * Refuse paths that cannot be a queue of ours (symbolic link, folder, FIFO,
 * another user's). With `create`, make an absent file, and close an open one to
 * group and others. Returns 0; 1 when absent and not to be created; -1.
 */
int sk_db_check_file(const char *path, bool create,
		     struct sk_err *err) SK_NODISCARD;

/* Connect box->handle to box->path. Nothing of the file is read. 0 or -1. */
int sk_db_connect(struct sk_outbox *box, bool writable,
		  struct sk_err *err) SK_NODISCARD;

/* Use WAL where that is possible, and NORMAL synchronisation. 0 or -1. */
int sk_db_use_wal(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

/* Run SQL that has neither parameters nor rows of interest. 0 or -1. */
int sk_db_exec(struct sk_outbox *box, const char *sql,
	       struct sk_err *err) SK_NODISCARD;

/* Returns 0 when changes are safe: inside a transaction that still stands. */
int sk_db_need_transaction(struct sk_outbox *box,
			   struct sk_err *err) SK_NODISCARD;

/* Bring the tables up to date, first use included. Returns 0 or -1. */
int sk_schema_ready(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

/*
 * For a connection that only looks: empty tables, of this connection alone,
 * stand in for those that are absent. Returns 0; -1 also for a file of a later
 * version.
 */
int sk_schema_look(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

/*
 * A statement for `sql`, a string literal: prepared now, or one that was freed
 * before. Free it with sk_stmt_free(), or let sk_stmt_run() do so. Failures up
 * to the first step are remembered and reported by that.
 */
struct sk_stmt *sk_stmt_new(struct sk_outbox *box, const char *sql);

/* End the statement's read and keep it for the next sk_stmt_new(). */
void sk_stmt_free(struct sk_stmt *st);

/* Finalize what sk_stmt_free() kept. */
void sk_stmt_forget_all(struct sk_outbox *box);

/* Bind by name. Text is borrowed until the statement is freed; NULL is NULL. */
void sk_stmt_text(struct sk_stmt *st, const char *name, const char *value);
void sk_stmt_text_len(struct sk_stmt *st, const char *name, const char *value,
		      size_t len);
void sk_stmt_int(struct sk_stmt *st, const char *name, int64_t value);

/* Returns 1 when there is a row, 0 at the end, -1. */
int sk_stmt_step(struct sk_stmt *st, struct sk_err *err) SK_NODISCARD;

/* Step to the end and free. Returns 0 or -1. */
int sk_stmt_run(struct sk_stmt *st, struct sk_err *err) SK_NODISCARD;

/* The same; *changed is the number of rows it changed. */
int sk_stmt_run_counted(struct sk_stmt *st, int64_t *changed,
			struct sk_err *err) SK_NODISCARD;

/*
 * Step once for a single integer and free. Returns 0; 1 when there is no row;
 * -1.
 */
int sk_stmt_get_int(struct sk_stmt *st, int64_t *out,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Columns of the current row, whatever their type. Text is never NULL, ends in
 * NUL, and is borrowed until the next step; *len (may be NULL) counts NUL bytes
 * inside it too.
 */
const char *sk_stmt_col_text(struct sk_stmt *st, int column, size_t *len);
int64_t sk_stmt_col_int(struct sk_stmt *st, int column);

#endif
