/* SPDX-License-Identifier: MIT */
/*
 * Marking ids in random texts made of what tasks.md is made of. SEED and TEXTS
 * say which and how many; with SK_LONG they are many.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/markcheck.h"
#include "tests/unit/tap.h"

#define TEXTS	   20000
#define LONG_TEXTS 2000000

static const char *const pieces[] = {
	"- [ ] ",
	"- [x] ",
	"* [X] ",
	"1. [ ] ",
	"[ ]",
	"[x] ",
	"T001",
	"T002",
	"t003",
	"WP01",
	"**T001**",
	"`T002`",
	"Subtasks",
	"Subtasks: ",
	"**Subtasks**: T001-T003",
	", ",
	"|",
	"| T001 | ",
	"| T002 | a | [ ] |",
	"| ID | Status | What |\n|----|--------|------|\n",
	"| ID | What | Parallel |\n|--|--|--|\n",
	" [P] ",
	" [D] |",
	"\\|",
	"T001-T004",
	"```\n",
	"~~~\n",
	"<!--",
	"-->",
	"## WP01 ",
	"`",
	"> ",
	"  ",
	"\t",
	"(T002)",
	"text",
	"\xe2\x80\x93",
	"\n",
	"\n",
	"\n",
	"\n",
	"\r\n",
	"\r",
	"\n\n",
	"\xef\xbb\xbf",
	"\xff",
};

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void add_text(struct sk_str *text, uint64_t *state, size_t most)
{
	size_t count = (size_t)(draw(state) % most);

	for (size_t i = 0; i < count; i++) {
		if (draw(state) % 64 == 0)
			sk_str_putc(text, '\0');
		sk_str_puts(text, pieces[draw(state) % SK_COUNTOF(pieces)]);
	}
}

static void show(const char *what, const struct sk_str *text)
{
	struct sk_str visible = SK_STR_INIT;

	sk_str_add_visible(&visible, text->ptr, text->len, SIZE_MAX);
	printf("# %s: %s\n", what, visible.ptr);
	sk_str_free(&visible);
}

static bool run_text(uint64_t seed)
{
	static const char *const ids[] = {"T001", "t002", "T003", "WP01"};
	uint64_t state = seed * 2654435761u + 1;
	struct sk_str head = SK_STR_INIT, work = SK_STR_INIT;
	struct sk_str common = SK_STR_INIT;
	const char *fault = NULL, *id = NULL;

	add_text(&head, &state, 10);
	add_text(&work, &state, 10);
	add_text(&common, &state, 30);
	sk_str_add(&head, common.ptr, common.len);
	sk_str_add(&work, common.ptr, common.len);
	for (size_t i = 0; i < 2 * SK_COUNTOF(ids) && !fault; i++) {
		id = ids[i / 2];
		fault = check_marking(work.ptr, work.len, id, i % 2 == 0);
		if (!fault)
			fault = check_merge(
				(struct sk_our_text){head.ptr, head.len},
				(struct sk_our_text){work.ptr, work.len}, id,
				i % 2 == 0);
	}
	if (fault) {
		printf("# seed %llu, %s: %s\n", (unsigned long long)seed, id,
		       fault);
		show("committed", &head);
		show("work tree", &work);
	}
	sk_str_free(&head);
	sk_str_free(&work);
	sk_str_free(&common);
	return !fault;
}

static long number(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? atol(text) : otherwise;
}

int main(void)
{
	long texts = number("TEXTS", getenv("SK_LONG") ? LONG_TEXTS : TEXTS);
	uint64_t first = (uint64_t)number("SEED", 1);
	long ran = 0, failed = 0;

	for (; ran < texts && failed < 5; ran++)
		failed += !run_text(first + (uint64_t)ran);
	ok(failed == 0, "mark: in any text only the meant bytes change");
	printf("# ran %ld random texts from seed %llu\n", ran,
	       (unsigned long long)first);
	return done_testing();
}
