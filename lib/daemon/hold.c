/* SPDX-License-Identifier: MIT */
#include "daemon/hold.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/process.h"

static bool runs(pid_t pid, const char *program)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *name = NULL;
	bool is_it;

	if (sk_process_program(&path, pid, &ignored) == 0)
		name = strrchr(path.ptr, '/');
	is_it = name && strcmp(name + 1, program) == 0;
	sk_str_free(&path);
	return is_it;
}

static bool is_meant(pid_t pid, int64_t start, const char *program)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld", (long)pid);
	return stat(path, &st) == 0 && st.st_uid == geteuid() &&
	       sk_process_started_at(pid) == start && runs(pid, program);
}

int sk_hold_take(int *fd, pid_t pid, int64_t start, const char *program,
		 struct sk_err *err)
{
	if (pid <= 1 || start <= 0)
		return 1;
	*fd = pidfd_open(pid, 0);
	if (*fd < 0 && (errno == ESRCH || errno == EINVAL))
		return 1;
	if (*fd < 0)
		return sk_fail_errno(err, errno, "cannot look at process %ld",
				     (long)pid);
	/*
	 * The descriptor came first: if what is looked at now is the process
	 * that was meant, the descriptor is of no other, unless it has ended.
	 */
	if (!sk_hold_wait(*fd, 0) && is_meant(pid, start, program))
		return 0;
	close(*fd);
	*fd = -1;
	return 1;
}

bool sk_hold_exists(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

int sk_hold_ask_to_end(int fd, struct sk_err *err)
{
	if (pidfd_send_signal(fd, SIGTERM, NULL, 0) < 0 && errno != ESRCH)
		return sk_fail_errno(err, errno, "cannot end the process");
	return 0;
}

bool sk_hold_wait(int fd, unsigned wait_ms)
{
	struct pollfd watch = {.fd = fd, .events = POLLIN};

	return poll(&watch, 1, (int)wait_ms) > 0;
}
