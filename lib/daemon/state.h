/* SPDX-License-Identifier: MIT */
/*
 * The file by which a daemon is found, `sync-daemon` in the home folder, 0600:
 * a line each for URL, port, token and process id, as spec-kitty's own daemon
 * writes it, and a fifth for when the process began, which only ours has.
 * It is written whole or not at all, and says nothing about whether the process
 * still runs: sk_daemon_find() does.
 */
#ifndef SK_DAEMON_STATE_H
#define SK_DAEMON_STATE_H

#include "base/err.h"
#include "base/str.h"

/* Hexadecimal digits of a token. */
#define SK_DAEMON_TOKEN_LEN 32

/* The program that runs as a daemon. */
#define SK_DAEMON_PROGRAM "git-sk-daemon"

struct sk_daemon_state {
	struct sk_str url; /* "http://127.0.0.1:9400" */
	unsigned port;
	struct sk_str token; /* "" when the file has none */
	pid_t pid;	     /* 0 when the file has none */
	int64_t start;	     /* see hold.h; 0: another program's, not ours */
};

#define SK_DAEMON_STATE_INIT                                                   \
	{                                                                      \
		SK_STR_INIT, 0, SK_STR_INIT, 0, 0                              \
	}

/* Overwrite the token in memory, then release it. */
void sk_daemon_state_free(struct sk_daemon_state *state);

/*
 * Read the file; lines that are missing leave their field empty.
 * Returns 0; 1 when there is none; -1 with SK_EDATA when it makes no sense or
 * others can read it.
 */
int sk_daemon_state_load(struct sk_daemon_state *state,
			 struct sk_err *err) SK_NODISCARD;

/* Replace the file. Returns 0 or -1. */
int sk_daemon_state_save(const struct sk_daemon_state *state,
			 struct sk_err *err) SK_NODISCARD;

/* Remove the file, if it names this process id. Returns 0; 1; -1. */
int sk_daemon_state_remove(pid_t pid, struct sk_err *err) SK_NODISCARD;

enum sk_daemon_presence {
	SK_DAEMON_NONE,	   /* no file */
	SK_DAEMON_RUNNING, /* provably ours: *process holds it */
	SK_DAEMON_ENDED,   /* the file's process is gone */
	SK_DAEMON_FOREIGN, /* another program's daemon, and it lives */
	SK_DAEMON_DAMAGED, /* the file makes no sense; *err says how */
};

/*
 * Read the file and look whether its process runs. *process is -1 or owned,
 * close() it. Returns the answer; *err is filled for DAMAGED alone.
 */
enum sk_daemon_presence sk_daemon_find(struct sk_daemon_state *state,
				       int *process, struct sk_err *err);

/* Say that a FOREIGN daemon is in the way: SK_EBOUNDARY. Returns -1. */
int sk_daemon_refuse(const struct sk_daemon_state *state, struct sk_err *err);

#endif
