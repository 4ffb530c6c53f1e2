/* SPDX-License-Identifier: MIT */
/*
 * A daemon seen from outside: start it, ask how it is, end it. Nothing here
 * signals a process that is not provably ours.
 */
#ifndef SK_DAEMON_MANAGE_H
#define SK_DAEMON_MANAGE_H

#include "daemon/state.h"

/*
 * Start the daemon in the background unless it runs, and wait until it can be
 * found, ten seconds at most. *state is filled in either case. Calls
 * sk_daemon_detach(), for what is started inherits it, and makes this process
 * the parent of what its children leave behind, whose ends it collects: for
 * programs of one thread that wait for no child of their own meanwhile.
 *
 * Returns 0; 1 when it was running already; -1 with SK_EBOUNDARY when another
 * program's daemon is, SK_EFAIL when it ended at once or does not answer.
 */
int sk_daemon_start(struct sk_daemon_state *state,
		    struct sk_err *err) SK_NODISCARD;

/*
 * End the daemon: ask on its port, then with SIGTERM; both let it finish the
 * batch in flight. Waits ten seconds at most. What a killed one left behind is
 * cleared away. *pid, when not 0, is the process there was.
 *
 * Returns 0 when it has ended; 1 when none was running; -1 with SK_EBOUNDARY
 * for another program's daemon, which is left alone, SK_EBUSY when it has not
 * ended yet, SK_EFAIL.
 */
int sk_daemon_stop(pid_t *pid, struct sk_err *err) SK_NODISCARD;

/* What a daemon says of itself. */
struct sk_daemon_health {
	struct sk_str version;
	struct sk_str last_sync; /* as in documents; "" = not yet */
	int64_t failures;	 /* in a row */
	bool is_sending;
};

#define SK_DAEMON_HEALTH_INIT                                                  \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, 0, false                             \
	}

/* Release what it holds. */
void sk_daemon_health_free(struct sk_daemon_health *health);

/*
 * Ask a running daemon; waits two seconds at most. Returns 0; -1 with SK_ENET
 * when it does not answer, SK_EDATA when not like one of ours.
 */
int sk_daemon_ask(struct sk_daemon_health *health,
		  const struct sk_daemon_state *state,
		  struct sk_err *err) SK_NODISCARD;

#endif
