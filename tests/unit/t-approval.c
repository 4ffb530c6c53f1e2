/* SPDX-License-Identifier: MIT */
/* Who has approved a work package, by its log and by its file. */
#include <string.h>

#include "mission/eventlog.h"
#include "tests/unit/tap.h"
#include "workflow/approval.h"

#define ROW(id, to, more)                                                      \
	"{\"at\": \"2026-05-01T10:00:00+00:00\", \"event_id\": "               \
	"\"01KE990000000000000000000" id                                       \
	"\", \"wp_id\": \"WP01\", \"to_lane\": \"" to "\"" more "}\n"
#define REVIEW(by, verdict)                                                    \
	"{\"reviewer\": \"" by                                                 \
	"\", \"reference\": \"pr\", \"verdict\": \"" verdict "\"}"

static const struct {
	const char *title, *log, *want; /* the reviewer; NULL: nobody said */
} logs[] = {
	{"the evidence of the newest",
	 ROW("1", "approved",
	     ", \"evidence\": {\"review\": " REVIEW("a", "approved") "}")
		 ROW("2", "approved",
		     ", \"evidence\": {\"review\": " REVIEW("b",
							    "approved") "}"),
	 "b"},
	{"one before that when it has none",
	 ROW("1", "approved", ", \"review_result\": " REVIEW("a", "approved"))
		 ROW("2", "approved", ""),
	 "a"},
	{"one that was taken back is none",
	 ROW("1", "approved", ", \"review_result\": " REVIEW("a", "approved"))
		 ROW("2", "in_progress", "") ROW("3", "approved", ""),
	 NULL},
	{"a rejection is none",
	 ROW("1", "approved", ", \"review_result\": " REVIEW("a", "rejected")),
	 NULL},
	{"who is not approved", ROW("1", "planned", ""), NULL},
	{"no log", "", NULL},
};

static const struct {
	const char *title, *file, *by, *where;
} files[] = {
	{"who reviewed it",
	 "review_status: approved\nreviewed_by: rob\n"
	 "agent: claude\n",
	 "rob", "frontmatter-migration:WP01"},
	{"whose it is, where that is not told",
	 "review_status: approved\nreviewed_by: ' '\nagent: claude\n", "claude",
	 "lane-approved:WP01"},
	{"whose it is, where another verdict is",
	 "review_status: has_feedback\nreviewed_by: rob\nagent: claude\n",
	 "claude", "lane-approved:WP01"},
	{"an agent that is a mapping", "agent:\n  tool: gpt\n", "gpt",
	 "lane-approved:WP01"},
	{"nobody", "title: x\n", "unknown", "lane-approved:WP01"},
};

static const char *reviewer_of(const struct sk_form *evidence)
{
	return sk_form_get_text(sk_form_get(evidence, "review"), "reviewer");
}

static void test_logs(void)
{
	for (size_t i = 0; i < SK_COUNTOF(logs); i++) {
		struct sk_log log = SK_LOG_INIT;
		struct sk_reduced state = SK_REDUCED_INIT;
		struct sk_form *evidence;

		sk_log_read(&log, logs[i].log, strlen(logs[i].log), SIZE_MAX);
		sk_reduced_add(&state, &log);
		sk_reduced_fold(&state);
		evidence = sk_approval_of(&state, logs[i].log, "WP01");
		if (logs[i].want)
			is(reviewer_of(evidence), logs[i].want, logs[i].title);
		else
			ok(!evidence, "log: %s", logs[i].title);
		sk_form_free(evidence);
		sk_reduced_free(&state);
		sk_log_free(&log);
	}
}

static void test_files(void)
{
	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		struct sk_str text = SK_STR_INIT;
		struct sk_wp front = {0};
		struct sk_err err = {0};
		struct sk_form *evidence;
		const struct sk_form *review;

		sk_str_addf(&text, "---\n%s---\n", files[i].file);
		ok(sk_wp_read(&front, text.ptr, text.len, &err) == 0,
		   "file: it can be read");
		evidence = sk_approval_by_file(&front, "WP01");
		review = sk_form_get(evidence, "review");
		is(reviewer_of(evidence), files[i].by, files[i].title);
		is(sk_form_get_text(review, "reference"), files[i].where,
		   "file: where that can be found");
		is(sk_form_get_text(review, "verdict"), "approved",
		   "file: and that it is good");
		sk_form_free(evidence);
		sk_wp_free(&front);
		sk_str_free(&text);
	}
}

int main(void)
{
	test_logs();
	test_files();
	return done_testing();
}
