/* SPDX-License-Identifier: MIT */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/wait.h"

extern char **environ;

/* Ours and what is added, which comes first: the first one counts. */
static const char **join_environment(const char *const env[])
{
	size_t ours = 0, added = 0, count;
	const char **all;

	while (environ[ours])
		ours++;
	while (env[added])
		added++;
	all = sk_calloc(ours + added + 1, sizeof(*all));
	memcpy(all, env, added * sizeof(*all));
	count = added;
	for (size_t i = 0; i < ours; i++) {
		size_t len = strcspn(environ[i], "=") + 1;
		bool replaced = false;

		for (size_t k = 0; k < added && !replaced; k++)
			replaced = strncmp(environ[i], env[k], len) == 0;
		if (!replaced)
			all[count++] = environ[i];
	}
	return all;
}

int sk_child_start(struct sk_child *child, const char *const argv[],
		   const char *const env[], struct sk_err *err)
{
	const char **all = join_environment(env);
	posix_spawn_file_actions_t acts;
	int ends[2], rc;

	child->pid = 0;
	/* a socket and no pipe: writing to one that nobody reads is an error
	 * of this call, not the end of the process */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		sk_fail_errno(err, errno, "cannot make a socket");
		free(all);
		return -1;
	}
	sk_wait_prepare();
	posix_spawn_file_actions_init(&acts);
	posix_spawn_file_actions_adddup2(&acts, ends[1], 0);
	posix_spawn_file_actions_adddup2(&acts, ends[1], 1);
	if (!child->talks)
		posix_spawn_file_actions_addopen(&acts, 2, "/dev/null",
						 O_WRONLY, 0);
	rc = posix_spawnp(&child->pid, argv[0], &acts, NULL,
			  (char *const *)argv, (char *const *)all);
	posix_spawn_file_actions_destroy(&acts);
	free(all);
	close(ends[1]);
	if (rc) {
		close(ends[0]);
		child->pid = 0;
		return sk_fail_errno(err, rc, "cannot run '%s'", argv[0]);
	}
	child->fd = ends[0];
	return 0;
}

int sk_child_send(const struct sk_child *child, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(child->fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int sk_child_receive(const struct sk_child *child, struct sk_str *out)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(child->fd, buf, sizeof(buf))) < 0 && errno == EINTR)
		;
	if (n > 0)
		sk_str_add(out, buf, (size_t)n);
	return n > 0 ? 0 : (n == 0 ? 1 : -1);
}

void sk_child_hang_up(const struct sk_child *child)
{
	shutdown(child->fd, SHUT_WR);
}

int sk_child_stop(struct sk_child *child)
{
	struct sk_err ignored = {0};
	int status;

	if (!child->pid)
		return 0;
	close(child->fd);
	status = sk_wait(child->pid, "the child", &ignored);
	child->pid = 0;
	return status;
}
