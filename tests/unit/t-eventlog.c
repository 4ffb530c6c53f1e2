/* SPDX-License-Identifier: MIT */
/* Event logs: which lines are transitions, which are passed by, which fail. */
#include <stdlib.h>

#include "base/str.h"
#include "mission/eventlog.h"
#include "tests/unit/tap.h"

#define ID  "\"event_id\": \"01KE0000000000000000000001\""
#define ROW "\"wp_id\": \"WP01\", \"from_lane\": null, \"to_lane\": \"planned\""

static const struct {
	const char *title, *line;
	size_t rows, faults;
} cases[] = {
	{"a transition", "{" ID ", " ROW "}", 1, 0},
	{"CRLF at its end", "{" ID ", " ROW "}\r", 1, 0},
	{"the alias doing",
	 "{" ID ", \"wp_id\": \"WP01\", \"to_lane\": \"doing\"}", 1, 0},
	{"a UUID as id",
	 "{\"event_id\": \"123e4567-e89b-42d3-a456-426614174000\", " ROW "}", 1,
	 0},
	{"a lifecycle row",
	 "{\"event_type\": \"MissionCreated\", " ID ", \"payload\": {}}", 0, 0},
	{"a retrospective row",
	 "{\"type\": \"RetrospectiveCaptured\", " ID ", \"wp_id\": null}", 0,
	 0},
	{"a blank line", "  \t", 0, 0},
	{"a torn line", "{" ID ", \"wp_id\": \"WP", 0, 1},
	{"no JSON", "hello", 0, 1},
	{"no object", "[1]", 0, 1},
	{"bytes that are no UTF-8", "{" ID ", " ROW ", \"x\": \"\xff\"}", 0, 1},
	{"a byte order mark", "\xef\xbb\xbf{" ID ", " ROW "}", 0, 1},
	{"an unknown lane",
	 "{" ID ", \"wp_id\": \"WP01\", \"to_lane\": \"lane-a\"}", 0, 1},
	{"an unknown lane it comes from",
	 "{" ID ", \"wp_id\": \"WP01\", \"from_lane\": \"x\","
	 " \"to_lane\": \"done\"}",
	 0, 1},
	{"a lane that is a number",
	 "{" ID ", \"wp_id\": \"WP01\", \"to_lane\": 7}", 0, 1},
	{"an id that is none", "{\"event_id\": \"../../x\", " ROW "}", 0, 1},
	{"a work package that is a list",
	 "{" ID ", \"wp_id\": [], \"to_lane\": \"done\"}", 0, 1},
	{"a key twice", "{" ID ", " ROW ", \"wp_id\": \"WP02\"}", 0, 1},
};

static void long_lines(void)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_log log;

	sk_str_puts(&text, "{" ID ", " ROW ", \"x\": \"");
	for (size_t i = 0; i <= SK_EVENT_LINE_MAX; i++)
		sk_str_putc(&text, 'x');
	sk_str_puts(&text, "\"}\n{" ID ", " ROW "}\n");
	sk_log_read(&log, text.ptr, text.len);
	ok(log.fault_count == 1 && log.faults[0].line == 1 &&
		   log.row_count == 1,
	   "log: a line over 1 MiB is a fault, the next one is read");
	sk_log_free(&log);
	sk_str_clear(&text);
	for (int i = 0; i < 100000; i++)
		sk_str_putc(&text, '[');
	sk_log_read(&log, text.ptr, text.len);
	ok(log.fault_count == 1, "log: a line nested too deep is a fault");
	sk_log_free(&log);
	sk_str_free(&text);
}

static void keep_lane(void *ctx, const char *wp_id, enum sk_lane lane,
		      int64_t at_us)
{
	(void)at_us;
	if (strcmp(wp_id, "WP01") == 0)
		*(enum sk_lane *)ctx = lane;
}

static void reduce(void)
{
	static const char text[] =
		"{\"event_id\": \"01KE0000000000000000000002\", \"wp_id\":"
		" \"WP01\", \"to_lane\": \"done\", \"at\":"
		" \"2026-05-01T10:00:00.5+00:00\"}\n"
		"{\"event_id\": \"01KE0000000000000000000001\", \"wp_id\":"
		" \"WP01\", \"to_lane\": \"claimed\", \"at\":"
		" \"2026-05-01T10:00:00Z\"}\n";
	enum sk_lane lane = SK_LANE_NONE;
	struct sk_log log;

	sk_log_read(&log, text, sizeof(text) - 1);
	sk_log_reduce(&log, keep_lane, &lane);
	ok(lane == SK_LANE_DONE,
	   "log: the later time wins, not its text nor the place in the file");
	sk_log_free(&log);
}

int main(void)
{
	struct sk_log log;

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		sk_log_read(&log, cases[i].line, strlen(cases[i].line));
		ok(log.row_count == cases[i].rows &&
			   log.fault_count == cases[i].faults,
		   "log: %s is %s", cases[i].title,
		   cases[i].rows     ? "a row"
		   : cases[i].faults ? "a fault"
				     : "passed by");
		sk_log_free(&log);
	}
	sk_log_read(&log, "\n \n", 3);
	ok(log.is_empty, "log: blank lines alone are an empty log");
	sk_log_free(&log);
	long_lines();
	reduce();
	return done_testing();
}
