/* SPDX-License-Identifier: MIT */
/*
 * One round of sending by a daemon: everything that `git sk-sync flush` does,
 * with the lease held for this round alone, so that others can send in between.
 */
#ifndef SK_DAEMON_FLUSH_H
#define SK_DAEMON_FLUSH_H

#include <signal.h>

#include "base/err.h"
#include "base/str.h"
#include "git/config.h"

struct sk_daemon_flush {
	unsigned port;			   /* for the owner record */
	const char *token;		   /* likewise */
	const volatile sig_atomic_t *stop; /* end after the batch in flight */
	const struct sk_config *config;	   /* as of this round */
};

struct sk_daemon_result {
	bool has_tried;	   /* else there was nothing to do, or no leave yet */
	bool has_failed;   /* something stands in the way of sending */
	int64_t delivered; /* events that the server has because of this */
	int64_t next_ms; /* when a failed round may be repeated; 0: any time */
	struct sk_str text; /* one line for the log; "" for nothing to say */
};

#define SK_DAEMON_RESULT_INIT                                                  \
	{                                                                      \
		false, false, 0, 0, SK_STR_INIT                                \
	}

/*
 * Send what can be sent now. Never fails: *result, initialised, says what came
 * of it. Waits for the server.
 */
void sk_daemon_flush(const struct sk_daemon_flush *orders,
		     struct sk_daemon_result *result);

#endif
