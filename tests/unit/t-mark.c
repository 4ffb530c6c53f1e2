/* SPDX-License-Identifier: MIT */
/* Marking tasks: the table tests/data/marks/mark.txt, and random texts. */
#include "mission/mark.h"
#include "tests/unit/cases.h"
#include "tests/unit/tap.h"

/* Whether the id is one of the words of a list. */
static bool is_listed(const char *list, const char *id)
{
	size_t len = strlen(id);

	for (; *list; list += *list == ' ') {
		size_t word = strcspn(list, " ");

		if (word == len && strncmp(list, id, len) == 0)
			return true;
		list += word;
	}
	return false;
}

static bool is_done(void *ctx, const char *id)
{
	return is_listed(case_get(ctx, "log"), id);
}

static bool has_wp(void *ctx, const char *wp)
{
	return is_listed(case_get(ctx, "wps"), wp);
}

static bool is_same(const struct sk_str *got, const struct sk_str *want)
{
	return got->len == want->len &&
	       memcmp(got->ptr, want->ptr, got->len) == 0;
}

static void show(const char *what, const struct sk_str *text)
{
	struct sk_str visible = SK_STR_INIT;

	sk_str_add_visible(&visible, text->ptr, text->len, SIZE_MAX);
	printf("# %s: %s\n", what, visible.ptr);
	sk_str_free(&visible);
}

/* Mark one id and compare with the table's word. */
static bool mark_one(struct text_case *c, struct sk_task_text *text,
		     const char *id, bool done, size_t nth)
{
	struct sk_mark_facts facts = {is_done, has_wp, c};
	struct sk_mark mark = SK_MARK_INIT;
	const char *want = case_value(c, "then", nth), *outcome, *format;
	char got[64];
	bool same;

	sk_mark_task(&mark, text, id, done, &facts);
	outcome = sk_mark_outcome_name(mark.outcome);
	format = sk_mark_format_name(mark.format);
	snprintf(got, sizeof(got), "%s %s", outcome ? outcome : "to_move",
		 format ? format : "null");
	same = want && strcmp(got, want) == 0 &&
	       (mark.message.len > 0) == (outcome != NULL);
	if (!same)
		printf("# %s: %s, want %s (%s)\n", id, got,
		       want ? want : "nothing", mark.message.ptr);
	sk_mark_free(&mark);
	return same;
}

static void run(struct text_case *c)
{
	const struct sk_str *before = case_text(c, '<');
	const struct sk_str *after = case_text(c, '>');
	struct sk_task_text text = SK_TASK_TEXT_INIT;
	struct sk_str got = SK_STR_INIT;
	char words[256], *ids[CASE_FIELDS];
	bool good = true, done;
	size_t count = case_marks(c, words, ids, &done);

	sk_task_text_open(&text, before->ptr, before->len);
	for (size_t i = 0; i < count; i++)
		good = mark_one(c, &text, ids[i], done, i) && good;
	good = good && !case_value(c, "then", count);
	sk_task_text_add(&got, &text);
	if (!is_same(&got, after ? after : before)) {
		good = false;
		show(" got", &got);
		show("want", after ? after : before);
	}
	ok(good, "mark: %s", case_get(c, "name"));
	sk_task_text_free(&text);
	sk_str_free(&got);
}

static void test_table(void)
{
	int rows = cases_run("tests/data/marks/mark.txt", run);

	ok(rows >= 60, "mark: the table has %d rows", rows);
}

/* What the answer says, word for word: spec-kitty's own where it has one. */
static void test_messages(void)
{
	static const struct {
		const char *id, *message;
	} cases[] = {
		{"T001", "Marked T001 as done (checkbox row updated)."},
		{"t001", "t001 is already done (checkbox row)."},
		{"T002", "Marked T002 as done (pipe-table row updated)."},
		{"T002", "T002 is already done (pipe-table row)."},
		{"m/t003", "Persisted status for inline Subtasks reference T003"
			   " as done."},
		{" T009 ", "T009 was not found in any supported task format."},
	};
	static const char before[] = "- [ ] T001\n| T002 |\nSubtasks: T003\n";
	struct sk_task_text text = SK_TASK_TEXT_INIT;
	struct sk_mark mark = SK_MARK_INIT;

	sk_task_text_open(&text, before, sizeof(before) - 1);
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		sk_mark_task(&mark, &text, cases[i].id, true, NULL);
		is(mark.message.ptr, cases[i].message, "mark: the message");
	}
	sk_mark_free(&mark);
	sk_task_text_free(&text);
}

int main(void)
{
	test_table();
	test_messages();
	return done_testing();
}
