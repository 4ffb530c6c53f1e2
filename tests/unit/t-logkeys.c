/* SPDX-License-Identifier: MIT */
/* By what lines of event logs are known, and what one version lacks. */
#include <stdlib.h>

#include "base/mem.h"
#include "mission/eventlog.h"
#include "mission/logkeys.h"
#include "tests/unit/tap.h"

struct lost_case {
	const char *name, *old, *now, *want;
};

#define A "{\"event_id\": \"A\"}\n"
#define B "{\"event_id\": \"B\"}\n"
#define C "{\"event_id\": \"C\"}\n"

static const struct lost_case cases[] = {
	{"a log that grew", A B, A B C, ""},
	{"the same", A B, A B, ""},
	{"two empty ones", "", "", ""},
	{"lines in another order", A B, B A, ""},
	{"a line that is gone", A B C, A C, "B "},
	{"all that is gone", A B, "", "A B "},
	{"what both sides added", A B, A C, "B "},
	{"a row that came twice", A A B, A B, ""},
	{"a row that came twice and is gone", B A B, A, "B "},
	{"a row whose bytes have changed",
	 "{\"event_id\": \"A\", \"x\": 1}\n" B, A B, ""},
	{"an id written in another way", "{\"event_id\":\"\\u0041\"}\n", A, ""},
	{"no newline at the end", A "{\"event_id\": \"B\"}", A B, ""},
	{"a line that is longer now", A "{\"event_id\": \"B\"}",
	 A "{\"event_id\": \"B\"}x\n", "B "},
	{"another end of lines", "{\"event_id\": \"A\"}\r\n", A, ""},
	{"a row without an id", "{\"x\": 1}\n", A, "'{\"x\": 1}' "},
	{"a row without an id that stays", "{\"x\": 1}\n", A "{\"x\": 1}\r\n",
	 ""},
	{"an id that is no text", "{\"event_id\": null}\n", A,
	 "'{\"event_id\": null}' "},
	{"an id that is empty", "{\"event_id\": \"\"}\n", A,
	 "'{\"event_id\": \"\"}' "},
	{"an id that comes twice in a row",
	 "{\"event_id\": \"X\", \"event_id\": \"A\"}\n", A, ""},
	{"white space at the end", "{\"event_id\": \"A\"} \t\n{\"x\": 1} \r\n",
	 A "{\"x\": 1}\n", ""},
	{"a line that is no row", "<<<<<<< ours\n" A "torn {\n", A, ""},
	{"blank lines", "\n  \n" A "\r\n", A, ""},
};

static void check(const struct lost_case *c)
{
	struct sk_words lost = SK_WORDS_INIT;
	struct sk_str got = SK_STR_INIT, name = SK_STR_INIT;

	sk_log_lost_add(&lost, c->old, strlen(c->old), c->now, strlen(c->now));
	for (size_t i = 0; i < lost.len; i++) {
		sk_log_key_add_name(&got, lost.items[i]);
		sk_str_putc(&got, ' ');
	}
	sk_str_addf(&name, "logkeys: %s", c->name);
	is(got.ptr, c->want, name.ptr);
	sk_str_free(&name);
	sk_str_free(&got);
	sk_words_free(&lost);
}

static void add_number(void *ctx, const char *key, size_t len, size_t number)
{
	(void)len;
	sk_str_addf(ctx, "%c%zu ", key[0], number);
}

static void test_kinds(void)
{
	static const char log[] = A "\n{\"x\": 1}\n=======\n[]\n\0\n" B;
	struct sk_str got = SK_STR_INIT;

	sk_log_each_key(log, sizeof(log) - 1, add_number, &got);
	is(got.ptr, "i1 r3 b4 b5 b6 i7 ", "logkeys: each line has its kind");
	sk_str_free(&got);
}

/* What no reader takes is a row all the same, and does not stand for its id. */
static void test_long(void)
{
	struct sk_words lost = SK_WORDS_INIT;
	struct sk_str log = SK_STR_INIT, got = SK_STR_INIT;

	sk_str_puts(&log, "{\"event_id\": \"A\", \"x\": \"");
	while (log.len <= SK_EVENT_LINE_MAX)
		sk_str_puts(&log, "xxxxxxxxxxxxxxxx");
	sk_str_puts(&log, "\"}\n");
	sk_log_each_key(log.ptr, log.len, add_number, &got);
	is(got.ptr, "r1 ", "logkeys: a line that is too long has no id");
	sk_log_lost_add(&lost, A, strlen(A), log.ptr, log.len);
	ok(lost.len == 1 && strcmp(lost.items[0], "iA") == 0,
	   "logkeys: one that has become too long is missed");
	sk_words_free(&lost);
	sk_str_free(&got);
	sk_str_free(&log);
}

/* Every second row of many is gone: each is found, in one pass. */
static void test_many(void)
{
	enum { ROWS = 100000 };
	struct sk_words lost = SK_WORDS_INIT;
	struct sk_str old = SK_STR_INIT, now = SK_STR_INIT;

	for (int i = ROWS; i > 0; i--) {
		sk_str_addf(&old, "{\"event_id\": \"E%d\", \"n\": 1}\n", i);
		if (i % 2)
			sk_str_addf(&now, "{\"event_id\": \"E%d\"}\n", i);
	}
	sk_log_lost_add(&lost, old.ptr, old.len, now.ptr, now.len);
	ok(lost.len == ROWS / 2 && strcmp(lost.items[0], "iE100000") == 0,
	   "logkeys: half of 100,000 rows are missed, in their order");
	sk_words_free(&lost);
	sk_str_free(&now);
	sk_str_free(&old);
}

int main(void)
{
	for (size_t i = 0; i < SK_COUNTOF(cases); i++)
		check(&cases[i]);
	test_kinds();
	test_long();
	test_many();
	return done_testing();
}
