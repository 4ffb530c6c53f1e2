/* SPDX-License-Identifier: MIT */
/* Event logs: which lines are transitions, which are passed by, which fail. */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "mission/eventlog.h"
#include "tests/unit/tap.h"

#define ID  "\"event_id\": \"01KE0000000000000000000001\""
#define ROW "\"wp_id\": \"WP01\", \"from_lane\": null, \"to_lane\": \"planned\""

#define W16 "0123456789abcdef"

static struct sk_log read_text(const char *data, size_t len)
{
	struct sk_log log = SK_LOG_INIT;

	sk_log_read(&log, data, len, SIZE_MAX);
	return log;
}

static const struct {
	const char *title, *line;
	size_t rows, faults;
} lines[] = {
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
	{"no id", "{" ROW "}", 0, 1},
	{"an id that is null", "{\"event_id\": null, " ROW "}", 0, 1},
	{"an id that is a number", "{\"event_id\": 7, " ROW "}", 0, 1},
	{"an id with U+0000 behind it",
	 "{\"event_id\": \"01KE0000000000000000000001\\u0000\", " ROW "}", 0,
	 1},
	{"a lifecycle row with lanes and no id",
	 "{\"event_type\": \"WPCreated\", " ROW "}", 0, 0},
	{"a work package that is null",
	 "{" ID ", \"wp_id\": null, \"to_lane\": \"done\"}", 0, 0},
	{"a work package without a name",
	 "{" ID ", \"wp_id\": \"\", \"to_lane\": \"done\"}", 0, 1},
	{"a work package of 64 bytes",
	 "{" ID ", \"wp_id\": \"" W16 W16 W16 W16 "\", \"to_lane\": \"done\"}",
	 1, 0},
	{"a work package of 65 bytes",
	 "{" ID ", \"wp_id\": \"x" W16 W16 W16 W16 "\", \"to_lane\": \"done\"}",
	 0, 1},
	{"a lane it goes to that is null",
	 "{" ID ", \"wp_id\": \"WP01\", \"to_lane\": null}", 0, 1},
	{"no lane it goes to", "{" ID ", \"wp_id\": \"WP01\"}", 0, 0},
	{"an integer beyond 2^53 that nobody sends",
	 "{" ID ", " ROW ", \"policy_metadata\": {\"n\":"
	 " 12345678901234567890}}",
	 1, 0},
	{"half a surrogate pair", "{" ID ", " ROW ", \"reason\": \"\\ud800\"}",
	 1, 0},
	{"a member with an escaped name",
	 "{\"event\\u005fid\": \"01KE0000000000000000000001\", " ROW "}", 1, 0},
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
	{"a key twice", "{" ID ", " ROW ", \"wp_id\": \"WP02\"}", 1, 0},
	{"a key twice, the last of them no lane",
	 "{" ID ", " ROW ", \"to_lane\": \"x\"}", 0, 1},
};

static void long_lines(void)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_log log;

	sk_str_puts(&text, "{" ID ", " ROW ", \"x\": \"");
	for (size_t i = 0; i <= SK_EVENT_LINE_MAX; i++)
		sk_str_putc(&text, 'x');
	sk_str_puts(&text, "\"}\n{" ID ", " ROW "}\n");
	log = read_text(text.ptr, text.len);
	ok(log.fault_count == 1 && log.faults[0].line.offset == 0 &&
		   log.row_count == 1,
	   "log: a line over 1 MiB is a fault, the next one is read");
	sk_log_free(&log);
	sk_str_clear(&text);
	sk_str_puts(&text, "{" ID ", " ROW "}");
	while (text.len < SK_EVENT_LINE_MAX)
		sk_str_putc(&text, ' ');
	log = read_text(text.ptr, text.len);
	ok(log.row_count == 1 && log.fault_count == 0,
	   "log: a line of 1 MiB is read");
	sk_log_free(&log);
	sk_str_clear(&text);
	for (int i = 0; i < 100000; i++)
		sk_str_putc(&text, '[');
	log = read_text(text.ptr, text.len);
	ok(log.fault_count == 1, "log: a line nested too deep is a fault");
	sk_log_free(&log);
	sk_str_free(&text);
}

#define LINE(wp, id, lane, at)                                                 \
	"{\"event_id\": \"01KE000000000000000000000" id "\", \"wp_id\": \"" wp \
	"\", \"to_lane\": \"" lane "\", \"at\": \"2026-05-01T10:00:0" at       \
	"\"}\n"

/* A log read in two goes is the log read in one. */
static void in_parts(void)
{
	static const char text[] =
		LINE("WP01", "1", "planned", "1Z") "\nbad\n" LINE(
			"WP01", "2", "claimed",
			"2Z") "worse\n" LINE("WP01", "3", "done", "3Z");
	size_t len = sizeof(text) - 1;
	struct sk_log log = SK_LOG_INIT, tail = SK_LOG_INIT;

	sk_log_read(&log, text, len, 1);
	ok(log.row_count == 1 && log.fault_count == 0, "log: reads as asked");
	sk_log_read(&log, text, len, 1);
	ok(log.row_count == 2 && log.fault_count == 1 &&
		   strncmp(text + log.rows[1].line.offset, "{\"event_id", 10) ==
			   0,
	   "log: goes on where it was");
	tail.at = log.at;
	sk_log_read(&tail, text, len, SIZE_MAX);
	ok(tail.row_count == 1 && tail.fault_count == 1 && tail.at >= len,
	   "log: a tail is read alone");
	is(tail.row_count ? tail.rows[0].event_id : "",
	   "01KE0000000000000000000003", "log: it is the tail");
	ok(sk_log_line_number(text, tail.faults[0].line.offset) == 5 &&
		   sk_log_line_number(text, log.faults[0].line.offset) == 3 &&
		   sk_log_line_number(text, 0) == 1,
	   "log: lines are numbered from the first");
	sk_log_read(&tail, text, len, SIZE_MAX);
	ok(tail.row_count == 1, "log: at its end there is no more");
	sk_log_free(&log);
	sk_log_free(&tail);
}

static void values(void)
{
	static const struct {
		const char *members;
		const char *want[SK_LOG_TOLD];
	} cases[] = {
		{"\"mission_slug\": \"m\", \"feature_slug\": \"f\","
		 " \"actor\": \"a\", \"reason\": \"r\", \"review_ref\":"
		 " \"v\", \"execution_mode\": \"x\", \"evidence\": {}",
		 {"\"m\"", NULL, "\"a\"", "\"r\"", "\"v\"", "\"x\"", "{}"}},
		{"\"mission_slug\": null, \"feature_slug\": \"f\","
		 " \"actor\": null, \"at\": null, \"timestamp\": \"2026\","
		 " \"evidence\": null",
		 {"\"f\"", "\"2026\"", NULL, NULL, NULL, NULL, NULL}},
	};
	struct sk_str text = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_log log;
		size_t same = 0;

		sk_str_clear(&text);
		sk_str_addf(&text, "\n{" ID ", " ROW ", %s}", cases[i].members);
		log = read_text(text.ptr, text.len);
		for (int j = 0; log.row_count && j < SK_LOG_TOLD; j++) {
			struct sk_json_span span =
				sk_log_value(text.ptr, &log.rows[0], j);
			const char *want = cases[i].want[j];

			same += want ? sk_json_span_is(&span, want) : !span.ptr;
		}
		ok(same == SK_LOG_TOLD, "log: what is told stands there (%zu)",
		   i);
		sk_log_free(&log);
	}
	sk_str_free(&text);
}

/* The words of a row besides its lanes. */
static void words(void)
{
	static const char text[] =
		"{" ID ", " ROW ", \"force\": true, \"timestamp\":"
		" \"2026-05-01T10:00:00Z\"}\n"
		"{" ID ", \"wp_id\": \"WP02\", \"from_lane\": \"done\","
		" \"to_lane\": \"doing\", \"force\": 1, \"at\": \"x\"}\n";
	struct sk_log log = read_text(text, sizeof(text) - 1);

	ok(log.row_count == 2 && log.rows[0].force && !log.rows[1].force,
	   "log: force is true alone");
	ok(log.rows[0].at_us == INT64_C(1777629600000000) &&
		   log.rows[1].at_us == INT64_MIN,
	   "log: the older name of the time, and a time that is none");
	ok(log.rows[0].from == SK_LANE_NONE &&
		   log.rows[0].to == SK_LANE_PLANNED &&
		   log.rows[1].from == SK_LANE_DONE &&
		   log.rows[1].to == SK_LANE_IN_PROGRESS,
	   "log: both lanes of a row");
	sk_log_free(&log);
}

static void reasons(void)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{"{" ROW "}", "event_id is missing"},
		{"{\"event_id\": \"x\", " ROW "}",
		 "event_id is neither a ULID nor a UUID"},
		{"{" ID ", \"wp_id\": 1, \"to_lane\": \"done\"}",
		 "wp_id is not the id of a work package"},
		{"{" ID ", \"wp_id\": \"WP01\", \"to_lane\": \"x\\n\"}",
		 "unknown lane 'x\\n' in to_lane"},
		{"{" ID ", " ROW ", \"from_lane\": \"y\"}",
		 "unknown lane 'y' in from_lane"},
		{"7", "not a JSON object"},
		{"{", "not valid JSON: a key is missing at byte 1"},
	};

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_log log =
			read_text(cases[i].line, strlen(cases[i].line));

		is(log.fault_count == 1 ? log.faults[0].reason : "",
		   cases[i].want, cases[i].want);
		sk_log_free(&log);
	}
}

int main(void)
{
	struct sk_log log;

	for (size_t i = 0; i < SK_COUNTOF(lines); i++) {
		log = read_text(lines[i].line, strlen(lines[i].line));
		ok(log.row_count == lines[i].rows &&
			   log.fault_count == lines[i].faults,
		   "log: %s is %s", lines[i].title,
		   lines[i].rows     ? "a row"
		   : lines[i].faults ? "a fault"
				     : "passed by");
		sk_log_free(&log);
	}
	ok(sk_log_is_blank("\n \t\r\n", 5) && sk_log_is_blank("", 0) &&
		   !sk_log_is_blank("\n\0", 2) && !sk_log_is_blank("\nx", 2),
	   "log: blank lines alone are an empty log");
	long_lines();
	in_parts();
	values();
	words();
	reasons();
	return done_testing();
}
