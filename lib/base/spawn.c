/* SPDX-License-Identifier: MIT */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "base/feed.h"
#include "base/wait.h"

extern char **environ;

int sk_spawn_read(struct sk_str *out, struct sk_str *errors,
		  const char *const argv[], size_t max, struct sk_err *err)
{
	return sk_feed_run(out, errors, &(struct sk_feed){.data = ""}, argv,
			   max, err);
}

int sk_spawn_ask(struct sk_str *out, const char *const argv[],
		 struct sk_err *err)
{
	int status;

	sk_str_clear(out);
	status = sk_spawn_read(out, NULL, argv, 1u << 20, err);
	sk_str_rtrim(out);
	return status;
}

int sk_spawn_talk(struct sk_str *out, const struct sk_str *input,
		  const char *const argv[], size_t max, struct sk_err *err)
{
	return sk_feed_run(
		out, NULL,
		&(struct sk_feed){.data = input->ptr, .len = input->len}, argv,
		max, err);
}

int sk_spawn_run(const char *path, const char *const argv[], struct sk_err *err)
{
	pid_t pid;
	int rc;

	sk_wait_prepare();
	rc = posix_spawn(&pid, path, NULL, NULL, (char *const *)argv, environ);
	if (rc)
		return sk_fail_errno(err, rc, "cannot run '%s'", path);
	return sk_wait(pid, path, err);
}

/* Every one, however high; a kernel before 5.9 is asked for each. */
static void close_from(int first)
{
	int max;

	if (close_range((unsigned)first, ~0U, 0) == 0)
		return;
	max = (int)sysconf(_SC_OPEN_MAX);
	for (int fd = first; fd < max; fd++)
		close(fd);
}

/* In the child: nothing of ours may stay open, or `git commit | cat` waits. */
static void exec_alone(const char *const argv[])
{
	int null;

	if (chdir("/") < 0 || (null = open("/dev/null", O_RDWR)) < 0)
		_exit(127);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	close_from(3);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

int sk_spawn_detach(const char *const argv[], struct sk_err *err)
{
	pid_t pid;
	int status;

	sk_wait_prepare();
	pid = fork();
	if (pid < 0)
		return sk_fail_errno(err, errno, "cannot start '%s'", argv[0]);
	if (pid == 0) {
		/* fork again, so that nobody has to reap the one that stays */
		if (setsid() < 0)
			_exit(127);
		pid = fork();
		if (pid == 0)
			exec_alone(argv);
		_exit(pid < 0 ? 127 : 0);
	}
	status = sk_wait(pid, argv[0], err);
	if (status > 0)
		return sk_fail(err, SK_EFAIL, "cannot start '%s'", argv[0]);
	return status;
}
