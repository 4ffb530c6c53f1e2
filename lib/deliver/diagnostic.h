/* SPDX-License-Identifier: MIT */
/*
 * The `sync_diagnostic` line, the one thing that a final sync may say: a single
 * line for scripts to read, about a sync that failed behind a command that
 * succeeded. This is its only writer. Each code is said once by a process.
 */
#ifndef SK_DELIVER_DIAGNOSTIC_H
#define SK_DELIVER_DIAGNOSTIC_H

#include "base/err.h"
#include "base/str.h"
#include "deliver/report.h"

/* A code is used where it is true, never as the next best. */
enum sk_diagnostic {
	SK_DIAG_LOCK_UNAVAILABLE, /* the queue or the lease cannot be locked */
	SK_DIAG_REFRESH_IN_PROGRESS,
	SK_DIAG_WEBSOCKET_OFFLINE,	/* known to readers; we have none */
	SK_DIAG_EVENT_LOOP_UNAVAILABLE, /* known to readers; we have none */
	SK_DIAG_SERVER_AUTH_FAILURE,
	SK_DIAG_MISSING_PRIVATE_TEAM,
	SK_DIAG_SENDER_UNAVAILABLE, /* it cannot be started */
	SK_DIAG_NETWORK_UNAVAILABLE,
	SK_DIAG_SERVER_ERROR,
	SK_DIAG_SERVER_THROTTLED,
	SK_DIAG_SERVER_MISCONFIGURED,
	SK_DIAG_BATCH_REFUSED, /* the server wants none of it, even in parts */
	SK_DIAG_EVENTS_REJECTED,
	SK_DIAG_QUEUE_UNAVAILABLE,
	SK_DIAG_BOUNDARY_REFUSED,
};

#define SK_DIAG_COUNT (SK_DIAG_BOUNDARY_REFUSED + 1)

/* Where the lines go, and which codes have been said; zeroed at the start. */
struct sk_diagnostics {
	bool to_log; /* sync/flush.log of the home folder, else stderr */
	unsigned said;
};

/* The code for a run that ended early or left failures behind. */
enum sk_diagnostic sk_diagnostic_of_report(const struct sk_report *report);

/* The code for a run that did not take place. */
enum sk_diagnostic sk_diagnostic_of_error(const struct sk_err *err);

/* Append the line, with its newline; line ends in `text` are folded. */
void sk_diagnostic_format(struct sk_str *out, enum sk_diagnostic code,
			  const char *text);

/* Write the line unless this code was said before. Never fails visibly. */
void sk_diagnostic_say(struct sk_diagnostics *said, enum sk_diagnostic code,
		       const char *text);

#endif
