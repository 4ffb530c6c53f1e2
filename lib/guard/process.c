/* SPDX-License-Identifier: MIT */
#include "guard/process.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { STATE = 3, START = 22, MAX_STAT = 1 << 16 };

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
