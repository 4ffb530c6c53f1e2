/* SPDX-License-Identifier: MIT */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/*
 * Who ignores SIGCHLD has the kernel reap its children, and no exit status to
 * learn; and we may have inherited that from whoever started us.
 */
void sk_spawn_want_children(void)
{
	struct sigaction act;

	if (sigaction(SIGCHLD, NULL, &act) == 0 &&
	    (act.sa_handler == SIG_IGN || (act.sa_flags & SA_NOCLDWAIT)))
		signal(SIGCHLD, SIG_DFL);
}

int sk_spawn_wait(pid_t pid, const char *name, struct sk_err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return sk_fail_errno(err, errno, "cannot wait for '%s'",
					     name);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Read both pipes until both are closed. Returns 0, or 1 past `max`. */
static int read_pipes(struct sk_str *into[2], const int fds[2], size_t max)
{
	struct pollfd watch[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
	char buf[16384];

	while (watch[0].fd >= 0 || watch[1].fd >= 0) {
		if (poll(watch, 2, -1) < 0 && errno != EINTR)
			return 1;
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (watch[i].fd < 0 || !watch[i].revents)
				continue;
			n = read(watch[i].fd, buf, sizeof(buf));
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				watch[i].fd = -1;
			else if (into[i])
				sk_str_add(into[i], buf, (size_t)n);
			if (into[i] && into[i]->len > max)
				return 1;
		}
	}
	return 0;
}

/* The end of a pipe from which the child reads `input`; -1 when it failed. */
static int open_input(const struct sk_str *input)
{
	int ends[2], ok;

	if (!input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (input->len > SK_SPAWN_MAX_INPUT || pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	/* a pipe holds that much before anybody reads */
	ok = write(ends[1], input->ptr, input->len) == (ssize_t)input->len;
	close(ends[1]);
	if (ok)
		return ends[0];
	close(ends[0]);
	return -1;
}

static int spawn(pid_t *pid, const char *const argv[], const int std[3])
{
	posix_spawn_file_actions_t acts;
	int rc;

	sk_spawn_want_children();
	posix_spawn_file_actions_init(&acts);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&acts, std[i], i);
	rc = posix_spawnp(pid, argv[0], &acts, NULL, (char *const *)argv,
			  environ);
	posix_spawn_file_actions_destroy(&acts);
	return rc;
}

static void close_pair(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static int run(struct sk_str *out, struct sk_str *errors,
	       const char *const argv[], const struct sk_str *input, size_t max,
	       struct sk_err *err)
{
	int outs[2], errs[2], in, rc, over, status;
	pid_t pid;

	if (pipe2(outs, O_CLOEXEC) < 0)
		return sk_fail_errno(err, errno, "cannot make a pipe");
	if (pipe2(errs, O_CLOEXEC) < 0) {
		sk_fail_errno(err, errno, "cannot make a pipe");
		close_pair(outs);
		return -1;
	}
	in = open_input(input);
	if (in < 0) {
		sk_fail_errno(err, errno, "cannot make a pipe");
		close_pair(outs);
		close_pair(errs);
		return -1;
	}
	rc = spawn(&pid, argv, (const int[]){in, outs[1], errs[1]});
	close(in);
	close(outs[1]);
	close(errs[1]);
	over = rc ? 0
		  : read_pipes((struct sk_str *[]){out, errors},
			       (const int[]){outs[0], errs[0]}, max);
	close(outs[0]);
	close(errs[0]);
	if (rc)
		return sk_fail_errno(err, rc, "cannot run '%s'", argv[0]);
	status = sk_spawn_wait(pid, argv[0], err);
	if (over)
		return sk_fail(err, SK_EDATA,
			       "'%s' printed more than %zu bytes", argv[0],
			       max);
	return status;
}

int sk_spawn_read(struct sk_str *out, struct sk_str *errors,
		  const char *const argv[], size_t max, struct sk_err *err)
{
	return run(out, errors, argv, NULL, max, err);
}

int sk_spawn_ask(struct sk_str *out, const char *const argv[],
		 struct sk_err *err)
{
	int status;

	sk_str_clear(out);
	status = run(out, NULL, argv, NULL, 1u << 20, err);
	sk_str_rtrim(out);
	return status;
}

int sk_spawn_talk(struct sk_str *out, const struct sk_str *input,
		  const char *const argv[], size_t max, struct sk_err *err)
{
	return run(out, NULL, argv, input, max, err);
}

int sk_spawn_run(const char *path, const char *const argv[], struct sk_err *err)
{
	pid_t pid;
	int rc;

	sk_spawn_want_children();
	rc = posix_spawn(&pid, path, NULL, NULL, (char *const *)argv, environ);
	if (rc)
		return sk_fail_errno(err, rc, "cannot run '%s'", path);
	return sk_spawn_wait(pid, path, err);
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

	sk_spawn_want_children();
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
	status = sk_spawn_wait(pid, argv[0], err);
	if (status > 0)
		return sk_fail(err, SK_EFAIL, "cannot start '%s'", argv[0]);
	return status;
}
