/* SPDX-License-Identifier: MIT */
/* What the tests of the outbox share: a folder of their own, and plain SQL. */
#ifndef SK_TESTS_UNIT_BOX_H
#define SK_TESTS_UNIT_BOX_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "outbox/queue.h"
#include "tests/unit/tap.h"

struct fixture {
	struct sk_str dir, path;
	struct sk_err err;
};

#define FIXTURE_INIT                                                           \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT,                                      \
		{                                                              \
			0                                                      \
		}                                                              \
	}

static inline void fixture_start(struct fixture *fx)
{
	const char *tmp = getenv("TMPDIR");

	sk_str_addf(&fx->dir, "%s/sk-outbox-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(fx->dir.ptr))
		abort();
}

/* The file of the next test. Returns its path, borrowed until the next call. */
static inline const char *fixture_path(struct fixture *fx, const char *name)
{
	sk_str_clear(&fx->path);
	sk_str_addf(&fx->path, "%s/%s", fx->dir.ptr, name);
	return fx->path.ptr;
}

static inline void fixture_end(struct fixture *fx)
{
	struct sk_str command = SK_STR_INIT;

	sk_str_puts(&command, "rm -rf ");
	sk_str_add_quoted(&command, fx->dir.ptr);
	if (system(command.ptr) != 0)
		printf("# cannot remove %s\n", fx->dir.ptr);
	sk_str_free(&command);
	sk_str_free(&fx->path);
	sk_str_free(&fx->dir);
}

/* Run SQL as another program would. Returns the first column's integer. */
static inline int64_t sql(const char *path, const char *text)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	int64_t value = -1;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		abort();
	sqlite3_busy_timeout(db, 5000);
	while (*text) {
		if (sqlite3_prepare_v2(db, text, -1, &st, &text) != SQLITE_OK) {
			printf("# %s\n", sqlite3_errmsg(db));
			break;
		}
		while (st && sqlite3_step(st) == SQLITE_ROW)
			value = sqlite3_column_int64(st, 0);
		if (sqlite3_finalize(st) != SQLITE_OK)
			printf("# %s\n", sqlite3_errmsg(db));
		st = NULL;
	}
	sqlite3_close(db);
	return value;
}

static inline struct sk_outbox *must_open(struct fixture *fx, const char *path)
{
	struct sk_outbox *box = NULL;

	if (sk_outbox_open(&box, path, &fx->err) < 0) {
		printf("Bail out! %s\n", fx->err.msg);
		exit(1);
	}
	return box;
}

/* One event in the open transaction. */
static inline int add(struct fixture *fx, struct sk_outbox *box, const char *id,
		      const char *data)
{
	struct sk_event event = {
		.event_id = id,
		.event_type = "WPStatusChanged",
		.data = data,
		.commit = "c0ffee",
	};

	return sk_outbox_add(box, &event, 100, &fx->err);
}

/* One event in a transaction of its own. */
static inline int add_one(struct fixture *fx, struct sk_outbox *box,
			  const char *id, const char *data)
{
	int rc = sk_outbox_begin(box, &fx->err);

	if (rc == 0)
		rc = add(fx, box, id, data);
	if (rc < 0) {
		sk_outbox_rollback(box);
		return rc;
	}
	return sk_outbox_commit(box, &fx->err) < 0 ? -1 : rc;
}

#endif
