/* SPDX-License-Identifier: MIT */
#include "base/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wait.h"

extern char **environ;

/* Our ends and the child's, of its streams 0, 1 and 2; -1: closed. */
struct streams {
	int ours[3], its[3];
};

/* What is told and heard. */
struct talk {
	struct streams streams;
	const char *data; /* what is left to say */
	size_t len;
	struct sk_str *into[3]; /* by stream; 0 is none */
	size_t max;
	int (*wanted)(void *ctx, struct sk_err *err); /* NULL: not any more */
	const char *cue; /* NULL: nothing is left that waits for one */
	const struct sk_feed *feed;
	struct sk_err *err;
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

	sk_wait_prepare();
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

/*
 * A socket that is full of this has room again when somebody reads it: it is
 * as small as they come.
 */
static void fill(int fd)
{
	const int smallest = 1;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &smallest, sizeof(smallest));
	while (send(fd, "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		continue;
}

/* Say what it takes of the rest without waiting; all said: hang up. */
static int say(struct talk *talk)
{
	int *fd = &talk->streams.ours[0];
	ssize_t n = 0;

	if (talk->wanted && talk->wanted(talk->feed->ctx, talk->err) < 0)
		return -1;
	talk->wanted = NULL;
	if (talk->len)
		n = send(*fd, talk->data, talk->len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0) {
		talk->data += n;
		talk->len -= (size_t)n;
	}
	if ((talk->len == 0 && !talk->cue) ||
	    (n < 0 && errno != EINTR && errno != EAGAIN))
		close_end(fd);
	return 0;
}

/* The rest, once it has printed what that waits for. */
static int take_cue(struct talk *talk)
{
	const struct sk_feed *feed = talk->feed;

	if (!talk->cue || talk->len || !strstr(talk->into[1]->ptr, talk->cue))
		return 0;
	talk->cue = NULL;
	talk->data = feed->more;
	talk->len = feed->more_len;
	return feed->cued(feed->ctx, talk->err);
}

/* Hear what there is. */
static int hear(struct talk *talk, int i, const char *name)
{
	struct sk_str *into = talk->into[i];
	char buf[16384];
	ssize_t n = read(talk->streams.ours[i], buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		close_end(&talk->streams.ours[i]);
	else if (into)
		sk_str_add(into, buf, (size_t)n);
	if (into && into->len > talk->max)
		return sk_fail(talk->err, SK_EDATA,
			       "'%s' printed more than %zu bytes", name,
			       talk->max);
	return i == 1 ? take_cue(talk) : 0;
}

/* Until it has closed its output. */
static int talk_on(struct talk *talk, const char *name)
{
	int rc = 0, *fds = talk->streams.ours;

	while (rc == 0 && (fds[1] >= 0 || fds[2] >= 0)) {
		struct pollfd watch[3];

		for (int i = 0; i < 3; i++)
			watch[i] = (struct pollfd){fds[i], i ? POLLIN : POLLOUT,
						   0};
		if (talk->cue && !talk->len) /* the word is with it */
			watch[0].fd = -1;
		if (poll(watch, 3, -1) < 0) {
			if (errno != EINTR)
				return sk_fail_errno(talk->err, errno,
						     "cannot hear '%s'", name);
			continue;
		}
		/* nobody wants it who has gone */
		if (watch[0].revents & (POLLERR | POLLHUP))
			close_end(&fds[0]);
		else if (watch[0].revents)
			rc = say(talk);
		for (int i = 1; i < 3 && rc == 0; i++) {
			if (watch[i].revents)
				rc = hear(talk, i, name);
		}
	}
	return rc;
}

int sk_feed_run(struct sk_str *out, struct sk_str *errors,
		const struct sk_feed *feed, const char *const argv[],
		size_t max, struct sk_err *err)
{
	struct talk talk = {
		.data = feed->data,
		.len = feed->len,
		.into = {NULL, out, errors},
		.max = max,
		.wanted = feed->wanted,
		.cue = feed->cue,
		.feed = feed,
		.err = err,
	};
	struct sk_err ignored = {0};
	int rc, status;
	pid_t pid;

	if (open_streams(&talk.streams, feed->len == 0, err) < 0)
		return -1;
	if (feed->wanted)
		fill(talk.streams.ours[0]);
	rc = spawn(&pid, argv, feed->env, &talk.streams);
	for (int i = 0; i < 3; i++)
		close_end(&talk.streams.its[i]);
	if (rc) {
		close_all(&talk.streams);
		return sk_fail_errno(err, rc, "cannot run '%s'", argv[0]);
	}
	if (feed->started)
		feed->started(feed->ctx, pid);
	rc = talk_on(&talk, argv[0]);
	close_all(&talk.streams);
	status = sk_wait(pid, argv[0], rc < 0 ? &ignored : err);
	return rc < 0 ? -1 : status;
}
