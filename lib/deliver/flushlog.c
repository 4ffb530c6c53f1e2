/* SPDX-License-Identifier: MIT */
#include "deliver/flushlog.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/now.h"
#include "base/trace.h"
#include "format/time.h"

static void rotate(const char *path)
{
	struct sk_str old = SK_STR_INIT;
	struct stat st;

	if (stat(path, &st) < 0 || st.st_size < SK_FLUSHLOG_MAX_BYTES)
		return;
	sk_str_addf(&old, "%s.1", path);
	if (rename(path, old.ptr) < 0)
		sk_trace("hook", "cannot rotate '%s'", path);
	sk_str_free(&old);
}

void sk_logfile_add(const char *name, const char *line, size_t len)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err err = {0};
	int fd;

	if (sk_home_path(&path, name, &err) < 0)
		goto out;
	rotate(path.ptr);
	fd = open(path.ptr,
		  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	sk_time_add(&text, sk_now_ms() / 1000 * 1000000);
	sk_str_addf(&text, " [%ld] ", (long)getpid());
	sk_str_add(&text, line, len);
	if (fd < 0 || write(fd, text.ptr, text.len) < 0)
		sk_trace("hook", "cannot write '%s'", path.ptr);
	if (fd >= 0)
		close(fd);
out:
	sk_str_free(&text);
	sk_str_free(&path);
}

void sk_flushlog_add(const char *line, size_t len)
{
	struct sk_str dir = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_home_path(&dir, "sync", &err) == 0 &&
	    sk_mkdir_p(dir.ptr, &err) == 0)
		sk_logfile_add("sync/flush.log", line, len);
	sk_str_free(&dir);
}
