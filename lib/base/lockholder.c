/* SPDX-License-Identifier: MIT */
#include "base/lockholder.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { MAX_LOCKS = 4 << 20, MAX_COMM = 64 };

/*
 * Whether the process has that very file open. File systems in layers give one
 * device number to stat() and another to /proc/locks, so the inode alone says
 * which locks to look at, and this which of them count.
 */
static bool has_open(int64_t pid, const struct stat *file)
{
	struct sk_str path = SK_STR_INIT;
	bool found = false;
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	sk_str_addf(&path, "/proc/%" PRId64 "/fd", pid);
	dir = opendir(path.ptr);
	while (dir && !found && (entry = readdir(dir)))
		found = fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
			st.st_ino == file->st_ino && st.st_dev == file->st_dev;
	if (dir)
		closedir(dir);
	sk_str_free(&path);
	return found;
}

static void add_process(struct sk_str *out, int64_t pid)
{
	struct sk_str path = SK_STR_INIT, comm = SK_STR_INIT;
	struct sk_err ignored = {0};

	sk_str_addf(out, "process %" PRId64, pid);
	sk_str_addf(&path, "/proc/%" PRId64 "/comm", pid);
	if (sk_file_read(&comm, path.ptr, MAX_COMM, &ignored) == 0) {
		sk_str_rtrim(&comm);
		sk_str_puts(out, " (");
		sk_str_add_visible(out, comm.ptr, comm.len, MAX_COMM);
		sk_str_putc(out, ')');
	}
	sk_str_free(&comm);
	sk_str_free(&path);
}

/*
 * One line: `1: POSIX  ADVISORY  WRITE 3548 08:01:22 0 EOF`, where "->" behind
 * the number marks one that waits. Returns the process, 0 for none.
 */
static int64_t parse(const char *line, uint64_t inode)
{
	uint64_t found;
	int64_t pid;

	if (sscanf(line, "%*d: %*s %*s %*s %" SCNd64 " %*x:%*x:%" SCNu64, &pid,
		   &found) != 2 ||
	    found != inode || pid <= 0 || pid == getpid())
		return 0;
	return pid;
}

bool sk_lock_holder(struct sk_str *out, const char *path)
{
	struct sk_str locks = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *line, *end;
	struct stat st;
	int64_t pid = 0;

	if (stat(path, &st) == 0 &&
	    sk_file_read(&locks, "/proc/locks", MAX_LOCKS, &ignored) == 0) {
		for (line = locks.ptr; *line && !pid; line = end) {
			end = line + strcspn(line, "\n");
			end += *end == '\n';
			pid = parse(line, st.st_ino);
			if (pid && !has_open(pid, &st))
				pid = 0;
		}
	}
	if (pid)
		add_process(out, pid);
	sk_str_free(&locks);
	return pid != 0;
}
