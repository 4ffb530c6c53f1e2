/* SPDX-License-Identifier: MIT */
#include "deliver/diagnostic.h"

#include <string.h>
#include <unistd.h>

#include "base/trace.h"
#include "deliver/flushlog.h"

enum { MAX_TEXT = 1024 };

static const char *const codes[] = {
	[SK_DIAG_LOCK_UNAVAILABLE] = "sync.final_sync_lock_unavailable",
	[SK_DIAG_REFRESH_IN_PROGRESS] = "sync.auth_refresh_in_progress",
	[SK_DIAG_WEBSOCKET_OFFLINE] = "sync.websocket_offline",
	[SK_DIAG_EVENT_LOOP_UNAVAILABLE] = "sync.event_loop_unavailable",
	[SK_DIAG_SERVER_AUTH_FAILURE] = "sync.server_auth_failure",
	[SK_DIAG_MISSING_PRIVATE_TEAM] =
		"sync.direct_ingress_missing_private_team",
	[SK_DIAG_SENDER_UNAVAILABLE] = "sync.sender_unavailable",
	[SK_DIAG_NETWORK_UNAVAILABLE] = "sync.network_unavailable",
	[SK_DIAG_SERVER_ERROR] = "sync.server_error",
	[SK_DIAG_SERVER_THROTTLED] = "sync.server_throttled",
	[SK_DIAG_SERVER_MISCONFIGURED] = "sync.server_misconfigured",
	[SK_DIAG_BATCH_REFUSED] = "sync.batch_refused",
	[SK_DIAG_EVENTS_REJECTED] = "sync.events_rejected",
	[SK_DIAG_QUEUE_UNAVAILABLE] = "sync.queue_unavailable",
	[SK_DIAG_BOUNDARY_REFUSED] = "sync.identity_boundary_refused",
};

_Static_assert(SK_COUNTOF(codes) == SK_DIAG_COUNT, "one name a code");

enum sk_diagnostic sk_diagnostic_of_report(const struct sk_report *report)
{
	if (report->is_refreshing)
		return SK_DIAG_REFRESH_IN_PROGRESS;
	switch (report->queued_category) {
	case SK_CAT_AUTH_EXPIRED:
	case SK_CAT_UNAUTHENTICATED:
	case SK_CAT_UNAUTHORIZED:
		return SK_DIAG_SERVER_AUTH_FAILURE;
	case SK_CAT_MISSING_PRIVATE_TEAM:
		return SK_DIAG_MISSING_PRIVATE_TEAM;
	case SK_CAT_RETRYABLE_TRANSPORT:
		return SK_DIAG_NETWORK_UNAVAILABLE;
	case SK_CAT_THROTTLED:
		return SK_DIAG_SERVER_THROTTLED;
	case SK_CAT_MISCONFIGURED:
		return SK_DIAG_SERVER_MISCONFIGURED;
	case SK_CAT_SERVER_ERROR:
		return SK_DIAG_SERVER_ERROR;
	case SK_CAT_SCHEMA_MISMATCH:
	case SK_CAT_OVERSIZED_BATCH:
	case SK_CAT_OVERSIZED_EVENT:
	case SK_CAT_UNKNOWN:
		return SK_DIAG_BATCH_REFUSED;
	case SK_CAT_NONE:
		break;
	}
	return SK_DIAG_EVENTS_REJECTED;
}

enum sk_diagnostic sk_diagnostic_of_error(const struct sk_err *err)
{
	switch (err->code) {
	case SK_EBUSY:
		return SK_DIAG_LOCK_UNAVAILABLE;
	case SK_EBOUNDARY:
		return SK_DIAG_BOUNDARY_REFUSED;
	case SK_EAUTH:
		return SK_DIAG_SERVER_AUTH_FAILURE;
	case SK_ENET:
		return SK_DIAG_NETWORK_UNAVAILABLE;
	case SK_EUSAGE:
		return SK_DIAG_SERVER_MISCONFIGURED;
	default:
		return SK_DIAG_QUEUE_UNAVAILABLE;
	}
}

void sk_diagnostic_format(struct sk_str *out, enum sk_diagnostic code,
			  const char *text)
{
	struct sk_str folded = SK_STR_INIT;

	for (; *text; text++) {
		bool fold = *text == '\n' || *text == '\r' || *text == '\t';

		sk_str_putc(&folded, fold ? ' ' : *text);
	}
	sk_str_addf(out,
		    "sync_diagnostic severity=warning diagnostic_code=%s"
		    " fatal=false sync_phase=final_sync message=",
		    codes[code]);
	sk_str_add_visible(out, folded.ptr, folded.len, MAX_TEXT);
	sk_str_putc(out, '\n');
	sk_str_free(&folded);
}

void sk_diagnostic_say(struct sk_diagnostics *said, enum sk_diagnostic code,
		       const char *text)
{
	struct sk_str line = SK_STR_INIT;

	if (said->said & 1u << code)
		return;
	said->said |= 1u << code;
	sk_diagnostic_format(&line, code, text);
	if (said->to_log)
		sk_flushlog_add(line.ptr, line.len);
	else if (write(STDERR_FILENO, line.ptr, line.len) < 0)
		sk_trace("hook", "no standard error for a diagnostic");
	sk_str_free(&line);
}
