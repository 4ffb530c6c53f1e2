/* SPDX-License-Identifier: MIT */
/* What sql.c and stmt.c share; for no other file. */
#ifndef SK_SQL_PART_H
#define SK_SQL_PART_H

#include <sqlite3.h>

#include "sql/stmt.h"

struct sk_sql {
	sqlite3 *handle;
	char *path;
	const char *repair;
	bool leaves_log;
	int log_pages;	      /* as of the last commit of this connection */
	struct sk_stmt *idle; /* prepared statements nobody is using */
};

/* Say in *err what SQLite's result `rc` means for this file. Returns -1. */
int sk_sql_fail(struct sk_sql *db, int rc, struct sk_err *err);

/* Finalize what sk_stmt_free() kept. */
void sk_stmt_forget_all(struct sk_sql *db);

#endif
