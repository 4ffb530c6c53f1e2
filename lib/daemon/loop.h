/* SPDX-License-Identifier: MIT */
/*
 * The daemon itself: it sends when asked to, and every so often by itself, and
 * otherwise waits, holding neither lease nor repository nor folder. It can be
 * killed at any time: the queue is the truth, and the next sender goes on.
 */
#ifndef SK_DAEMON_LOOP_H
#define SK_DAEMON_LOOP_H

#include "base/err.h"

/* Seconds between rounds nobody asked for, unless sk.daemonInterval says. */
#define SK_DAEMON_INTERVAL_S 300

/* Its log in the home folder. */
#define SK_DAEMON_LOG "sync-daemon.log"

enum sk_daemon_end {
	SK_DAEMON_ASKED,    /* by signal or request */
	SK_DAEMON_REPLACED, /* another version of the program is there now */
	SK_DAEMON_TAKEN,    /* another daemon runs, or took over */
};

/*
 * Be the daemon, in this process, until the end. `said` is called once, when
 * requests are being answered. Changes the environment and the working folder
 * of the process to what a daemon needs, so that it depends on nothing of who
 * started it.
 *
 * Returns 0 with *end set; -1 with SK_EBOUNDARY when another program's daemon
 * is running, SK_EFAIL when it cannot start.
 */
typedef void sk_daemon_said_fn(const char *url, pid_t pid);
int sk_daemon_run(enum sk_daemon_end *end, sk_daemon_said_fn *said,
		  struct sk_err *err) SK_NODISCARD;

#endif
