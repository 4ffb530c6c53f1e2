/* SPDX-License-Identifier: MIT */
#include "outbox/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/trace.h"

/* Nobody waits long just to make the file faster for the next one. */
#define CONVERT_PART 20

/*
 * In KiB, and negative for SQLite. Ids come in no order, so that a history
 * needs all pages of their indexes again and again: what does not fit is
 * written, read and written again within one transaction.
 */
#define CACHE_SIZE "-8192"

/* Exclusively, so that no link put there meanwhile is followed. */
static int create_file(const char *path, struct sk_err *err)
{
	int fd, rc;

	if (sk_mkdir_for(path, err) < 0)
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

int sk_db_connect(struct sk_outbox *box, const struct sk_sql_options *options,
		  struct sk_err *err)
{
	struct sk_sql_options ours = *options;

	ours.repair = "git's history has the events: move that file and its "
		      "-wal and -shm away, then run 'git sk-sync backfill'";
	return sk_sql_open(&box->db, box->path, &ours, err);
}

static bool is_wal(struct sk_stmt *st)
{
	return strcmp(sk_stmt_col_text(st, 0, NULL), "wal") == 0;
}

int sk_db_use_wal(struct sk_outbox *box, int wait_ms, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(box->db, "PRAGMA journal_mode");
	struct sk_err ignored = {0};
	int rc = sk_stmt_step(st, err);
	bool wal = rc > 0 && is_wal(st);

	sk_stmt_free(st);
	if (rc < 0)
		return -1;
	if (!wal) {
		sk_sql_set_wait(box->db, wait_ms / CONVERT_PART);
		st = sk_stmt_new(box->db, "PRAGMA journal_mode = WAL");
		if (sk_stmt_step(st, &ignored) < 0)
			sk_trace("queue", "no WAL: %s", ignored.msg);
		sk_stmt_free(st);
		/* together no longer than was promised */
		sk_sql_set_wait(box->db, wait_ms - wait_ms / CONVERT_PART);
	}
	return sk_sql_exec(box->db,
			   "PRAGMA synchronous = NORMAL;"
			   "PRAGMA cache_size = " CACHE_SIZE,
			   err);
}

int sk_db_need_transaction(struct sk_outbox *box, struct sk_err *err)
{
	if (!box->in_transaction)
		return sk_fail(err, SK_EFAIL,
			       "a change of '%s' outside of a transaction",
			       box->path);
	/* SQLite itself rolls back when the disk is full or fails */
	if (!sk_sql_in_transaction(box->db))
		return sk_fail(err, SK_EFAIL,
			       "the transaction in '%s' was rolled back",
			       box->path);
	return 0;
}
