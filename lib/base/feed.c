/* SPDX-License-Identifier: MIT */
#include "base/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/spawn.h"

extern char **environ;

/* Our ends and the child's, of its streams 0, 1 and 2; -1: closed. */
struct streams {
	int ours[3], its[3];
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_all(struct streams *streams)
{
	for (int i = 0; i < 3; i++) {
		close_end(&streams->ours[i]);
		close_end(&streams->its[i]);
	}
}

/*
 * Its input is a socket and no pipe: writing to one that nobody reads is an
 * error of the call, not the end of the process. Where there is none to read it
 * is no socket: bash would take us for a remote shell.
 */
static int open_input(int ends[2], bool is_empty)
{
	if (!is_empty)
		return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
	ends[0] = -1;
	ends[1] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return ends[1] < 0 ? -1 : 0;
}

static int open_streams(struct streams *streams, bool is_empty,
			struct sk_err *err)
{
	int ends[2], rc = 0;

	*streams = (struct streams){{-1, -1, -1}, {-1, -1, -1}};
	for (int i = 0; i < 3 && rc == 0; i++) {
		rc = i == 0 ? open_input(ends, is_empty)
			    : pipe2(ends, O_CLOEXEC);
		if (rc == 0) {
			streams->ours[i] = ends[0];
			streams->its[i] = ends[1];
		}
	}
	if (rc == 0)
		return 0;
	sk_fail_errno(err, errno, "cannot make a pipe");
	close_all(streams);
	return -1;
}

static int spawn(pid_t *pid, const char *const argv[], const char *const *env,
		 const struct streams *streams)
{
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attr;
	sigset_t none;
	int rc;

	sk_spawn_want_children();
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&acts);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&acts, streams->its[i], i);
	rc = posix_spawnp(pid, argv[0], &acts, &attr, (char *const *)argv,
			  env ? (char *const *)env : environ);
	posix_spawn_file_actions_destroy(&acts);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* Say what it takes of the rest without waiting; all said: hang up. */
static void say(int *fd, const char **data, size_t *len)
{
	ssize_t n =
		*len ? send(*fd, *data, *len, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;

	if (n > 0) {
		*data += n;
		*len -= (size_t)n;
	}
	if (*len == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		close_end(fd);
}

/* Hear what there is. Returns 0, or 1 past `max`. */
static int hear(int *fd, struct sk_str *into, size_t max)
{
	char buf[16384];
	ssize_t n = read(*fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		close_end(fd);
	else if (into)
		sk_str_add(into, buf, (size_t)n);
	return into && into->len > max;
}

/* Until it has closed its output. Returns 0, or 1 past `max`. */
static int talk(struct streams *streams, const struct sk_feed *feed,
		struct sk_str *into[3], size_t max)
{
	const char *data = feed->data;
	size_t len = feed->len;
	int over = 0;

	while (!over && (streams->ours[1] >= 0 || streams->ours[2] >= 0)) {
		struct pollfd watch[3];

		for (int i = 0; i < 3; i++)
			watch[i] = (struct pollfd){streams->ours[i],
						   i ? POLLIN : POLLOUT, 0};
		if (poll(watch, 3, -1) < 0) {
			if (errno != EINTR)
				return 1;
			continue;
		}
		if (watch[0].revents)
			say(&streams->ours[0], &data, &len);
		for (int i = 1; i < 3 && !over; i++) {
			if (watch[i].revents)
				over = hear(&streams->ours[i], into[i], max);
		}
	}
	return over;
}

int sk_feed_run(struct sk_str *out, struct sk_str *errors,
		const struct sk_feed *feed, const char *const argv[],
		size_t max, struct sk_err *err)
{
	struct streams streams;
	int rc, over, status;
	pid_t pid;

	if (open_streams(&streams, feed->len == 0, err) < 0)
		return -1;
	rc = spawn(&pid, argv, feed->env, &streams);
	for (int i = 0; i < 3; i++)
		close_end(&streams.its[i]);
	if (rc) {
		close_all(&streams);
		return sk_fail_errno(err, rc, "cannot run '%s'", argv[0]);
	}
	if (feed->started)
		feed->started(feed->ctx, pid);
	over = talk(&streams, feed, (struct sk_str *[]){NULL, out, errors},
		    max);
	close_all(&streams);
	status = sk_spawn_wait(pid, argv[0], err);
	if (over)
		return sk_fail(err, SK_EDATA,
			       "'%s' printed more than %zu bytes", argv[0],
			       max);
	return status;
}
