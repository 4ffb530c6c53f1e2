/* SPDX-License-Identifier: MIT */
/*
 * A transition as spec-kitty writes it, and as it is read again. Run with the
 * name of a log it writes what it has read of each line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mission/eventlog.h"
#include "mission/logline.h"
#include "tests/unit/tap.h"

static struct sk_form *form_of(const char *text)
{
	struct sk_form *form = NULL;
	struct sk_err err = {0};

	ok(sk_form_read(&form, text, strlen(text), &err) == 0, "form: is read");
	return form;
}

static void least(void)
{
	struct sk_logline line = {
		.event_id = "01KE0000000000000000000001",
		.at_us = INT64_C(1777629600000000),
		.mission_slug = "a",
		.wp_id = "WP01",
		.from = SK_LANE_PLANNED,
		.to = SK_LANE_CLAIMED,
		.actor = "caf\xc3\xa9 \xf0\x9f\x98\x80",
		.execution_mode = "worktree",
	};
	struct sk_str text = SK_STR_INIT;

	sk_logline_add(&text, &line);
	is(text.ptr,
	   "{\"actor\": \"caf\\u00e9 \\ud83d\\ude00\", \"at\":"
	   " \"2026-05-01T10:00:00+00:00\", \"event_id\":"
	   " \"01KE0000000000000000000001\", \"evidence\": null,"
	   " \"execution_mode\": \"worktree\", \"force\": false,"
	   " \"from_lane\": \"planned\", \"mission_slug\": \"a\","
	   " \"policy_metadata\": null, \"reason\": null, \"review_ref\": null,"
	   " \"to_lane\": \"claimed\", \"wp_id\": \"WP01\"}\n",
	   "line: what is not there is null, or no key");
	sk_str_free(&text);
}

static void most(void)
{
	struct sk_form *evidence = form_of(
		"{\"review\": {\"verdict\": \"approved\", \"reference\": \"r\","
		" \"reviewer\": \"b\"}}");
	struct sk_form *policy = form_of("{\"z\": 1, \"a\": 2.50}");
	struct sk_form *result = form_of("{\"reviewer\": \"b\"}");
	struct sk_logline line = {
		.event_id = "01KE0000000000000000000001",
		.at_us = INT64_C(1777629600000007),
		.mission_slug = "a",
		.mission_id = "01KE0000000000000000000009",
		.wp_id = "WP01",
		.from = SK_LANE_NONE,
		.to = SK_LANE_DONE,
		.actor = "a\n\"b\"",
		.execution_mode = "direct_repo",
		.reason = "why",
		.review_ref = "feedback://x",
		.evidence = evidence,
		.policy_metadata = policy,
		.review_result = result,
		.force = true,
	};
	struct sk_str text = SK_STR_INIT;
	struct sk_log log = SK_LOG_INIT;

	sk_logline_add(&text, &line);
	is(text.ptr,
	   "{\"actor\": \"a\\n\\\"b\\\"\", \"at\":"
	   " \"2026-05-01T10:00:00.000007+00:00\", \"event_id\":"
	   " \"01KE0000000000000000000001\", \"evidence\": {\"review\":"
	   " {\"reference\": \"r\", \"reviewer\": \"b\", \"verdict\":"
	   " \"approved\"}}, \"execution_mode\": \"direct_repo\", \"force\":"
	   " true, \"from_lane\": null, \"mission_id\":"
	   " \"01KE0000000000000000000009\", \"mission_slug\": \"a\","
	   " \"policy_metadata\": {\"a\": 2.5, \"z\": 1}, \"reason\": \"why\","
	   " \"review_ref\": \"feedback://x\", \"review_result\":"
	   " {\"reviewer\": \"b\"}, \"to_lane\": \"done\", \"wp_id\":"
	   " \"WP01\"}\n",
	   "line: keys are sorted, also of what is in it");
	sk_log_read(&log, text.ptr, text.len, SIZE_MAX);
	ok(log.row_count == 1 && log.rows[0].to == SK_LANE_DONE &&
		   log.rows[0].at_us == line.at_us && log.rows[0].force &&
		   strcmp(log.rows[0].wp_id, "WP01") == 0,
	   "line: it is read as what it was");
	sk_log_free(&log);
	sk_str_free(&text);
	sk_form_free(evidence);
	sk_form_free(policy);
	sk_form_free(result);
}

static void stamps(void)
{
	struct sk_logline one = {.at_us = 0}, two = {.at_us = 0};

	sk_logline_stamp(&one, 1000, 0);
	sk_logline_stamp(&two, 1000, 1);
	ok(one.at_us == 1000 && two.at_us == 1001,
	   "line: the second of a batch is a microsecond later");
	ok(sk_ulid_is_valid(one.event_id) && sk_ulid_is_valid(two.event_id) &&
		   strcmp(one.event_id, two.event_id) != 0,
	   "line: each has an id of its own");
}

static int write_again(const char *path)
{
	FILE *file = fopen(path, "r");
	struct sk_str text = SK_STR_INIT;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	if (!file)
		abort();
	while ((len = getline(&line, &cap, file)) > 0) {
		struct sk_form *form = NULL;
		struct sk_err err = {0};

		sk_str_clear(&text);
		if (len > 1 &&
		    sk_form_read(&form, line, (size_t)len, &err) == 0)
			sk_form_add(&text, form, SK_FORM_LINE);
		puts(text.ptr);
		sk_form_free(form);
	}
	free(line);
	sk_str_free(&text);
	return fclose(file);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return write_again(argv[1]);
	least();
	most();
	stamps();
	return done_testing();
}
