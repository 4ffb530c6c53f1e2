/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/now.h"

static int read_fd(struct sk_str *out, int fd, const char *path, size_t max,
		   struct sk_err *err)
{
	size_t start = out->len;

	for (;;) {
		ssize_t n;

		sk_str_reserve(out, 16384);
		n = read(fd, out->ptr + out->len, 16384);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sk_fail_errno(err, errno, "cannot read '%s'",
					     path);
		if (n == 0)
			return 0;
		out->len += (size_t)n;
		out->ptr[out->len] = '\0';
		if (out->len - start > max)
			return sk_fail(err, SK_EDATA,
				       "'%s' is larger than %zu bytes", path,
				       max);
	}
}

static int read_checked(struct sk_str *out, const char *path, size_t max,
			bool secret, struct sk_err *err)
{
	struct stat st;
	int fd, ret = -1;

	/* O_NONBLOCK: a FIFO in the place of a file must not hang us */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd < 0)
		return sk_fail_errno(err, errno, "cannot open '%s'", path);
	if (fstat(fd, &st) < 0) {
		sk_fail_errno(err, errno, "cannot stat '%s'", path);
	} else if (!S_ISREG(st.st_mode)) {
		sk_fail(err, SK_EDATA, "'%s' is not a regular file", path);
	} else if (secret && st.st_uid != geteuid()) {
		sk_fail(err, SK_EDATA, "'%s' belongs to another user", path);
	} else if (secret && (st.st_mode & 077)) {
		sk_fail(err, SK_EDATA, "'%s' can be read by others (mode %03o)",
			path, (unsigned)st.st_mode & 0777);
		sk_hint(err, "run 'chmod 600 %s'", path);
	} else {
		ret = read_fd(out, fd, path, max, err);
	}
	close(fd);
	return ret;
}

int sk_file_read(struct sk_str *out, const char *path, size_t max,
		 struct sk_err *err)
{
	return read_checked(out, path, max, false, err);
}

int sk_file_read_secret(struct sk_str *out, const char *path, size_t max,
			struct sk_err *err)
{
	return read_checked(out, path, max, true, err);
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The folder of `path`: "." when it names none. Owned by the caller. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return sk_strdup(".");
	return sk_strndup(path, slash > path ? (size_t)(slash - path) : 1);
}

/*
 * A new name is on disk once its folder is. What may be written and not read
 * cannot be synced, and some filesystems have nothing to sync there.
 */
int sk_file_sync_name(const char *path, struct sk_err *err)
{
	char *folder = folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = 0;

	free(folder);
	if (fd < 0)
		return 0;
	if (fsync(fd) < 0 && errno != EINVAL && errno != ENOTSUP)
		ret = sk_fail_errno(err, errno,
				    "cannot sync the folder of"
				    " '%s'",
				    path);
	close(fd);
	return ret;
}

/* What is written stands beside its place until it is whole. */
#define BESIDE ".sk-XXXXXX"

static bool is_beside(const char *name, const char *of)
{
	size_t len = strlen(of);

	return strncmp(name, of, len) == 0 &&
	       strlen(name) == len + strlen(BESIDE) &&
	       strncmp(name + len, BESIDE, strcspn(BESIDE, "X")) == 0;
}

void sk_file_sweep(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = folder_of(path);
	struct sk_str name = SK_STR_INIT;
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		if (!is_beside(entry->d_name, slash ? slash + 1 : path))
			continue;
		sk_str_clear(&name);
		sk_str_addf(&name, "%s/%s", folder, entry->d_name);
		(void)unlink(name.ptr); /* it is in nobody's way */
	}
	if (dir)
		closedir(dir);
	sk_str_free(&name);
	free(folder);
}

static int replace(const char *path, const char *data, size_t len, mode_t mode,
		   bool sync, struct sk_err *err)
{
	struct sk_str tmp = SK_STR_INIT;
	int fd, saved, ret = -1;

	sk_str_addf(&tmp, "%s" BESIDE, path);
	fd = mkostemp(tmp.ptr, O_CLOEXEC);
	if (fd < 0) {
		sk_fail_errno(err, errno, "cannot create '%s'", path);
		goto out;
	}
	if (fchmod(fd, mode) < 0 || write_all(fd, data, len) < 0 ||
	    (sync && fsync(fd) < 0)) {
		saved = errno;
		close(fd);
		unlink(tmp.ptr);
		sk_fail_errno(err, saved, "cannot write '%s'", path);
		goto out;
	}
	if (close(fd) < 0 || rename(tmp.ptr, path) < 0) {
		saved = errno;
		unlink(tmp.ptr);
		sk_fail_errno(err, saved, "cannot replace '%s'", path);
		goto out;
	}
	ret = sync ? sk_file_sync_name(path, err) : 0;
out:
	sk_str_free(&tmp);
	return ret;
}

int sk_file_write(const char *path, const char *data, size_t len, mode_t mode,
		  struct sk_err *err)
{
	return replace(path, data, len, mode, true, err);
}

int sk_file_write_unsynced(const char *path, const char *data, size_t len,
			   mode_t mode, struct sk_err *err)
{
	return replace(path, data, len, mode, false, err);
}

bool sk_path_is_inside(const char *path, const char *folder)
{
	size_t len = folder ? strlen(folder) : 0;

	return len && strncmp(path, folder, len) == 0 &&
	       (path[len] == '/' || !path[len]);
}

int sk_mkdir_p(const char *path, struct sk_err *err)
{
	struct sk_str part = SK_STR_INIT;
	const char *slash = path;
	int ret = 0, last = ENOENT;

	do {
		slash = strchr(slash + 1, '/');
		sk_str_clear(&part);
		sk_str_add(&part, path,
			   slash ? (size_t)(slash - path) : strlen(path));
		if (mkdir(part.ptr, 0700) == 0)
			continue;
		if (errno != EEXIST)
			last = errno;
		if (errno != EEXIST && errno != EROFS && errno != EACCES)
			ret = sk_fail_errno(err, errno, "cannot create '%s'",
					    part.ptr);
	} while (slash && ret == 0);
	/* a folder above may be closed to us and yet exist: ask at the end */
	if (ret == 0 && access(path, F_OK) < 0)
		ret = sk_fail_errno(err, last, "cannot create '%s'", path);
	sk_str_free(&part);
	return ret;
}

int sk_mkdir_for(const char *path, struct sk_err *err)
{
	char *folder = folder_of(path);
	int ret = sk_mkdir_p(folder, err);

	free(folder);
	return ret;
}

/* Returns a descriptor, or -1. */
static int open_lock(const char *path, struct sk_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd < 0 ? sk_fail_errno(err, errno, "cannot open '%s'", path)
		      : fd;
}

/* Wait for the lock. Returns the descriptor; -1 when it is closed. */
static int lock_fd(int fd, const char *path, unsigned wait_ms,
		   struct sk_err *err)
{
	int64_t until = sk_mono_ms() + wait_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int saved = errno;

		if (saved == EINTR)
			continue;
		if (saved == EWOULDBLOCK && sk_mono_ms() < until) {
			sk_sleep_ms(10);
			continue;
		}
		close(fd);
		if (saved == EWOULDBLOCK)
			return sk_fail(err, SK_EBUSY,
				       "'%s' is locked by another process",
				       path);
		return sk_fail_errno(err, saved, "cannot lock '%s'", path);
	}
	return fd;
}

int sk_lock(const char *path, unsigned wait_ms, struct sk_err *err)
{
	int fd = open_lock(path, err);

	return fd < 0 ? -1 : lock_fd(fd, path, wait_ms, err);
}

int sk_lock_as(const char *path, mode_t mode, unsigned wait_ms,
	       struct sk_err *err)
{
	int fd = open_lock(path, err);

	/* one that is another user's can be locked as it is */
	if (fd >= 0 && fchmod(fd, mode) < 0 && errno != EPERM) {
		sk_fail_errno(err, errno, "cannot change the mode of '%s'",
			      path);
		close(fd);
		return -1;
	}
	return fd < 0 ? -1 : lock_fd(fd, path, wait_ms, err);
}

void sk_unlock(int fd)
{
	if (fd >= 0)
		close(fd);
}
