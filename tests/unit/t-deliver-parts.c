/* SPDX-License-Identifier: MIT */
/* The pure parts of delivery: waits, stored bytes, diagnostics, the report. */
#include "capture/overdue.h"
#include "command/summary.h"
#include "deliver/backoff.h"
#include "deliver/diagnostic.h"
#include "deliver/start.h"
#include "deliver/stored.h"
#include "outbox/backlog.h"
#include "tests/unit/box.h"

static void test_backoff(void)
{
	int64_t most = sk_backoff_wait_ms(1, -1, SK_BACKOFF_BASE_MS);

	ok(sk_backoff_wait_ms(1, -1, 0) == 0 && most == SK_BACKOFF_BASE_MS,
	   "backoff: full jitter, from nothing to the whole window");
	ok(sk_backoff_wait_ms(3, -1, 4 * SK_BACKOFF_BASE_MS) ==
		   4 * SK_BACKOFF_BASE_MS,
	   "backoff: the window doubles with each failure");
	ok(sk_backoff_wait_ms(100000, -1, SK_BACKOFF_CAP_MS) ==
		   SK_BACKOFF_CAP_MS,
	   "backoff: the window has a cap, whatever the failures");
	ok(sk_backoff_wait_ms(1, 120, 7) == 120007,
	   "backoff: Retry-After is a minimum, with jitter on top");
	ok(sk_backoff_wait_ms(1, INT64_MAX, 0) == SK_RETRY_AFTER_CAP_S * 1000,
	   "backoff: Retry-After has a cap");
	ok(sk_backoff_wait_ms(1, -5, 0) == 0,
	   "backoff: a negative Retry-After is none");
}

static void test_stored(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"{\"a\": 1}", "{\"a\": 1}"},
		{"{\"drain_blocked_reason\": null}", "{}"},
		{"{\"drain_blocked_reason\": \"x\", \"a\": 1}", "{\"a\": 1}"},
		{"{\"a\": 1, \"drain_blocked_reason\": {\"b\": [\"}\"]}}",
		 "{\"a\": 1}"},
		{"{ \"a\" : 1 , \"drain_blocked_reason\" : 1 , \"b\" : 2 }",
		 "{ \"a\" : 1, \"b\" : 2 }"},
		{"{\"p\": {\"drain_blocked_reason\": 1}}",
		 "{\"p\": {\"drain_blocked_reason\": 1}}"},
		{"{\"a\": \"drain_blocked_reason\"}",
		 "{\"a\": \"drain_blocked_reason\"}"},
		{"{\"a\\\"\": \"\\\\\", \"drain_blocked_reason\": 1}",
		 "{\"a\\\"\": \"\\\\\"}"},
	};
	struct sk_str out = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		sk_str_clear(&out);
		sk_stored_add(&out, rows[i].in, strlen(rows[i].in));
		is(out.ptr, rows[i].out, rows[i].in);
	}
	sk_str_free(&out);
}

static void test_check(void)
{
	static const struct {
		const char *data;
		int rc;
	} rows[] = {
		{"{\"event_id\": \"x1\"}", 0},
		{"  {\"n\": 1 ,\t\"event_id\" :\"x1\" } ", 0},
		{"{\"event\\u005fid\": \"x\\u0031\"}", 0},
		{"{\"payload\": {\"event_id\": \"x1\"}}", -1},
		{"{\"event_id\": \"x2\"}", -1},
		{"{\"event_id\": 1}", -1},
		{"[\"event_id\", \"x1\"]", -1},
		{"\"x1\"", -1},
		{"", -1},
		{"{\"event_id\": \"x1\"", -1},
		{"{\"event_id\": \"x1\"} x", -1},
		{"{\"event_id\": \"x1\", \"n\": 9007199254740993}", -1},
		{"{\"event_id\": \"x1\", \"t\": \"\xff\"}", -1},
	};

	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		struct sk_err err = {0};
		int rc = sk_stored_check(rows[i].data, strlen(rows[i].data),
					 "x1", &err);

		ok(rc == rows[i].rc && (rc == 0 || err.msg[0]),
		   "stored: %s is %s", rows[i].data,
		   rows[i].rc ? "no event" : "an event");
	}
}

static void test_diagnostics(void)
{
	static const struct {
		enum sk_diagnostic code;
		const char *name;
	} codes[] = {
		{SK_DIAG_LOCK_UNAVAILABLE, "sync.final_sync_lock_unavailable"},
		{SK_DIAG_REFRESH_IN_PROGRESS, "sync.auth_refresh_in_progress"},
		{SK_DIAG_WEBSOCKET_OFFLINE, "sync.websocket_offline"},
		{SK_DIAG_EVENT_LOOP_UNAVAILABLE, "sync.event_loop_unavailable"},
		{SK_DIAG_SERVER_AUTH_FAILURE, "sync.server_auth_failure"},
		{SK_DIAG_MISSING_PRIVATE_TEAM,
		 "sync.direct_ingress_missing_private_team"},
		{SK_DIAG_SENDER_UNAVAILABLE, "sync.sender_unavailable"},
		{SK_DIAG_NETWORK_UNAVAILABLE, "sync.network_unavailable"},
		{SK_DIAG_SERVER_ERROR, "sync.server_error"},
		{SK_DIAG_SERVER_THROTTLED, "sync.server_throttled"},
		{SK_DIAG_SERVER_MISCONFIGURED, "sync.server_misconfigured"},
		{SK_DIAG_BATCH_REFUSED, "sync.batch_refused"},
		{SK_DIAG_EVENTS_REJECTED, "sync.events_rejected"},
		{SK_DIAG_QUEUE_UNAVAILABLE, "sync.queue_unavailable"},
		{SK_DIAG_BOUNDARY_REFUSED, "sync.identity_boundary_refused"},
	};
	struct sk_str line = SK_STR_INIT;
	struct sk_report report = SK_REPORT_INIT;
	struct sk_err err = {.code = SK_EBUSY};

	sk_diagnostic_format(&line, SK_DIAG_NETWORK_UNAVAILABLE,
			     "one\ntwo\x1b");
	is(line.ptr,
	   "sync_diagnostic severity=warning"
	   " diagnostic_code=sync.network_unavailable fatal=false"
	   " sync_phase=final_sync message=one two\\x1b\n",
	   "diagnostic: one line, whatever the text");
	ok(SK_COUNTOF(codes) == SK_DIAG_COUNT, "diagnostic: all have names");
	for (size_t i = 0; i < SK_COUNTOF(codes); i++) {
		struct sk_str want = SK_STR_INIT;

		sk_str_addf(&want, " diagnostic_code=%s ", codes[i].name);
		sk_str_clear(&line);
		sk_diagnostic_format(&line, codes[i].code, "x");
		ok(strstr(line.ptr, want.ptr) != NULL,
		   "diagnostic: a code has the name that scripts know");
		sk_str_free(&want);
	}
	sk_report_hold_back(&report, SK_CAT_RETRYABLE_TRANSPORT,
			    "blocked clock rows withheld auth token");
	ok(sk_diagnostic_of_report(&report) == SK_DIAG_NETWORK_UNAVAILABLE,
	   "diagnostic: the code comes from the cause, not from words");
	ok(sk_diagnostic_of_error(&err) == SK_DIAG_LOCK_UNAVAILABLE,
	   "diagnostic: a lock is named only when it was one");
	sk_report_free(&report);
	sk_str_free(&line);
}

static void test_report(void)
{
	struct sk_report report = SK_REPORT_INIT;
	struct sk_str text = SK_STR_INIT;

	report.want_failures = true;
	sk_report_fail(&report, "a", SK_CAT_UNKNOWN, "odd");
	sk_report_fail(&report, "b", SK_CAT_SERVER_ERROR, "one");
	sk_report_fail(&report, "c", SK_CAT_SERVER_ERROR, "two");
	sk_report_fail(&report, "d", SK_CAT_SERVER_ERROR, "one");
	sk_summary_add_text(&text, &report);
	ok(strstr(text.ptr, "server_error: 3") < strstr(text.ptr, "unknown: 1"),
	   "summary: the most frequent category comes first");
	ok(report.text_count == 3, "report: each reason is kept once");
	ok(report.failure_count == 4 &&
		   strcmp(report.failures[3].error, "one") == 0,
	   "report: each failure has its own reason");
	sk_report_free(&report);
	sk_str_free(&text);
}

static void test_flush_setting(void)
{
	struct sk_err err = {0};
	enum sk_flush how;

	ok(sk_flush_parse(&how, "foreground", &err) == 0 &&
		   how == SK_FLUSH_FOREGROUND,
	   "sk.flush: foreground");
	ok(sk_flush_parse(&how, "of", &err) < 0 && err.hint[0],
	   "sk.flush: a typing error is named, with what there is");
}

static void test_overdue(struct fixture *fx)
{
	struct sk_outbox *box = must_open(fx, fixture_path(fx, "overdue.db"));
	struct sk_str line = SK_STR_INIT;
	int64_t day = SK_OVERDUE_AFTER_S;

	ok(sk_overdue_notice(&line, box, 100 + day, &fx->err) == 1,
	   "overdue: an empty queue is none");
	add_one(fx, box, "e1", "{}");
	ok(sk_overdue_notice(&line, box, 99 + day, &fx->err) == 1,
	   "overdue: not within the first day");
	ok(sk_overdue_notice(&line, box, 100 + day, &fx->err) == 0 &&
		   strncmp(line.ptr, "1 event has", 11) == 0,
	   "overdue: said after a day");
	ok(sk_overdue_notice(&line, box, 99 + 2 * day, &fx->err) == 1,
	   "overdue: and not again that day");
	ok(sk_overdue_notice(&line, box, 100 + 2 * day, &fx->err) == 0,
	   "overdue: but the next");
	sk_str_free(&line);
	sk_outbox_close(box);
}

static void test_backlog(struct fixture *fx)
{
	setenv("GIT_SK_HOME", fixture_path(fx, "home"), 1);
	ok(!sk_backlog_due(5000) && sk_backlog_clear(&fx->err) == 0,
	   "backlog: no marker, nothing due");
	ok(sk_backlog_mark(5000, &fx->err) == 0 && sk_backlog_due(5000) &&
		   !sk_backlog_due(4999),
	   "backlog: due from the marked time on");
	ok(sk_backlog_clear(&fx->err) == 0 && !sk_backlog_due(5000),
	   "backlog: cleared");
}

int main(void)
{
	struct fixture fx = FIXTURE_INIT;

	fixture_start(&fx);
	test_backoff();
	test_stored();
	test_check();
	test_diagnostics();
	test_report();
	test_flush_setting();
	test_overdue(&fx);
	test_backlog(&fx);
	fixture_end(&fx);
	return done_testing();
}
