/* SPDX-License-Identifier: MIT */
#include "outbox/db.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lockholder.h"
#include "base/mem.h"
#include "base/trace.h"

/* A hook does not wait long just to make the file faster for the next one. */
#define CONVERT_WAIT_MS 100

static int fail_busy(struct sk_outbox *box, struct sk_err *err)
{
	struct sk_str shm = SK_STR_INIT, holder = SK_STR_INIT;

	/* in WAL mode the locks are on the -shm file */
	sk_str_addf(&shm, "%s-shm", box->path);
	if (!sk_lock_holder(&holder, box->path) &&
	    !sk_lock_holder(&holder, shm.ptr))
		sk_str_puts(&holder, "another program");
	sk_fail(err, SK_EBUSY, "'%s' is in use by %s", box->path, holder.ptr);
	sk_str_free(&holder);
	sk_str_free(&shm);
	return sk_hint(err, "try again when it is done");
}

static int fail_broken(struct sk_outbox *box, struct sk_err *err)
{
	sk_fail(err, SK_EDATA, "'%s' is not a readable database: %s", box->path,
		sqlite3_errmsg(box->handle));
	return sk_hint(err, "git's history has the events: move that file and "
			    "its -wal and -shm away, then run 'git sk-sync "
			    "backfill'");
}

static int fail_access(struct sk_outbox *box, struct sk_err *err)
{
	int errnum = sqlite3_system_errno(box->handle);

	if (errnum == 0)
		return sk_fail(err, SK_EFAIL, "cannot use '%s': %s", box->path,
			       sqlite3_errmsg(box->handle));
	return sk_fail_errno(err, errnum, "cannot use '%s': %s", box->path,
			     sqlite3_errmsg(box->handle));
}

int sk_db_fail(struct sk_outbox *box, int rc, struct sk_err *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return fail_busy(box, err);
	case SQLITE_FULL:
		sk_fail(err, SK_EFULL, "cannot write '%s': disk is full",
			box->path);
		return sk_hint(err, "make room on the disk that holds it");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fail_broken(box, err);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
	case SQLITE_PERM:
		return fail_access(box, err);
	default:
		return sk_fail(err, SK_EFAIL, "database '%s': %s", box->path,
			       sqlite3_errmsg(box->handle));
	}
}

/* Exclusively, so that no link put there meanwhile is followed. */
static int create_file(const char *path, struct sk_err *err)
{
	char *copy = sk_strdup(path);
	int rc = sk_mkdir_p(dirname(copy), err);
	int fd;

	free(copy);
	if (rc < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST
			       ? 0
			       : sk_fail_errno(err, errno, "cannot create '%s'",
					       path);
	rc = fchmod(fd, 0600); /* whatever the umask took away */
	if (rc < 0)
		sk_fail_errno(err, errno, "cannot chmod '%s'", path);
	close(fd);
	return rc;
}

int sk_db_check_file(const char *path, bool create, struct sk_err *err)
{
	struct stat st;

	if (lstat(path, &st) < 0) {
		if (errno != ENOENT)
			return sk_fail_errno(err, errno, "cannot open '%s'",
					     path);
		if (!create)
			return 1;
		if (create_file(path, err) < 0)
			return -1;
		if (lstat(path, &st) < 0)
			return sk_fail_errno(err, errno, "cannot open '%s'",
					     path);
	}
	if (!S_ISREG(st.st_mode)) {
		sk_fail(err, SK_EFAIL, "'%s' is not a regular file%s", path,
			S_ISLNK(st.st_mode) ? " but a symbolic link" : "");
		return sk_hint(err, "move it away");
	}
	if (st.st_uid != geteuid()) {
		sk_fail(err, SK_EFAIL, "'%s' belongs to another user", path);
		return sk_hint(err, "run this as the user it belongs to");
	}
	/* before SQLite opens it: -wal and -shm copy the mode */
	if (create && (st.st_mode & 077) && chmod(path, 0600) < 0)
		return sk_fail_errno(err, errno, "cannot chmod '%s'", path);
	return 0;
}

int sk_db_connect(struct sk_outbox *box, bool writable, struct sk_err *err)
{
	int flags = SQLITE_OPEN_NOMUTEX |
		    (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	int rc = sqlite3_open_v2(box->path, &box->handle, flags, NULL);

	if (!box->handle)
		abort(); /* out of memory */
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(box->handle, SK_OUTBOX_WAIT_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(box->handle, SQLITE_DBCONFIG_DEFENSIVE,
				       1, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(box->handle,
				       SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (rc != SQLITE_OK)
		return sk_db_fail(box, rc, err);
	return sk_db_exec(box, "PRAGMA cell_size_check = ON", err);
}

static bool is_wal(struct sk_stmt *st)
{
	return strcmp(sk_stmt_col_text(st, 0, NULL), "wal") == 0;
}

int sk_db_use_wal(struct sk_outbox *box, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(box, "PRAGMA journal_mode");
	struct sk_err ignored = {0};
	int rc = sk_stmt_step(st, err);
	bool wal = rc > 0 && is_wal(st);

	sk_stmt_free(st);
	if (rc < 0)
		return -1;
	if (!wal) {
		sqlite3_busy_timeout(box->handle, CONVERT_WAIT_MS);
		st = sk_stmt_new(box, "PRAGMA journal_mode = WAL");
		if (sk_stmt_step(st, &ignored) < 0)
			sk_trace("queue", "no WAL: %s", ignored.msg);
		sk_stmt_free(st);
		sqlite3_busy_timeout(box->handle, SK_OUTBOX_WAIT_MS);
	}
	return sk_db_exec(box, "PRAGMA synchronous = NORMAL", err);
}

int sk_db_exec(struct sk_outbox *box, const char *sql, struct sk_err *err)
{
	int rc = sqlite3_exec(box->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sk_db_fail(box, rc, err);
}

int sk_db_need_transaction(struct sk_outbox *box, struct sk_err *err)
{
	if (!box->in_transaction)
		return sk_fail(err, SK_EFAIL,
			       "a change of '%s' outside of a transaction",
			       box->path);
	/* SQLite itself rolls back when the disk is full or fails */
	if (sqlite3_get_autocommit(box->handle))
		return sk_fail(err, SK_EFAIL,
			       "the transaction in '%s' was rolled back",
			       box->path);
	return 0;
}

const char *sk_outbox_library_version(void)
{
	return sqlite3_libversion();
}
