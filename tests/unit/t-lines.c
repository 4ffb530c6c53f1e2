/* SPDX-License-Identifier: MIT */
/* Lists of texts, and the lines of Markdown files. */
#include "base/words.h"
#include "mission/lines.h"
#include "tests/unit/tap.h"

static void test_words(void)
{
	struct sk_words a = SK_WORDS_INIT, b = SK_WORDS_INIT;

	sk_words_add(&a, "y");
	sk_words_add_len(&a, "xyz", 1);
	ok(sk_words_add_new(&a, "z") && !sk_words_add_new(&a, "x") &&
		   a.len == 3,
	   "words: what is there already is not added again");
	sk_words_add_all(&b, &a);
	sk_words_add(&b, "x");
	ok(sk_words_same_set(&a, &b), "words: a set has no numbers");
	sk_words_add(&b, "w");
	ok(!sk_words_same_set(&a, &b) && !sk_words_same_set(&b, &a),
	   "words: another text is another set");
	sk_words_sort(&b);
	ok(strcmp(b.items[0], "w") == 0 && strcmp(b.items[1], "x") == 0 &&
		   strcmp(b.items[4], "z") == 0,
	   "words: are sorted by bytes");
	sk_words_free(&a);
	sk_words_sort(&a);
	ok(a.len == 0 && !sk_words_has(&a, "x"), "words: none are none");
	sk_words_free(&b);
}

static const struct {
	const char *text;
	size_t level;
	const char *title;
} headings[] = {
	{"# a", 1, "a"},   {"###### a ", 6, "a"}, {"####### a", 0, NULL},
	{"#a", 0, NULL},   {"##", 2, ""},	  {"## a\r", 2, "a"},
	{" # a", 0, NULL}, {"", 0, NULL},	  {"##\ta", 2, "a"},
};

/* One letter a line: c of code, - of text. */
static const struct {
	const char *text, *want;
} fences[] = {
	{"a\n```\nb\n```\nc", "-ccc-"},
	{"~~~ x\n```\n~~~\na", "ccc-"},
	{"````\n```\n````\na", "ccc-"},
	{"```a``` b\nc", "--"},
	{"   ```\na\n  ```\r\nb", "ccc-"},
	{"    ```\na", "--"},
	{"```\na\n``` x\nb", "cccc"},
	{"``\na", "--"},
	{"```", "c"},
};

static void test_fences(void)
{
	for (size_t i = 0; i < SK_COUNTOF(fences); i++) {
		const char *at = fences[i].text, *end = at + strlen(at);
		struct sk_fence fence = {0};
		struct sk_line line;
		char got[16] = "";

		for (size_t n = 0; sk_line_next(&line, &at, end); n++)
			got[n] = sk_fence_holds(&fence, line) ? 'c' : '-';
		is(got, fences[i].want, "fence: code is told from text");
	}
}

static const struct {
	const char *text, *want; /* NULL: none */
} fronts[] = {
	{"---\na: b\n---\nc\n", "a: b\n"},
	{"\xef\xbb\xbf---\r\na: b\r\n---\r\n", "a: b\r\n"},
	{"---\n---", ""},
	{"--- x\na\n  --- \n", "a\n"},
	{"---\na\n", NULL},
	{"\n---\na\n---\n", NULL},
	{"a\n---\n---\n", NULL},
	{"", NULL},
};

int main(void)
{
	test_words();
	for (size_t i = 0; i < SK_COUNTOF(headings); i++) {
		struct sk_line line = {headings[i].text,
				       strlen(headings[i].text)};

		ok(sk_line_heading(line) == headings[i].level &&
			   (!headings[i].title ||
			    sk_line_is(sk_line_title(line), headings[i].title)),
		   "heading: '%s' is of level %zu", headings[i].text,
		   headings[i].level);
	}
	test_fences();
	for (size_t i = 0; i < SK_COUNTOF(fronts); i++) {
		const char *at = fronts[i].text, *end = at + strlen(at);
		bool has = sk_front_find(&at, &end);
		struct sk_line got = {at, (size_t)(end - at)};

		ok(has == (fronts[i].want != NULL) &&
			   sk_line_is(got,
				      has ? fronts[i].want : fronts[i].text),
		   "front matter: %zu is found where it stands", i);
	}
	return done_testing();
}
