/* SPDX-License-Identifier: MIT */
/* Where work packages stand by their rows, and the status.json made of it. */
#include <stdio.h>
#include <string.h>

#include "mission/reduce.h"
#include "mission/snapshot.h"
#include "tests/unit/tap.h"

#define LINE(wp, id, from, to, at, more)                                       \
	"{\"event_id\": \"01KE000000000000000000000" id "\", \"wp_id\": \"" wp \
	"\", \"from_lane\": " from ", \"to_lane\": \"" to "\", \"at\":"        \
	" \"2026-05-01T10:00:0" at "\"" more "}\n"
#define MOVE(wp, id, to, at) LINE(wp, id, "null", to, at, "")
#define BACK(id)                                                               \
	LINE("WP01", id, "\"for_review\"", "in_progress", "0Z",                \
	     ", \"review_ref\": \"r\"")

static struct sk_log read_text(const char *text)
{
	struct sk_log log = SK_LOG_INIT;

	sk_log_read(&log, text, strlen(text), SIZE_MAX);
	return log;
}

/* "<lane> <forced> of <rows>, <id>" of WP01 after the rows of these logs. */
static const char *state_of(const struct sk_log *logs, size_t count)
{
	static char text[64];
	struct sk_reduced state = SK_REDUCED_INIT;
	const struct sk_reduced_wp *wp;

	for (size_t i = 0; i < count; i++)
		sk_reduced_add(&state, &logs[i]);
	sk_reduced_fold(&state);
	wp = sk_reduced_find(&state, "WP01");
	snprintf(text, sizeof(text), "%s %d of %zu, %s",
		 wp ? sk_lane_name(wp->row->to) : "-",
		 wp ? (int)wp->force_count : 0, state.count,
		 wp ? wp->row->event_id + 25 : "-");
	sk_reduced_free(&state);
	return text;
}

static void orders(void)
{
	static const struct {
		const char *title, *text, *want;
	} cases[] = {
		{"nothing", "", "- 0 of 0, -"},
		{"the later time wins, not its text nor the place in the file",
		 MOVE("WP01", "2", "done", "0.5+00:00")
			 MOVE("WP01", "1", "claimed", "0Z"),
		 "done 0 of 2, 2"},
		{"an offset is taken off",
		 MOVE("WP01", "1", "done", "0Z")
			 MOVE("WP01", "2", "claimed", "5+01:00"),
		 "done 0 of 2, 1"},
		{"of one time the greater id wins",
		 MOVE("WP01", "2", "done", "0Z")
			 MOVE("WP01", "1", "claimed", "0+00:00"),
		 "done 0 of 2, 2"},
		{"an id that comes again is no row, be it later",
		 MOVE("WP01", "1", "done", "0Z")
			 MOVE("WP01", "1", "claimed", "1Z"),
		 "done 0 of 1, 1"},
		{"another work package changes nothing",
		 MOVE("WP01", "1", "done", "0Z")
			 MOVE("WP02", "2", "claimed", "1Z"),
		 "done 0 of 2, 1"},
		{"a row whose time cannot be read is the earliest",
		 MOVE("WP01", "1", "done", "0Z")
			 MOVE("WP01", "2", "claimed", "x"),
		 "done 0 of 2, 1"},
		{"at one time a rollback stands above a greater id",
		 BACK("1") MOVE("WP01", "2", "done", "0+00:00"),
		 "in_progress 0 of 2, 1"},
		{"and above a lesser one",
		 BACK("2") MOVE("WP01", "1", "done", "0Z"),
		 "in_progress 0 of 2, 2"},
		{"of two rollbacks the greater id wins", BACK("2") BACK("1"),
		 "in_progress 0 of 2, 2"},
		{"a rollback gives way to a later time",
		 BACK("2") MOVE("WP01", "1", "done", "0.000001Z"),
		 "done 0 of 2, 1"},
		{"without a review_ref it is none",
		 LINE("WP01", "1", "\"for_review\"", "in_progress", "0Z",
		      ", \"review_ref\": null") MOVE("WP01", "2", "done", "0Z"),
		 "done 0 of 2, 2"},
		{"forced rows are counted",
		 LINE("WP01", "1", "null", "done", "1Z", ", \"force\": true")
			 LINE("WP01", "2", "null", "planned", "2Z",
			      ", \"force\": true")
				 MOVE("WP01", "3", "claimed", "3Z"),
		 "claimed 2 of 3, 3"},
	};

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_log log = read_text(cases[i].text);

		is(state_of(&log, 1), cases[i].want, cases[i].title);
		sk_log_free(&log);
	}
}

static void parts(void)
{
	struct sk_log logs[2];

	logs[0] = read_text(MOVE("WP01", "2", "done", "2Z"));
	logs[1] = read_text(MOVE("WP01", "2", "claimed", "3Z")
				    MOVE("WP01", "1", "planned", "1Z"));
	is(state_of(logs, 2), "done 0 of 2, 2", "reduce: parts have one state");
	sk_log_free(&logs[0]);
	sk_log_free(&logs[1]);
}

static void next_time(const char *text, int64_t now_us, int64_t want_us,
		      const char *title)
{
	struct sk_log log = read_text(text);
	struct sk_reduced state = SK_REDUCED_INIT;

	sk_reduced_add(&state, &log);
	sk_reduced_fold(&state);
	ok(sk_reduced_next_us(&state, now_us) == want_us, "reduce: %s", title);
	sk_reduced_free(&state);
	sk_log_free(&log);
}

static void next_times(void)
{
	next_time("", 5, 5, "without rows the time is now");
	next_time("{\"event_id\": \"01KE0000000000000000000001\", \"wp_id\":"
		  " \"WP01\", \"to_lane\": \"done\", \"at\":"
		  " \"1970-01-01T00:00:01Z\"}\n",
		  5, 1000001, "a clock that is behind gets a time that counts");
	next_time("{\"event_id\": \"01KE0000000000000000000001\", \"wp_id\":"
		  " \"WP01\", \"to_lane\": \"done\", \"at\":"
		  " \"1970-01-01T00:00:01Z\"}\n",
		  1000000, 1000001, "two of one moment are one behind another");
	next_time("{\"event_id\": \"01KE0000000000000000000001\", \"wp_id\":"
		  " \"WP01\", \"to_lane\": \"done\", \"at\":"
		  " \"9999-12-31T23:59:59.999999Z\"}\n",
		  5, INT64_C(253402300799999999),
		  "no time is later than can be written");
}

/* Ten thousand rows of one time, ids from the last to the first. */
static void one_time(void)
{
	enum { ROWS = 10000 };
	struct sk_str text = SK_STR_INIT;
	struct sk_reduced state = SK_REDUCED_INIT;
	struct sk_log log;
	bool ordered = true;

	for (int i = ROWS; i > 0; i--)
		sk_str_addf(&text,
			    "{\"event_id\": \"01KE%022d\", \"wp_id\":"
			    " \"WP%02d\", \"to_lane\": \"%s\", \"at\":"
			    " \"2026-05-01T10:00:00Z\"}\n",
			    i, i % 10, i > ROWS - 10 ? "done" : "planned");
	log = read_text(text.ptr);
	sk_reduced_add(&state, &log);
	sk_reduced_fold(&state);
	for (size_t i = 1; i < state.count; i++)
		ordered &= strcmp(state.rows[i - 1]->event_id,
				  state.rows[i]->event_id) < 0;
	ok(state.count == ROWS && state.wp_count == 10 && ordered,
	   "reduce: 10,000 rows of one time are in order of their ids");
	for (size_t i = 0; i < state.wp_count; i++)
		ordered &= state.wps[i].row->to == SK_LANE_DONE;
	ok(ordered, "reduce: the greatest of them decide");
	sk_reduced_free(&state);
	sk_log_free(&log);
	sk_str_free(&text);
}

#define LANES(approved, in_progress)                                           \
	"  \"summary\": {\n    \"approved\": " approved ",\n    \"blocked\": " \
	"0,\n    \"canceled\": 0,\n    \"claimed\": 0,\n    \"done\": 0,\n   " \
	" \"for_review\": 0,\n    \"in_progress\": " in_progress ",\n    "     \
	"\"in_review\": 0,\n    \"planned\": 0\n  },\n"

static const struct {
	const char *title, *log, *meta, *want;
} snapshots[] = {
	{"of nothing", "", NULL,
	 "{\n  \"event_count\": 0,\n  \"last_event_id\": null,\n"
	 "  \"materialized_at\": \"\",\n  \"mission_number\": \"\",\n"
	 "  \"mission_slug\": \"\",\n  \"mission_type\": "
	 "\"software-dev\",\n" LANES("0", "0") "  \"work_packages\": {}\n}\n"},
	{"with an actor that is an object, letters and old names",
	 "{\"type\": \"other\"}\nbroken\n" LINE(
		 "WP01", "1", "null", "in_progress", "0Z",
		 ", \"feature_slug\": \"007-caf\\u00e9\", \"force\": true,"
		 " \"actor\": {\"tool\": \"\\u00e9\", \"a\": 1.0}"),
	 "{\"mission\": \"research\", \"mission_number\": null}",
	 "{\n  \"event_count\": 1,\n"
	 "  \"last_event_id\": \"01KE0000000000000000000001\",\n"
	 "  \"materialized_at\": \"2026-05-01T10:00:00Z\",\n"
	 "  \"mission_number\": \"7\",\n"
	 "  \"mission_slug\": \"007-caf\xc3\xa9\",\n"
	 "  \"mission_type\": \"research\",\n" LANES(
		 "0",
		 "1") "  \"work_packages\": {\n    \"WP01\": {\n      "
		      "\"actor\": {\n"
		      "        \"a\": 1.0,\n        \"tool\": \"\xc3\xa9\"\n   "
		      "   },\n"
		      "      \"force_count\": 1,\n      \"lane\": "
		      "\"in_progress\",\n"
		      "      \"last_event_id\": "
		      "\"01KE0000000000000000000001\",\n"
		      "      \"last_transition_at\": \"2026-05-01T10:00:00Z\"\n"
		      "    }\n  }\n}\n"},
	{"of a number that says more than the slug",
	 LINE("WP01", "1", "null", "approved", "0Z",
	      ", \"mission_slug\": \"007-a\""),
	 "{\"mission_number\": \"12\"}",
	 "{\n  \"event_count\": 1,\n"
	 "  \"last_event_id\": \"01KE0000000000000000000001\",\n"
	 "  \"materialized_at\": \"2026-05-01T10:00:00Z\",\n"
	 "  \"mission_number\": \"12\",\n"
	 "  \"mission_slug\": \"007-a\",\n"
	 "  \"mission_type\": \"software-dev\",\n" LANES(
		 "1", "0") "  \"work_packages\": {\n    \"WP01\": {\n      "
			   "\"actor\": null,\n"
			   "      \"force_count\": 0,\n      \"lane\": "
			   "\"approved\",\n"
			   "      \"last_event_id\": "
			   "\"01KE0000000000000000000001\",\n"
			   "      \"last_transition_at\": "
			   "\"2026-05-01T10:00:00Z\"\n"
			   "    }\n  }\n}\n"},
	{"with a retrospective, and a number as text",
	 "{\"event_name\": \"retrospective.proposal.applied\", \"at\":"
	 " \"2026-05-01T10:00:05Z\", \"event_id\": \"b\", \"payload\": {}}\n"
	 "{\"event_name\": \"retrospective.completed\", \"at\":"
	 " \"2026-05-01T10:00:04Z\", \"event_id\": \"a\", \"payload\":"
	 " {\"record_path\": \"r.yaml\", \"proposals_count\": 3}}\n"
	 "{\"event_name\": \"retrospective.requested\", \"at\":"
	 " \"2026-05-01T10:00:03Z\", \"event_id\": \"c\", \"payload\":"
	 " {\"mode\": {\"value\": \"autonomous\"}}}\n",
	 "{\"mission_type\": \"plan\", \"mission_number\": \"064\"}",
	 "{\n  \"event_count\": 0,\n  \"last_event_id\": null,\n"
	 "  \"materialized_at\": \"\",\n  \"mission_number\": \"64\",\n"
	 "  \"mission_slug\": \"\",\n  \"mission_type\": \"plan\",\n"
	 "  \"retrospective\": {\n    \"mode\": \"autonomous\",\n"
	 "    \"proposals_applied\": 1,\n    \"proposals_pending\": 2,\n"
	 "    \"proposals_rejected\": 0,\n    \"proposals_total\": 3,\n"
	 "    \"record_path\": \"r.yaml\",\n    \"status\": \"completed\"\n"
	 "  },\n" LANES("0", "0") "  \"work_packages\": {}\n}\n"},
};

static void make_snapshots(void)
{
	for (size_t i = 0; i < SK_COUNTOF(snapshots); i++) {
		struct sk_log log = read_text(snapshots[i].log);
		struct sk_str text = SK_STR_INIT;
		struct sk_form *meta = NULL;
		struct sk_err err = {0};
		const char *said = snapshots[i].meta;

		if (said)
			ok(sk_form_read(&meta, said, strlen(said), &err) == 0,
			   "snapshot: meta.json is read");
		sk_snapshot_add(&text, &log, snapshots[i].log, meta);
		is(text.ptr, snapshots[i].want, snapshots[i].title);
		sk_form_free(meta);
		sk_str_free(&text);
		sk_log_free(&log);
	}
}

int main(void)
{
	orders();
	parts();
	next_times();
	one_time();
	make_snapshots();
	return done_testing();
}
