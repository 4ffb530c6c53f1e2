/* SPDX-License-Identifier: MIT */
/*
 * A process that some file names, taken hold of only when it provably is the
 * one that was meant. Ids are used again, so a number alone proves nothing: the
 * process must be this user's, have begun when the file says, and run the
 * program it should. What is held is a descriptor of the process itself, so
 * that a signal cannot reach a later one.
 */
#ifndef SK_DAEMON_HOLD_H
#define SK_DAEMON_HOLD_H

#include "base/err.h"

/*
 * Take hold of process `pid`, if it began at `start` and runs a program of the
 * name `program`, wherever that lies. *fd is owned: close() it.
 *
 * Returns 0; 1 when there is no such process (any more), or another one has its
 * id; -1 when that cannot be found out.
 */
int sk_hold_take(int *fd, pid_t pid, int64_t start, const char *program,
		 struct sk_err *err) SK_NODISCARD;

/* Whether some process has this id now, ours or not. */
bool sk_hold_exists(pid_t pid);

/* Send it SIGTERM. Returns 0, also when it has ended; -1. */
int sk_hold_ask_to_end(int fd, struct sk_err *err) SK_NODISCARD;

/* Wait up to `wait_ms` for its end. True when it has ended. */
bool sk_hold_wait(int fd, unsigned wait_ms);

#endif
