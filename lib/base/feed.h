/* SPDX-License-Identifier: MIT */
/*
 * A child process that is given all it shall read at once, however much, while
 * what it says on both streams is kept.
 */
#ifndef SK_BASE_FEED_H
#define SK_BASE_FEED_H

#include "base/err.h"
#include "base/str.h"

struct sk_feed {
	const char *data;	/* its standard input; borrowed */
	size_t len;		/* 0: that is /dev/null */
	const char *const *env; /* its environment; NULL: ours */
	/* told its id before it can read a byte; NULL: nobody */
	void (*started)(void *ctx, pid_t pid);
	/* asked when it begins to read, before it has got any of the data, but
	 * line feeds that mean nothing to it; -1: it gets none, and the run
	 * has failed. NULL: nobody is asked, it gets the data alone */
	int (*wanted)(void *ctx, struct sk_err *err);
	/* what it is asked to print before it gets the rest, `more`; then
	 * `cued` is called, and -1 of it: it gets none, and the run has failed.
	 * NULL: there is no rest */
	const char *cue;
	const char *more;
	size_t more_len;
	int (*cued)(void *ctx, struct sk_err *err);
	void *ctx;
};

/*
 * Run argv[0] (searched in PATH), append what it prints to *out and what it
 * complains about to *errors, either of which may be NULL, and wait. No signal
 * is blocked in it, whatever is in us. More than `max` bytes of either are an
 * error; that it leaves input unread is none.
 *
 * Returns the exit status (128 + signal when it was killed); -1 when it could
 * not be run, printed too much, or `wanted` or `cued` says so.
 */
int sk_feed_run(struct sk_str *out, struct sk_str *errors,
		const struct sk_feed *feed, const char *const argv[],
		size_t max, struct sk_err *err) SK_NODISCARD;

#endif
