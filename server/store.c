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
#include "server/transact.h"

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

/* Make the file before SQLite does: with its mode, not that of the umask. */
static int make_file(const char *path, struct sk_err *err)
{
	struct stat st;
	int fd, ret = -1;

	if (sk_mkdir_for(path, err) < 0)
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

static int get_int(struct sk_store *store, const char *sql, int64_t *out,
		   struct sk_err *err)
{
	return sk_stmt_get_int(sk_stmt_new(store->db, sql), out, err);
}

/* Within a transaction: of two processes that start, one makes the tables. */
static int migrate(struct sk_store *store, const char *path, struct sk_err *err)
{
	int64_t id, version, tables;

	if (get_int(store, "PRAGMA application_id", &id, err) < 0 ||
	    get_int(store, "PRAGMA user_version", &version, err) < 0 ||
	    get_int(store, "SELECT count(*) FROM sqlite_schema", &tables, err) <
		    0)
		return -1;
	if (id == APPLICATION_ID && version == SCHEMA_VERSION)
		return 0;
	if (id == APPLICATION_ID)
		return sk_fail(err, SK_EDATA,
			       "database '%s': written by another version of"
			       " sk-ingestd (format %d, this one knows %d)",
			       path, (int)version, SCHEMA_VERSION);
	if (tables)
		return sk_fail(err, SK_EDATA,
			       "database '%s': the database of another program",
			       path);
	return sk_sql_exec(store->db, schema, err);
}

/*
 * Two that change to WAL at once would wait for each other: SQLite tells one of
 * them so at once, without the time that the others are waited for.
 */
static int use_wal(struct sk_store *store, struct sk_err *err)
{
	int64_t until = sk_mono_ms() + BUSY_MS;
	int rc;

	while ((rc = sk_sql_exec(store->db, "PRAGMA journal_mode = WAL", err)) <
		       0 &&
	       err->code == SK_EBUSY && sk_mono_ms() < until)
		sk_sleep_ms(10);
	return rc;
}

static int prepare(struct sk_store *store, const char *path, struct sk_err *err)
{
	int64_t id, version;

	/* only then the file is ours to change, journal mode included */
	if (get_int(store, "PRAGMA application_id", &id, err) < 0 ||
	    get_int(store, "PRAGMA user_version", &version, err) < 0)
		return -1;
	if (id != APPLICATION_ID || version != SCHEMA_VERSION) {
		if (sk_store_begin(store, err) < 0)
			return -1;
		if (sk_store_end(store, migrate(store, path, err) == 0, err) <
		    0)
			return -1;
	}
	if (use_wal(store, err) < 0)
		return -1;
	return sk_sql_exec(store->db,
			   "PRAGMA synchronous = FULL;"
			   "PRAGMA foreign_keys = ON",
			   err);
}

/* Opening succeeds on a file that cannot be written: find out before we serve.
 */
static int check_writable(struct sk_store *store, struct sk_err *err)
{
	if (sk_store_begin(store, err) < 0)
		return -1;
	return sk_store_end(store, true, err);
}

int sk_store_open(struct sk_store **out, const char *path, struct sk_err *err)
{
	const struct sk_sql_options options = {
		.is_writable = true,
		.wait_ms = BUSY_MS,
	};
	struct sk_store *store = sk_calloc(1, sizeof(*store));

	pthread_mutex_init(&store->lock, NULL);
	if (make_file(path, err) < 0) {
		sk_within(err, "database '%s'", path);
		goto out;
	}
	if (sk_sql_open(&store->db, path, &options, err) < 0 ||
	    prepare(store, path, err) < 0 || check_writable(store, err) < 0)
		goto out;
	*out = store;
	return 0;
out:
	sk_store_close(store);
	return -1;
}

void sk_store_close(struct sk_store *store)
{
	if (!store)
		return;
	if (store->db)
		sk_sql_checkpoint(store->db);
	sk_sql_close(store->db);
	pthread_mutex_destroy(&store->lock);
	free(store);
}
