/* SPDX-License-Identifier: MIT */
#include "sql/sql.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/process.h"
#include "base/str.h"
#include "sql/part.h"

/* Of the whole process, and too late once anything else was asked of SQLite. */
static pthread_once_t is_configured = PTHREAD_ONCE_INIT;

static int fail_busy(struct sk_sql *db, struct sk_err *err)
{
	struct sk_str shm = SK_STR_INIT, holder = SK_STR_INIT;

	/* in WAL mode the locks are on the -shm file */
	sk_str_addf(&shm, "%s-shm", db->path);
	if (!sk_lock_holder(&holder, db->path) &&
	    !sk_lock_holder(&holder, shm.ptr))
		sk_str_puts(&holder, "another program");
	sk_fail(err, SK_EBUSY, "'%s' is in use by %s", db->path, holder.ptr);
	sk_str_free(&holder);
	sk_str_free(&shm);
	return sk_hint(err, "try again when it is done");
}

static int fail_broken(struct sk_sql *db, struct sk_err *err)
{
	sk_fail(err, SK_EDATA, "'%s' is not a readable database: %s", db->path,
		sqlite3_errmsg(db->handle));
	return db->repair ? sk_hint(err, "%s", db->repair) : -1;
}

static int fail_access(struct sk_sql *db, struct sk_err *err)
{
	int errnum = sqlite3_system_errno(db->handle);

	if (errnum == 0)
		return sk_fail(err, SK_EFAIL, "cannot use '%s': %s", db->path,
			       sqlite3_errmsg(db->handle));
	return sk_fail_errno(err, errnum, "cannot use '%s': %s", db->path,
			     sqlite3_errmsg(db->handle));
}

int sk_sql_fail(struct sk_sql *db, int rc, struct sk_err *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return fail_busy(db, err);
	case SQLITE_FULL:
		sk_fail(err, SK_EFULL, "cannot write '%s': disk is full",
			db->path);
		return sk_hint(err, "make room on the disk that holds it");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fail_broken(db, err);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
	case SQLITE_PERM:
		return fail_access(db, err);
	default:
		return sk_fail(err, SK_EFAIL, "database '%s': %s", db->path,
			       sqlite3_errmsg(db->handle));
	}
}

static int note_log(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct sk_sql *db = ctx;

	(void)handle, (void)name; /* nothing else is attached then */
	db->log_pages = pages;
	return SQLITE_OK;
}

/* Nobody asks how much memory SQLite has, and each count takes a lock. */
static void count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int connect_file(struct sk_sql *db, const struct sk_sql_options *options,
			struct sk_err *err)
{
	int flags = SQLITE_OPEN_NOMUTEX |
		    (options->is_writable ? SQLITE_OPEN_READWRITE
					  : SQLITE_OPEN_READONLY);
	int rc;

	if (pthread_once(&is_configured, count_no_memory) != 0)
		abort();
	rc = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	if (!db->handle)
		abort(); /* out of memory */
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(db->handle, options->wait_ms);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1,
				       NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(db->handle,
				       SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (rc != SQLITE_OK)
		return sk_sql_fail(db, rc, err);
	/*
	 * In place of SQLite's own hook: it would move the log at each commit
	 * from a size on, as no connection knows what those before it moved.
	 */
	if (db->leaves_log)
		sqlite3_wal_hook(db->handle, note_log, db);
	return sk_sql_exec(db, "PRAGMA cell_size_check = ON", err);
}

/*
 * A writer that was killed before the file had a write-ahead log leaves a
 * journal to undo what it did, and only who may write can do so.
 */
static void undo_unfinished(struct sk_sql *db, int wait_ms)
{
	static const char look[] = "PRAGMA schema_version";
	sqlite3 *writer = NULL;
	int rc;

	sqlite3_busy_timeout(db->handle, 0); /* by whom lives */
	sqlite3_exec(db->handle, look, NULL, NULL, NULL);
	rc = sqlite3_extended_errcode(db->handle);
	sqlite3_busy_timeout(db->handle, wait_ms);
	if (rc != SQLITE_READONLY_ROLLBACK)
		return; /* what else is wrong, the first statement says */
	if (sqlite3_open_v2(db->path, &writer,
			    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE,
			    NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(writer, wait_ms);
		sqlite3_exec(writer, look, NULL, NULL, NULL);
	}
	sqlite3_close(writer);
}

int sk_sql_open(struct sk_sql **out, const char *path,
		const struct sk_sql_options *options, struct sk_err *err)
{
	struct sk_sql *db = sk_calloc(1, sizeof(*db));

	*out = NULL;
	db->path = sk_strdup(path);
	db->repair = options->repair;
	db->leaves_log = options->leaves_log;
	if (connect_file(db, options, err) < 0) {
		sk_sql_close(db);
		return -1;
	}
	if (!options->is_writable)
		undo_unfinished(db, options->wait_ms);
	*out = db;
	return 0;
}

void sk_sql_close(struct sk_sql *db)
{
	if (!db)
		return;
	sk_stmt_forget_all(db);
	if (db->leaves_log && db->log_pages < SK_SQL_LOG_PAGES)
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
				  1, NULL);
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}

void sk_sql_set_wait(struct sk_sql *db, int wait_ms)
{
	sqlite3_busy_timeout(db->handle, wait_ms);
}

int sk_sql_exec(struct sk_sql *db, const char *sql, struct sk_err *err)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sk_sql_fail(db, rc, err);
}

bool sk_sql_in_transaction(struct sk_sql *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

bool sk_sql_has(struct sk_sql *db, const char *schema, const char *table,
		const char *column)
{
	return sqlite3_table_column_metadata(db->handle, schema, table, column,
					     NULL, NULL, NULL, NULL,
					     NULL) == SQLITE_OK;
}

void sk_sql_checkpoint(struct sk_sql *db)
{
	sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				  NULL, NULL);
}

const char *sk_sql_library_version(void)
{
	return sqlite3_libversion();
}
