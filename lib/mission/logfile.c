/* SPDX-License-Identifier: MIT */
#include "mission/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/process.h"
#include "format/jsonform.h"
#include "format/sha256.h"
#include "mission/eventlog.h"

#define LOCK_FOLDER "spec-kitty-locks"
#define TORN	    ".torn-"

static int close_with(int fd, int ret)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return ret;
}

/* Made by whoever comes first, for all whom the folder of git is open to. */
static int make_folder(const char *folder, mode_t mode, struct sk_err *err)
{
	if (mkdir(folder, 0700) == 0)
		chmod(folder, mode);
	else if (errno != EEXIST)
		return sk_fail_errno(err, errno, "cannot create '%s'", folder);
	return 0;
}

static int fail_locked(const char *path, const char *slug, struct sk_err *err)
{
	struct sk_str holder = SK_STR_INIT;

	if (!sk_lock_holder(&holder, path))
		sk_str_set(&holder, "another process");
	sk_fail(err, SK_EBUSY, "mission '%.100s' is being changed by %s", slug,
		holder.ptr);
	sk_hint(err, "run it again when that has ended");
	sk_str_free(&holder);
	return -1;
}

int sk_status_lock(const char *common_dir, const char *slug, unsigned wait_ms,
		   struct sk_err *err)
{
	struct sk_str folder = SK_STR_INIT, path = SK_STR_INIT;
	struct stat st;
	int fd = -1;

	if (!*slug || strchr(slug, '/') || slug[0] == '.')
		return sk_fail(err, SK_EDATA,
			       "'%.100s' cannot be the name of a mission",
			       slug);
	sk_str_addf(&folder, "%s/" LOCK_FOLDER, common_dir);
	sk_str_addf(&path, "%s/%s.status.lock", folder.ptr, slug);
	if (stat(common_dir, &st) < 0) {
		sk_fail_errno(err, errno, "cannot open '%s'", common_dir);
	} else if (make_folder(folder.ptr, st.st_mode & 07777, err) == 0) {
		fd = sk_lock_as(path.ptr, st.st_mode & 0666, wait_ms, err);
		if (fd < 0 && err->code == SK_EBUSY)
			fail_locked(path.ptr, slug, err);
	}
	sk_str_free(&folder);
	sk_str_free(&path);
	return fd;
}

/* How the bytes end: where the last line begins, and what is to become of it.
 */
struct tail {
	size_t start;
	bool is_open; /* it has no end */
	bool is_torn; /* and is no whole row, of whatever kind */
};

static bool is_whole(const char *data, size_t len)
{
	struct sk_form *form = NULL;
	struct sk_err ignored = {0};
	bool whole;

	if (sk_log_is_blank(data, len))
		return true;
	whole = sk_form_read(&form, data, len, &ignored) == 0 &&
		sk_form_is_object(form);
	sk_form_free(form);
	return whole;
}

static struct tail look_at_tail(const char *data, size_t len)
{
	const char *eol = len ? memrchr(data, '\n', len) : NULL;
	struct tail tail = {.start = eol ? (size_t)(eol - data) + 1 : 0};

	tail.is_open = tail.start < len;
	tail.is_torn =
		tail.is_open && !is_whole(data + tail.start, len - tail.start);
	return tail;
}

void sk_logfile_join(struct sk_str *log, const char *lines, size_t len,
		     struct sk_str *torn)
{
	struct tail tail = look_at_tail(log->ptr, log->len);

	if (tail.is_torn) {
		sk_str_add(torn, log->ptr + tail.start, log->len - tail.start);
		sk_str_cut(log, tail.start);
	} else if (tail.is_open) {
		sk_str_putc(log, '\n');
	}
	sk_str_add(log, lines, len);
}

void sk_logfile_add_aside(struct sk_str *out, const char *torn, size_t len)
{
	unsigned char hash[SK_SHA256_LEN];

	sk_sha256(hash, torn, len);
	sk_str_puts(out, TORN);
	for (int i = 0; i < 4; i++)
		sk_str_addf(out, "%02x", hash[i]);
}

/* Put a torn line into a file of its own. */
static int set_aside(const char *path, const char *torn, size_t len,
		     struct sk_str *aside, struct sk_err *err)
{
	sk_str_set(aside, path);
	sk_logfile_add_aside(aside, torn, len);
	sk_file_sweep(aside->ptr);
	return sk_file_write(aside->ptr, torn, len, 0644, err);
}

/* Lines that nobody could read again are not written. */
static int check_lines(const char *lines, size_t len, struct sk_err *err)
{
	struct sk_log log = SK_LOG_INIT;
	int ret = 0;

	sk_log_read(&log, lines, len, SIZE_MAX);
	if (log.fault_count)
		ret = sk_fail(err, SK_EDATA, "cannot record the event: %s",
			      log.faults[0].reason);
	else if (len && lines[len - 1] != '\n')
		ret = sk_fail(err, SK_EDATA,
			      "cannot record the event: it has no end");
	sk_log_free(&log);
	return ret;
}

/*
 * The end of the file, from which the last line can be told: it, or so much of
 * it that it is too long to be one.
 */
static int read_tail(struct sk_str *out, int fd, off_t size)
{
	size_t want = SK_EVENT_LINE_MAX + 2, len;
	off_t from;

	len = size < (off_t)want ? (size_t)size : want;
	from = size - (off_t)len;
	sk_str_reserve(out, len);
	while (out->len < len) {
		ssize_t n = pread(fd, out->ptr + out->len, len - out->len,
				  from + (off_t)out->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		out->len += (size_t)n;
		out->ptr[out->len] = '\0';
	}
	return 0;
}

/* All of it with one call; what came of less is taken back. */
static int write_once(int fd, const struct sk_str *text, off_t size)
{
	struct stat st;
	ssize_t n;
	int saved;

	do
		n = write(fd, text->ptr, text->len);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)text->len && fsync(fd) == 0)
		return 0;
	saved = n >= 0 && n < (ssize_t)text->len ? ENOSPC : errno;
	/* unless somebody has written behind it meanwhile */
	if (n > 0 && fstat(fd, &st) == 0 && st.st_size == size + n &&
	    ftruncate(fd, size) < 0)
		saved = errno;
	errno = saved;
	return -1;
}

static int fail_endless(const char *path, struct sk_err *err)
{
	sk_fail(err, SK_EDATA,
		"the last line of '%s' has no end and is longer"
		" than %u bytes",
		path, SK_EVENT_LINE_MAX);
	return sk_hint(err, "look at it, and take it out or end it");
}

/* Append to the open log, of which the end is known. */
static int append(int fd, off_t size, const struct sk_str *end,
		  const char *path, const char *lines, size_t len,
		  struct sk_str *aside, struct sk_err *err)
{
	struct tail tail = look_at_tail(end->ptr, end->len);
	size_t open = end->len - tail.start;
	struct sk_str text = SK_STR_INIT;
	int ret = -1;

	if (tail.is_torn) {
		if (open > SK_EVENT_LINE_MAX)
			return fail_endless(path, err);
		if (set_aside(path, end->ptr + tail.start, open, aside, err) <
		    0)
			return -1;
		size -= (off_t)open;
		if (ftruncate(fd, size) < 0)
			return sk_fail_errno(err, errno, "cannot write '%s'",
					     path);
	} else if (tail.is_open) {
		sk_str_putc(&text, '\n');
	}
	sk_str_add(&text, lines, len);
	if (write_once(fd, &text, size) == 0)
		ret = 0;
	else
		sk_fail_errno(err, errno, "cannot write '%s'", path);
	sk_str_free(&text);
	return ret;
}

int sk_logfile_append(const char *path, const char *lines, size_t len,
		      struct sk_str *aside, struct sk_err *err)
{
	struct sk_str end = SK_STR_INIT;
	struct stat st;
	int fd, ret = -1;

	sk_str_clear(aside);
	if (check_lines(lines, len, err) < 0)
		return -1;
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		  0666);
	if (fd < 0)
		return sk_fail_errno(err, errno, "cannot open '%s'", path);
	if (fstat(fd, &st) < 0 || read_tail(&end, fd, st.st_size) < 0)
		sk_fail_errno(err, errno, "cannot read '%s'", path);
	else if (!S_ISREG(st.st_mode))
		sk_fail(err, SK_EDATA, "'%s' is not a regular file", path);
	else if (st.st_size + (off_t)len > (off_t)SK_EVENT_LOG_MAX)
		sk_fail(err, SK_EFULL, "'%s' is larger than %u bytes", path,
			SK_EVENT_LOG_MAX);
	else
		ret = append(fd, st.st_size, &end, path, lines, len, aside,
			     err);
	sk_str_free(&end);
	if (close_with(fd, ret) == 0 && st.st_size == 0)
		ret = sk_file_sync_name(path, err);
	return ret;
}
