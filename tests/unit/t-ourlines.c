/* SPDX-License-Identifier: MIT */
/* What of a marked text enters the commit: tests/data/marks/ourlines.txt. */
#include "mission/ourlines.h"
#include "tests/unit/cases.h"
#include "tests/unit/tap.h"

struct marked {
	struct sk_mark marks[CASE_FIELDS];
	size_t count;
	bool done;
	struct sk_str work; /* after marking */
};

static void mark_all(struct marked *m, const struct text_case *c)
{
	const struct sk_str *before = case_text(c, '<');
	struct sk_task_text text = SK_TASK_TEXT_INIT;
	char words[256], *ids[CASE_FIELDS];

	if (!before)
		abort();
	m->count = case_marks(c, words, ids, &m->done);
	m->work = (struct sk_str)SK_STR_INIT;
	sk_task_text_open(&text, before->ptr, before->len);
	for (size_t i = 0; i < m->count; i++) {
		m->marks[i] = (struct sk_mark)SK_MARK_INIT;
		sk_mark_task(&m->marks[i], &text, ids[i], m->done, NULL);
	}
	sk_task_text_add(&m->work, &text);
	sk_task_text_free(&text);
}

static void compare(const struct text_case *c, const char *key, const char *got)
{
	struct sk_str name = SK_STR_INIT;

	sk_str_addf(&name, "ourlines: %s: %s", case_get(c, "name"), key);
	is(got, case_get(c, key), name.ptr);
	sk_str_free(&name);
}

static void run(struct text_case *c)
{
	const struct sk_str *head = case_text(c, '='),
			    *want = case_text(c, '>');
	struct sk_str got = SK_STR_INIT, left = SK_STR_INIT;
	bool is_left[CASE_FIELDS] = {false};
	struct marked m;
	char lines[32];
	size_t entered;

	mark_all(&m, c);
	entered = sk_our_lines(&got, (struct sk_our_text){head->ptr, head->len},
			       (struct sk_our_text){m.work.ptr, m.work.len},
			       m.marks, m.count, m.done, is_left);
	want = want ? want : head;
	if (!ok(got.len == want->len &&
			memcmp(got.ptr, want->ptr, got.len) == 0,
		"ourlines: %s", case_get(c, "name")))
		printf("#  got: %s\n", got.ptr);
	for (size_t i = 0; i < m.count; i++) {
		if (is_left[i])
			sk_str_addf(&left, "%s%s", left.len ? " " : "",
				    m.marks[i].id.ptr);
		sk_mark_free(&m.marks[i]);
	}
	compare(c, "left", left.ptr);
	snprintf(lines, sizeof(lines), "%zu", entered);
	compare(c, "lines", lines);
	sk_str_free(&got);
	sk_str_free(&left);
	sk_str_free(&m.work);
}

int main(void)
{
	int rows = cases_run("tests/data/marks/ourlines.txt", run);

	ok(rows >= 20, "ourlines: the table has %d rows", rows);
	return done_testing();
}
