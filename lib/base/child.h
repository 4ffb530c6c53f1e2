/* SPDX-License-Identifier: MIT */
/* A process that answers questions as long as it is asked. */
#ifndef SK_BASE_CHILD_H
#define SK_BASE_CHILD_H

#include "base/err.h"
#include "base/str.h"

struct sk_child {
	pid_t pid;  /* 0: not started */
	int fd;	    /* its standard input and output */
	bool talks; /* to be set before: its standard error is ours */
};

/*
 * Start argv[0] (searched in PATH) with our environment and what `env`, ended
 * by NULL, adds to it ("NAME=value"). Its standard error is dropped, unless
 * child->talks. *child is owned: sk_child_stop(). Returns 0 or -1.
 */
int sk_child_start(struct sk_child *child, const char *const argv[],
		   const char *const env[], struct sk_err *err) SK_NODISCARD;

/* Say something to it. Returns 0; -1 when it does not listen any more. */
int sk_child_send(const struct sk_child *child, const char *data,
		  size_t len) SK_NODISCARD;

/* Append what it says next, waiting for it. Returns 0; 1 at the end; -1. */
int sk_child_receive(const struct sk_child *child,
		     struct sk_str *out) SK_NODISCARD;

/* Say that there is nothing more to say; it may go on answering. */
void sk_child_hang_up(const struct sk_child *child);

/*
 * End the conversation and wait until it is gone. Accepts one not started.
 * Returns its exit status (128 + signal when it was killed), 0 for that one; -1
 * when there is none to learn.
 */
int sk_child_stop(struct sk_child *child);

#endif
