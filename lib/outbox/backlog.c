/* SPDX-License-Identifier: MIT */
#include "outbox/backlog.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"

static const char name[] = "sync/backlog";

int sk_backlog_mark(int64_t next_ms, struct sk_err *err)
{
	struct timespec times[2] = {
		{.tv_nsec = UTIME_OMIT},
		{.tv_sec = next_ms / 1000,
		 .tv_nsec = (long)(next_ms % 1000) * 1000000},
	};
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	struct sk_str path = SK_STR_INIT;
	int fd = -1, ret = -1;

	if (sk_home_path(&path, name, err) < 0)
		goto out;
	fd = open(path.ptr, flags, 0600);
	if (fd < 0 && errno == ENOENT) {
		if (sk_mkdir_for(path.ptr, err) < 0)
			goto out;
		fd = open(path.ptr, flags, 0600);
	}
	if (fd < 0 || futimens(fd, times) < 0) {
		sk_fail_errno(err, errno, "cannot mark '%s'", path.ptr);
		goto out;
	}
	ret = 0;
out:
	if (fd >= 0)
		close(fd);
	sk_str_free(&path);
	return ret;
}

int sk_backlog_clear(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = sk_home_path(&path, name, err);

	if (ret == 0 && unlink(path.ptr) < 0 && errno != ENOENT &&
	    errno != ENOTDIR)
		ret = sk_fail_errno(err, errno, "cannot remove '%s'", path.ptr);
	sk_str_free(&path);
	return ret;
}

bool sk_backlog_due(int64_t now_ms)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};
	struct stat st;
	bool due = false;

	if (sk_home_path(&path, name, &err) == 0 && stat(path.ptr, &st) == 0)
		due = (int64_t)st.st_mtim.tv_sec * 1000 +
			      st.st_mtim.tv_nsec / 1000000 <=
		      now_ms;
	sk_str_free(&path);
	return due;
}
