/* SPDX-License-Identifier: MIT */
#include "tests/unit/tap.h"
#include "wire/batch.h"

/* The events A, B, C and D were sent; what does this answer say of them? */
enum { SENT = 4 };
static const char *const sent[SENT] = {"A", "B", "C", "D"};

static struct sk_answer read_typed(long status, const char *type,
				   const char *location, const char *body)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_map ids = SK_MAP_INIT;
	struct sk_answer answer;

	for (int i = 0; i < SENT; i++)
		sk_map_add(&ids, sent[i], 1, i, NULL);
	res.status = status;
	sk_str_puts(&res.body, body);
	sk_str_puts(&res.content_type, type);
	sk_str_puts(&res.location, location);
	sk_answer_read(&answer, &res, &ids, SENT);
	sk_http_response_free(&res);
	sk_map_free(&ids);
	return answer;
}

static struct sk_answer read_json(long status, const char *body)
{
	return read_typed(status, "application/json", "", body);
}

/* One letter a verdict: none, Success, Duplicate, Pending, Rejected. */
static bool verdicts_are(struct sk_answer *answer, const char *want)
{
	static const char letters[] = {'-', 'S', 'D', 'P', 'R'};
	char got[SENT + 1] = "";

	for (int i = 0; i < SENT; i++)
		got[i] = letters[answer->results[i].verdict];
	if (strcmp(got, want) == 0)
		return true;
	printf("#  got: %s\n# want: %s\n", got, want);
	return false;
}

static void read_is(const char *body, const char *want, const char *name)
{
	struct sk_answer answer = read_json(200, body);

	ok(answer.fate == SK_BATCH_READ && answer.error.len == 0 &&
		   verdicts_are(&answer, want),
	   "results: %s", name);
	sk_answer_free(&answer);
}

#define ITEM(id, status)                                                       \
	"{\"event_id\": \"" id "\", \"status\": \"" status "\"}"
#define RESULTS(items) "{\"results\": [" items "]}"

static void test_results(void)
{
	read_is(RESULTS(ITEM("A", "success") "," ITEM("B", "accepted") "," ITEM(
			"C", "warning") "," ITEM("D", "duplicate")),
		"SSSD", "success, accepted, warning and duplicate settle");
	read_is(RESULTS(ITEM("A", "queued") "," ITEM("B", "pending")), "PP--",
		"queued and pending stay");
	read_is(RESULTS(ITEM("A", "rejected") "," ITEM(
			"B", "nonsense") "," ITEM("C",
						  "SUCCESS") ",{\"event_id\": "
							     "\"D\"}"),
		"RRRR", "anything else is a rejection");
	read_is(RESULTS(""), "----", "an empty list says nothing");
	read_is(RESULTS(ITEM("D", "success") "," ITEM("X", "success")), "---S",
		"ids that were not sent are ignored, order does not matter");
	read_is(RESULTS(ITEM("A", "success") "," ITEM("A", "rejected") "," ITEM(
			"A", "success") "," ITEM("B", "success")),
		"-S--", "an id with two different verdicts has none");
	read_is(RESULTS(ITEM("A", "success") "," ITEM("A", "accepted")), "S---",
		"an id named twice with the same verdict has it");
	read_is("{\"results\": [7, null, \"A\", [], {\"event_id\": 5},"
		" {\"status\": \"success\"}]}",
		"----", "items of other types are ignored");
}

static void test_reasons(void)
{
	struct sk_answer answer = read_json(
		200, "{\"results\": ["
		     "{\"event_id\": \"A\", \"status\": \"rejected\","
		     " \"error\": \"wp_id: Field required\"},"
		     "{\"event_id\": \"B\", \"status\": \"rejected\","
		     " \"error_message\": \"token expired\"},"
		     "{\"event_id\": \"C\", \"status\": \"rejected\","
		     " \"error\": {\"code\": 7}},"
		     "{\"event_id\": \"D\", \"status\": \"frozen\"}]}");

	is(answer.results[0].error, "wp_id: Field required",
	   "reasons: error is the reason");
	ok(answer.results[0].category == SK_CAT_SCHEMA_MISMATCH &&
		   answer.results[1].category == SK_CAT_AUTH_EXPIRED,
	   "reasons: each has its own category");
	is(answer.results[1].error, "token expired",
	   "reasons: error_message is one too");
	is(answer.results[2].error, "{\"code\": 7}",
	   "reasons: an object is shown as JSON");
	is(answer.results[3].error,
	   "the server says 'frozen', without a reason",
	   "reasons: a status without one is quoted");
	sk_answer_free(&answer);
}

static void fate_is(struct sk_answer answer, enum sk_batch_fate fate,
		    enum sk_category category, const char *name)
{
	if (!ok(answer.fate == fate && answer.category == category &&
			answer.error.len && verdicts_are(&answer, "----"),
		"%s", name))
		printf("# fate %d, category %s, error '%s'\n", answer.fate,
		       sk_category_name(answer.category), answer.error.ptr);
	sk_answer_free(&answer);
}

static void test_no_results(void)
{
	fate_is(read_json(200, "{\"status\": \"ok\"}"), SK_BATCH_STOP,
		SK_CAT_MISCONFIGURED, "200: without results nothing is sent");
	fate_is(read_json(200, ""), SK_BATCH_STOP, SK_CAT_MISCONFIGURED,
		"200: an empty body is no success");
	fate_is(read_json(200, RESULTS(ITEM("A", "success")) "x"),
		SK_BATCH_STOP, SK_CAT_MISCONFIGURED,
		"200: bytes behind the JSON spoil it");
	fate_is(read_json(200, "{\"results\": {\"A\": \"success\"}}"),
		SK_BATCH_STOP, SK_CAT_MISCONFIGURED,
		"200: results that are no list are none");
	fate_is(read_typed(200, "text/html", "", "<html>welcome</html>"),
		SK_BATCH_STOP, SK_CAT_MISCONFIGURED,
		"200: a portal's page is not success");
	fate_is(read_json(202, RESULTS(ITEM("A", "success"))), SK_BATCH_STOP,
		SK_CAT_MISCONFIGURED, "202: only a 200 has results");
	fate_is(read_json(204, ""), SK_BATCH_STOP, SK_CAT_MISCONFIGURED,
		"204: is not success");
}

static void test_redirect(void)
{
	struct sk_answer answer =
		read_typed(302, "text/html", "https://login.example.com/", "");

	ok(answer.fate == SK_BATCH_STOP &&
		   answer.category == SK_CAT_MISCONFIGURED &&
		   strstr(answer.error.ptr, "https://login.example.com/"),
	   "302: stops and names where it points");
	sk_answer_free(&answer);
	fate_is(read_json(307, RESULTS(ITEM("A", "success"))), SK_BATCH_STOP,
		SK_CAT_MISCONFIGURED, "307: its body is not believed");
}

static void test_statuses(void)
{
	static const struct {
		long status;
		enum sk_batch_fate fate;
		enum sk_category category;
	} rows[] = {
		{401, SK_BATCH_LOG_IN, SK_CAT_AUTH_EXPIRED},
		{403, SK_BATCH_STOP, SK_CAT_UNAUTHORIZED},
		{404, SK_BATCH_STOP, SK_CAT_MISCONFIGURED},
		{405, SK_BATCH_STOP, SK_CAT_MISCONFIGURED},
		{407, SK_BATCH_STOP, SK_CAT_MISCONFIGURED},
		{408, SK_BATCH_LATER, SK_CAT_RETRYABLE_TRANSPORT},
		{409, SK_BATCH_STOP, SK_CAT_UNKNOWN},
		{413, SK_BATCH_SHRINK, SK_CAT_OVERSIZED_BATCH},
		{429, SK_BATCH_LATER, SK_CAT_THROTTLED},
		{500, SK_BATCH_LATER, SK_CAT_SERVER_ERROR},
		{502, SK_BATCH_LATER, SK_CAT_SERVER_ERROR},
		{503, SK_BATCH_LATER, SK_CAT_SERVER_ERROR},
		{599, SK_BATCH_LATER, SK_CAT_SERVER_ERROR},
	};
	char name[64];

	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		snprintf(name, sizeof(name),
			 "%ld: blames no event, whatever it says",
			 rows[i].status);
		/* results in it must not count */
		fate_is(read_json(rows[i].status,
				  RESULTS(ITEM("A", "rejected"))),
			rows[i].fate, rows[i].category, name);
	}
	fate_is(read_typed(403, "text/html", "", "<p>blocked"), SK_BATCH_STOP,
		SK_CAT_MISCONFIGURED, "403: a proxy's page is no verdict");
	fate_is(read_typed(400, "text/html", "", "<p>bad"), SK_BATCH_STOP,
		SK_CAT_MISCONFIGURED, "400: a proxy's page blames no event");
}

static void details_are(const char *body, const char *want, const char *name)
{
	struct sk_answer answer = read_json(400, body);

	ok(answer.fate == SK_BATCH_READ && verdicts_are(&answer, want),
	   "400: %s", name);
	sk_answer_free(&answer);
}

static void test_details(void)
{
	struct sk_answer answer;

	details_are("{\"error\": \"Bad\", \"details\": [{\"event_id\": \"C\","
		    " \"detail\": \"no\"}]}",
		    "--R-", "details name events by id, not by position");
	details_are("{\"error\": \"Bad\", \"details\": \"[{\\\"event_id\\\":"
		    " \\\"B\\\", \\\"reason\\\": \\\"no\\\"}]\"}",
		    "-R--", "details may be the JSON text of a list");
	details_are("{\"error\": [{\"event_id\": \"A\", \"error\": \"no\"},"
		    " {\"event_id\": \"D\"}]}",
		    "R--R", "the list may stand in error");
	details_are("{\"error\": \"[{\\\"event_id\\\": \\\"D\\\"}]\"}", "---R",
		    "and be text there too");
	details_are("{\"details\": [{\"event_id\": \"X\"}, {\"event_id\":"
		    " \"A\"}]}",
		    "R---", "unknown ids among known ones are ignored");
	answer = read_json(400, "{\"error\": \"Bad\", \"details\": ["
				"{\"event_id\": \"A\", \"error\": \"b\","
				" \"detail\": \"a\"},"
				"{\"event_id\": \"B\", \"reason\": \"c\"},"
				"{\"event_id\": \"C\"}]}");
	is(answer.results[0].error, "a", "400: detail goes before error");
	is(answer.results[1].error, "c", "400: reason is a reason");
	is(answer.results[2].error, "Bad",
	   "400: without one the text of the answer stands for it");
	sk_answer_free(&answer);
}

static void test_split(void)
{
	struct sk_answer answer;

	fate_is(read_json(400, "{\"error\": \"invalid\", \"details\":"
			       " [{\"event_id\": \"X\"}]}"),
		SK_BATCH_SPLIT, SK_CAT_SCHEMA_MISMATCH,
		"400: details of unknown ids alone are of no use");
	fate_is(read_json(400, "{\"error\": \"Bad\", \"details\":"
			       " [{\"detail\": \"no\"}, 5]}"),
		SK_BATCH_SPLIT, SK_CAT_UNKNOWN,
		"400: details without ids are of no use");
	fate_is(read_json(400, "not json"), SK_BATCH_SPLIT, SK_CAT_UNKNOWN,
		"400: a body that is no JSON is of no use");
	fate_is(read_json(422, "{\"detail\": \"invalid\"}"), SK_BATCH_SPLIT,
		SK_CAT_SCHEMA_MISMATCH, "422: is a 400");
	fate_is(read_json(400, "{\"error_code\": \"sync_batch_too_large\"}"),
		SK_BATCH_SHRINK, SK_CAT_OVERSIZED_BATCH,
		"400: a body that says too large is a 413");
	answer = read_json(400, "{\"error\": \"Bad\", \"details\": \"lane\"}");
	is(answer.error.ptr, "Bad\nDetails: lane",
	   "400: details that are text are kept");
	sk_answer_free(&answer);
}

static void limits_are(const char *json, int64_t events, int64_t bytes,
		       const char *name)
{
	struct sk_limits limits = SK_LIMITS_DEFAULT;

	sk_limits_read(&limits, json, strlen(json));
	if (!ok(limits.max_events == events && limits.max_bytes == bytes,
		"limits: %s", name))
		printf("# got: %lld events, %lld bytes\n",
		       (long long)limits.max_events,
		       (long long)limits.max_bytes);
}

#define LIMITS(events, bytes)                                                  \
	"{\"limits\": {\"max_events_per_batch\": " events                      \
	", \"max_decompressed_bytes_per_batch\": " bytes "}}"

static void test_limits(void)
{
	limits_are("{}", 1000, 235929, "nothing said changes nothing");
	limits_are("<html>", 1000, 235929, "a page changes nothing");
	limits_are("{\"sync_ingress\": " LIMITS("100", "1000") "}", 100, 900,
		   "nine tenths of what the health answer says");
	limits_are(LIMITS("100", "1000"), 100, 900, "those of a 413 count too");
	limits_are(LIMITS("\"50\"", "\"262144\""), 50, 235929,
		   "numbers may be text");
	limits_are(LIMITS("5000", "9007199254740991"), 1000, 524288,
		   "ours are never exceeded");
	limits_are(LIMITS("0", "-5"), 1000, 235929, "zero and less are none");
	limits_are(LIMITS("1", "1"), 1, 1, "at least one byte");
	limits_are(LIMITS("\"9x\"", "\"99999999999999999999\""), 1000, 235929,
		   "text that is no number is none");
}

static void test_failed(void)
{
	struct sk_answer answer;
	struct sk_err err = {0};

	sk_fail(&err, SK_ENET, "cannot reach 'x'");
	sk_answer_failed(&answer, &err, SENT);
	is(answer.error.ptr, "cannot reach 'x'", "no answer: says why");
	fate_is(answer, SK_BATCH_LATER, SK_CAT_RETRYABLE_TRANSPORT,
		"no answer: blames no event");
	sk_fail(&err, SK_EDATA, "too large");
	sk_answer_failed(&answer, &err, SENT);
	fate_is(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED,
		"no answer: one that broke a cap is not asked for again");
}

int main(void)
{
	test_results();
	test_reasons();
	test_no_results();
	test_redirect();
	test_statuses();
	test_details();
	test_split();
	test_limits();
	test_failed();
	return done_testing();
}
