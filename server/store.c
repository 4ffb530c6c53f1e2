/* SPDX-License-Identifier: MIT */
#include "server/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/now.h"
#include "server/sql.h"

/* In the file's header, so that it is never taken for another database. */
#define APPLICATION_ID 0x736b6964 /* "skid" */
#define SCHEMA_VERSION 1
#define BUSY_MS	       2000

#define STRINGIFY(x) #x
#define NUMBER(x)    STRINGIFY(x)

static const char schema[] =
	"CREATE TABLE events("
	" seq INTEGER PRIMARY KEY,"
	" event_id TEXT NOT NULL UNIQUE,"
	" event_type TEXT NOT NULL,"
	" project_uuid TEXT,"
	" username TEXT NOT NULL,"
	" received_at TEXT NOT NULL,"
	" data TEXT NOT NULL);"
	"CREATE TABLE users("
	" username TEXT NOT NULL PRIMARY KEY,"
	" team_slug TEXT NOT NULL,"
	" password_hash TEXT NOT NULL,"
	" created_at TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE tokens("
	" hash BLOB NOT NULL PRIMARY KEY,"
	" kind TEXT NOT NULL,"
	" username TEXT NOT NULL"
	" REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,"
	" expires_at INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX tokens_username ON tokens(username);"
	"PRAGMA application_id = " NUMBER(
		APPLICATION_ID) ";"
				"PRAGMA user_version = " NUMBER(SCHEMA_VERSION);

int sk_store_default_path(struct sk_str *out, struct sk_err *err)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	sk_str_clear(out);
	if (data && data[0] == '/')
		sk_str_puts(out, data);
	else if (home && home[0] == '/')
		sk_str_addf(out, "%s/.local/share", home);
	else
		return sk_fail(err, SK_EUSAGE,
			       "HOME is not set; name a database with --db");
	sk_str_puts(out, "/git-sk/ingestd.db");
	return 0;
}

static int make_folder(const char *path, struct sk_err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int ret;

	if (!slash || slash == path)
		return 0;
	folder = sk_strndup(path, (size_t)(slash - path));
	ret = sk_mkdir_p(folder, err);
	free(folder);
	return ret;
}

/* Make the file before SQLite does: with its mode, not that of the umask. */
static int make_file(const char *path, struct sk_err *err)
{
	struct stat st;
	int fd, ret = -1;

	if (make_folder(path, err) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0)
		return sk_fail_errno(err, errno, "cannot open");
	if (fstat(fd, &st) < 0) {
		sk_fail_errno(err, errno, "cannot stat");
	} else if (!S_ISREG(st.st_mode)) {
		sk_fail(err, SK_EDATA, "not a regular file");
	} else if (st.st_mode & 077) {
		sk_fail(err, SK_EDATA, "open to others (mode %03o)",
			(unsigned)st.st_mode & 0777);
		sk_hint(err, "run 'chmod 600 %s'", path);
	} else {
		ret = 0;
	}
	close(fd);
	return ret;
}

static int get_pragma(struct sk_store *store, const char *sql, int64_t *out,
		      struct sk_err *err)
{
	struct sk_stmt st = sk_stmt_new(store, sql);
	int rc = sk_stmt_step(&st, err);

	*out = rc > 0 ? sk_stmt_col_int(&st, 0) : 0;
	sk_stmt_free(&st);
	return rc < 0 ? -1 : 0;
}

/* Within a transaction: of two processes that start, one makes the tables. */
static int migrate(struct sk_store *store, struct sk_err *err)
{
	int64_t id, version, tables;

	if (get_pragma(store, "PRAGMA application_id", &id, err) < 0 ||
	    get_pragma(store, "PRAGMA user_version", &version, err) < 0 ||
	    get_pragma(store, "SELECT count(*) FROM sqlite_schema", &tables,
		       err) < 0)
		return -1;
	if (id == APPLICATION_ID && version == SCHEMA_VERSION)
		return 0;
	if (id == APPLICATION_ID)
		return sk_fail(err, SK_EDATA,
			       "written by another version of sk-ingestd"
			       " (format %d, this one knows %d)",
			       (int)version, SCHEMA_VERSION);
	if (tables)
		return sk_fail(err, SK_EDATA,
			       "the database of another program");
	return sk_sql_exec(store, schema, err);
}

/*
 * Two that change to WAL at once would wait for each other: SQLite tells one of
 * them so at once, without the time that the others are waited for.
 */
static int use_wal(struct sk_store *store, struct sk_err *err)
{
	int64_t until = sk_mono_ms() + BUSY_MS;
	int rc;

	while ((rc = sk_sql_exec(store, "PRAGMA journal_mode = WAL", err)) <
		       0 &&
	       err->code == SK_EBUSY && sk_mono_ms() < until)
		sk_sleep_ms(10);
	return rc;
}

static int prepare(struct sk_store *store, struct sk_err *err)
{
	int64_t id, version;

	sqlite3_busy_timeout(store->db, BUSY_MS);
	sqlite3_extended_result_codes(store->db, 1);
	/* only then the file is ours to change, journal mode included */
	if (get_pragma(store, "PRAGMA application_id", &id, err) < 0 ||
	    get_pragma(store, "PRAGMA user_version", &version, err) < 0)
		return -1;
	if (id != APPLICATION_ID || version != SCHEMA_VERSION) {
		if (sk_sql_begin(store, err) < 0)
			return -1;
		if (sk_sql_end(store, migrate(store, err) == 0, err) < 0)
			return -1;
	}
	if (use_wal(store, err) < 0)
		return -1;
	return sk_sql_exec(store,
			   "PRAGMA synchronous = FULL;"
			   "PRAGMA foreign_keys = ON;"
			   "PRAGMA trusted_schema = OFF",
			   err);
}

/* Opening succeeds on a file that cannot be written: find out before we serve.
 */
static int check_writable(struct sk_store *store, struct sk_err *err)
{
	if (sk_sql_begin(store, err) < 0)
		return -1;
	return sk_sql_end(store, true, err);
}

int sk_store_open(struct sk_store **out, const char *path, struct sk_err *err)
{
	struct sk_store *store = sk_calloc(1, sizeof(*store));
	int rc;

	pthread_mutex_init(&store->lock, NULL);
	if (make_file(path, err) < 0)
		goto out;
	rc = sqlite3_open_v2(path, &store->db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		sk_sql_fail(store, rc, err);
		goto out;
	}
	if (prepare(store, err) < 0 || check_writable(store, err) < 0)
		goto out;
	*out = store;
	return 0;
out:
	sk_store_close(store);
	return sk_within(err, "database '%s'", path);
}

void sk_store_close(struct sk_store *store)
{
	if (!store)
		return;
	if (store->db)
		sqlite3_wal_checkpoint_v2(store->db, NULL,
					  SQLITE_CHECKPOINT_TRUNCATE, NULL,
					  NULL);
	sqlite3_close(store->db);
	pthread_mutex_destroy(&store->lock);
	free(store);
}
