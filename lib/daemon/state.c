/* SPDX-License-Identifier: MIT */
#include "daemon/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "daemon/hold.h"

enum { MAX_FILE = 4096, MAX_LINES = 5 };

void sk_daemon_state_free(struct sk_daemon_state *state)
{
	sk_str_wipe(&state->token);
	sk_str_free(&state->url);
	*state = (struct sk_daemon_state)SK_DAEMON_STATE_INIT;
}

static int state_path(struct sk_str *out, struct sk_err *err)
{
	return sk_home_path(out, "sync-daemon", err);
}

/* A decimal number and nothing else; 0 when it is none. */
static int64_t number(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > 18 || strspn(text, "0123456789") != len)
		return 0;
	return strtoll(text, NULL, 10);
}

/* Cut into lines, dropping empty ones. Returns how many there are. */
static size_t split(char *lines[MAX_LINES], char *text)
{
	char *rest = text, *line;
	size_t count = 0;

	while (count < MAX_LINES && (line = strsep(&rest, "\n"))) {
		if (*line)
			lines[count++] = line;
	}
	return count;
}

/*
 * Token and process id are each left out when they are unknown, which moves
 * what follows up a line; they are told apart by length, and a token by all
 * digits would still be longer than any process id.
 */
static int parse(struct sk_daemon_state *state, char *text, struct sk_err *err)
{
	char *lines[MAX_LINES];
	size_t count = split(lines, text), at = 2;
	int64_t port = count > 1 ? number(lines[1]) : 0;
	int64_t pid;

	if (port < 1 || port > 65535)
		return sk_fail(err, SK_EDATA, "the second line is no port");
	sk_str_set(&state->url, lines[0]);
	state->port = (unsigned)port;
	if (at < count && (number(lines[at]) == 0 || strlen(lines[at]) > 10))
		sk_str_set(&state->token, lines[at++]);
	pid = at < count ? number(lines[at++]) : 0;
	state->pid = pid > 0 && pid <= INT32_MAX ? (pid_t)pid : 0;
	state->start = at < count ? number(lines[at]) : 0;
	return 0;
}

int sk_daemon_state_load(struct sk_daemon_state *state, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int ret = state_path(&path, err);

	if (ret == 0)
		ret = sk_file_read_secret(&text, path.ptr, MAX_FILE, err);
	if (ret == 0 && parse(state, text.ptr, err) < 0)
		ret = sk_within(err, "'%s'", path.ptr);
	sk_str_wipe(&text);
	sk_str_free(&path);
	return ret;
}

int sk_daemon_state_save(const struct sk_daemon_state *state,
			 struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int ret = -1;

	sk_str_addf(&text, "%s\n%u\n%s\n%ld\n%lld\n", state->url.ptr,
		    state->port, state->token.ptr, (long)state->pid,
		    (long long)state->start);
	if (state_path(&path, err) == 0)
		ret = sk_file_write(path.ptr, text.ptr, text.len, 0600, err);
	sk_str_wipe(&text);
	sk_str_free(&path);
	return ret;
}

int sk_daemon_state_remove(pid_t pid, struct sk_err *err)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_str path = SK_STR_INIT;
	int ret = sk_daemon_state_load(&state, err);

	if (ret == 0 && state.pid != pid)
		ret = 1;
	if (ret == 0 && (ret = state_path(&path, err)) == 0 &&
	    unlink(path.ptr) < 0 && errno != ENOENT)
		ret = sk_fail_errno(err, errno, "cannot remove '%s'", path.ptr);
	sk_str_free(&path);
	sk_daemon_state_free(&state);
	return ret;
}

enum sk_daemon_presence sk_daemon_find(struct sk_daemon_state *state,
				       int *process, struct sk_err *err)
{
	int rc = sk_daemon_state_load(state, err);

	*process = -1;
	if (rc == 0)
		rc = sk_hold_take(process, state->pid, state->start,
				  SK_DAEMON_PROGRAM, err);
	else
		return rc < 0 ? SK_DAEMON_DAMAGED : SK_DAEMON_NONE;
	if (rc < 0)
		return SK_DAEMON_DAMAGED;
	if (rc == 0)
		return SK_DAEMON_RUNNING;
	if (!state->start && sk_hold_exists(state->pid))
		return SK_DAEMON_FOREIGN;
	return SK_DAEMON_ENDED;
}

int sk_daemon_refuse(const struct sk_daemon_state *state, struct sk_err *err)
{
	sk_fail(err, SK_EBOUNDARY,
		"another program's daemon is running as process %ld",
		(long)state->pid);
	return sk_hint(err, "end it with the program that started it, e.g."
			    " spec-kitty");
}
