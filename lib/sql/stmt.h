/* SPDX-License-Identifier: MIT */
/*
 * Statements that never need checking between their first line and the step:
 * what fails before that is remembered and reported by it.
 */
#ifndef SK_SQL_STMT_H
#define SK_SQL_STMT_H

#include "sql/sql.h"

struct sk_stmt;

/*
 * A statement for `sql` (copied): prepared now, or one that was freed before.
 * Free it with sk_stmt_free(), or let one of sk_stmt_run(),
 * sk_stmt_run_counted() and sk_stmt_get_int() do so.
 */
struct sk_stmt *sk_stmt_new(struct sk_sql *db, const char *sql);

/* End its read and keep it for the next sk_stmt_new(). Accepts NULL. */
void sk_stmt_free(struct sk_stmt *st);

/*
 * Bind by name, which the statement must have. Text and bytes are borrowed
 * until it is freed; NULL is NULL.
 */
void sk_stmt_text(struct sk_stmt *st, const char *name, const char *value);
void sk_stmt_text_len(struct sk_stmt *st, const char *name, const char *value,
		      size_t len);
void sk_stmt_bytes(struct sk_stmt *st, const char *name,
		   const unsigned char *value, size_t len);
void sk_stmt_int(struct sk_stmt *st, const char *name, int64_t value);

/* Whether it has a parameter of this name; true also when it has failed. */
bool sk_stmt_wants(struct sk_stmt *st, const char *name);

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
