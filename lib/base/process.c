/* SPDX-License-Identifier: MIT */
#include "base/process.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum {
	STATE = 3,
	PARENT = 4,
	START = 22,
	MAX_STAT = 1 << 16,
	MAX_ARGS = 4 << 20,
	MAX_LOCKS = 4 << 20,
	MAX_COMM = 64,
};

/* What the kernel adds to the path of a program that was replaced. */
static const char deleted[] = " (deleted)";

/*
 * Field `number` (from 1, see proc(5)) of a stat line; NULL when it ends
 * before. The second field is a name in parentheses that may hold anything.
 */
static const char *find_field(const char *line, int number)
{
	const char *at = strrchr(line, ')');

	for (int i = 2; at && i < number; i++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at;
}

/* When the machine was started, seconds since the epoch; 0 = not known. */
static int64_t boot_time(void)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *line = NULL;
	int64_t seconds = 0;

	if (sk_file_read(&text, "/proc/stat", 1 << 20, &ignored) == 0)
		line = strstr(text.ptr, "\nbtime ");
	if (line)
		seconds = strtoll(line + strlen("\nbtime "), NULL, 10);
	sk_str_free(&text);
	return seconds;
}

static void read_stat(struct sk_process *out, const char *line)
{
	const char *state = find_field(line, STATE);
	const char *start = find_field(line, START);
	long ticks = sysconf(_SC_CLK_TCK);
	int64_t boot;

	if (state && (*state == 'Z' || *state == 'X'))
		out->is_alive = false;
	if (!start)
		return;
	out->start = strtoll(start, NULL, 10);
	boot = boot_time();
	if (boot > 0 && ticks > 0)
		out->start_s = boot + out->start / ticks;
}

void sk_process_look(struct sk_process *out, int64_t pid)
{
	struct sk_str path = SK_STR_INIT, line = SK_STR_INIT;
	struct sk_err ignored = {0};

	*out = (struct sk_process){0};
	if (pid <= 0 || pid > INT_MAX)
		return;
	out->is_alive = kill((pid_t)pid, 0) == 0 || errno == EPERM;
	if (!out->is_alive)
		return;
	sk_str_addf(&path, "/proc/%lld/stat", (long long)pid);
	if (sk_file_read(&line, path.ptr, MAX_STAT, &ignored) == 0)
		read_stat(out, line.ptr);
	sk_str_free(&line);
	sk_str_free(&path);
}

int64_t sk_process_parent(int64_t pid)
{
	struct sk_str path = SK_STR_INIT, line = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *parent = NULL;
	int64_t id = 0;

	sk_str_addf(&path, "/proc/%lld/stat", (long long)pid);
	if (sk_file_read(&line, path.ptr, MAX_STAT, &ignored) == 0)
		parent = find_field(line.ptr, PARENT);
	if (parent)
		id = strtoll(parent, NULL, 10);
	sk_str_free(&line);
	sk_str_free(&path);
	return id;
}

bool sk_process_args(struct sk_str *out, int64_t pid)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};
	size_t len = out->len;

	sk_str_addf(&path, "/proc/%lld/cmdline", (long long)pid);
	if (sk_file_read(out, path.ptr, MAX_ARGS, &ignored) != 0)
		sk_str_cut(out, len);
	sk_str_free(&path);
	return out->len > len; /* the kernel's own have none */
}

int64_t sk_process_started_at(int64_t pid)
{
	struct sk_process process;

	sk_process_look(&process, pid);
	return process.start;
}

int sk_process_program(struct sk_str *out, int64_t pid, struct sk_err *err)
{
	const size_t extra = strlen(deleted);
	char link[64] = "/proc/self/exe", path[PATH_MAX];
	ssize_t len;

	/* /proc may count processes otherwise than we do, but knows itself */
	if (pid)
		snprintf(link, sizeof(link), "/proc/%" PRId64 "/exe", pid);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return sk_fail_errno(err, errno, "cannot read '%s'", link);
	path[len] = '\0';
	sk_str_set(out, path);
	if (out->len > extra &&
	    strcmp(out->ptr + out->len - extra, deleted) == 0)
		sk_str_cut(out, out->len - extra);
	return 0;
}

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
