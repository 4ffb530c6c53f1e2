/* SPDX-License-Identifier: MIT */
/* Members of an object that others wrote: what Python reads, we read. */
#include "format/jsonmember.h"

#include <string.h>

#include "base/mem.h"
#include "format/json.h"
#include "tests/unit/tap.h"

#define BYTES(text) (text), sizeof(text) - 1

static bool list(void *ctx, const char *key, size_t len,
		 const struct sk_json_span *value)
{
	sk_str_addf(ctx, "%.*s=%.*s;", (int)len, key, (int)value->len,
		    value->ptr);
	return true;
}

/* Two are enough. */
static bool list_two(void *ctx, const char *key, size_t len,
		     const struct sk_json_span *value)
{
	bool first = !((struct sk_str *)ctx)->len;

	list(ctx, key, len, value);
	return first;
}

static const struct {
	const char *title, *data;
	size_t len;
	const char *want;
} good[] = {
	{"nothing in it", BYTES(" { } "), ""},
	{"scalars", BYTES("{\"a\": 1, \"b\":\"x\" , \"c\":null,\"d\":true}"),
	 "a=1;b=\"x\";c=null;d=true;"},
	{"what is nested stays whole",
	 BYTES("{\"a\": {\"a\": [1, {}, []], \"b\": 2}, \"c\": [ ]}"),
	 "a={\"a\": [1, {}, []], \"b\": 2};c=[ ];"},
	{"a key twice comes twice", BYTES("{\"a\":1,\"a\":2}"), "a=1;a=2;"},
	{"an escaped key", BYTES("{\"\\u0061\\n\": 1}"), "a\n=1;"},
	{"an integer of any size", BYTES("{\"a\": 12345678901234567890}"),
	 "a=12345678901234567890;"},
	{"a number no double holds", BYTES("{\"a\": -1e999}"), "a=-1e999;"},
	{"words for numbers", BYTES("{\"a\": [NaN, Infinity, -Infinity]}"),
	 "a=[NaN, Infinity, -Infinity];"},
	{"half a surrogate pair", BYTES("{\"a\": \"\\udc00 \\ud800\"}"),
	 "a=\"\\udc00 \\ud800\";"},
	{"U+0000", BYTES("{\"a\": \"\\u0000\"}"), "a=\"\\u0000\";"},
};

static const struct {
	const char *title, *data;
	size_t len;
	const char *problem;
} bad[] = {
	{"nothing", BYTES(""), "a value is missing at byte 0"},
	{"an object that ends", BYTES("{"), "a key is missing at byte 1"},
	{"no value", BYTES("{\"a\":"), "a value is missing at byte 5"},
	{"no colon", BYTES("{\"a\" 1}"), "':' is missing at byte 5"},
	{"no comma", BYTES("{\"a\":1 2}"), "',' or '}' is missing at byte 7"},
	{"a comma at the end", BYTES("{\"a\":1,}"),
	 "a key is missing at byte 7"},
	{"a comma at the end inside", BYTES("{\"a\":{\"b\":1,}}"),
	 "a key is missing at byte 12"},
	{"a list that closes as an object", BYTES("{\"a\":[1}}"),
	 "',' or ']' is missing at byte 7"},
	{"two values", BYTES("{} {}"), "bytes behind the value at byte 3"},
	{"a byte order mark", BYTES("\xef\xbb\xbf{}"),
	 "byte order mark at byte 0"},
	{"no UTF-8", BYTES("{\"a\":\"\xff\"}"), "invalid UTF-8 at byte 6"},
	{"a tab in a string", BYTES("{\"a\":\"\t\"}"),
	 "control character in a string at byte 6"},
	{"a bad escape", BYTES("{\"a\":\"\\x\"}"), "invalid escape at byte 6"},
	{"a bad \\u", BYTES("{\"a\":\"\\u12g4\"}"), "invalid escape at byte 6"},
	{"half a word", BYTES("{\"a\":-Inf}"), "no such value at byte 5"},
	{"a leading zero", BYTES("{\"a\":01}"),
	 "',' or '}' is missing at byte 6"},
};

static void members(void)
{
	struct sk_str got = SK_STR_INIT;
	struct sk_err err;

	for (size_t i = 0; i < SK_COUNTOF(good); i++) {
		sk_str_clear(&got);
		ok(sk_json_members(good[i].data, good[i].len, list, &got,
				   &err) == 0 &&
			   strcmp(got.ptr, good[i].want) == 0,
		   "members: %s", good[i].title);
	}
	for (size_t i = 0; i < SK_COUNTOF(bad); i++) {
		int rc = sk_json_members(bad[i].data, bad[i].len, list, &got,
					 &err);
		const char *end =
			err.msg + strlen(err.msg) - strlen(bad[i].problem);

		ok(rc == -1 && err.code == SK_EDATA &&
			   strcmp(end, bad[i].problem) == 0,
		   "members: %s is refused", bad[i].title);
	}
	ok(sk_json_members(BYTES("[{\"a\": 1}]"), list, &got, &err) == 1 &&
		   sk_json_members(BYTES("7"), list, &got, &err) == 1,
	   "members: a value of another kind has none");
	sk_str_clear(&got);
	ok(sk_json_members(BYTES("{\"a\": 1, \"\\u0062\": 2, \"c\": ..."),
			   list_two, &got, &err) == 0,
	   "members: what nobody wants is not read");
	is(got.ptr, "a=1;b=2;", "members: enough is enough");
	sk_str_free(&got);
}

/* `depth` arrays in one member. */
static int nested(unsigned depth)
{
	struct sk_str text = SK_STR_INIT, got = SK_STR_INIT;
	struct sk_err err;
	int rc;

	sk_str_puts(&text, "{\"a\":");
	for (unsigned i = 0; i < depth; i++)
		sk_str_putc(&text, '[');
	for (unsigned i = 0; i < depth; i++)
		sk_str_putc(&text, ']');
	sk_str_putc(&text, '}');
	rc = sk_json_members(text.ptr, text.len, list, &got, &err);
	sk_str_free(&text);
	sk_str_free(&got);
	return rc;
}

static void texts(void)
{
	static const struct {
		const char *title, *value, *want;
	} cases[] = {
		{"plain", "\"a b\"", "a b"},
		{"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		 "\"\\/\b\f\n\r\t"},
		{"a pair", "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
		{"halves and U+0000",
		 "\"\\ud83dx\\u0000\\ude00\\ud800\\u0041\"",
		 "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		 "A"},
	};
	struct sk_json_span none = {NULL, 0}, number = {"7", 1}, word;
	struct sk_str got = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_json_span span = {cases[i].value,
					    strlen(cases[i].value)};

		sk_str_clear(&got);
		ok(sk_json_span_text(&got, &span) &&
			   strcmp(got.ptr, cases[i].want) == 0,
		   "text: %s", cases[i].title);
	}
	sk_str_clear(&got);
	ok(!sk_json_span_text(&got, &none) &&
		   !sk_json_span_text(&got, &number) && got.len == 0,
	   "text: of no string there is none");
	word = (struct sk_json_span){"null]", 4};
	ok(sk_json_span_is(&word, "null") && !sk_json_span_is(&word, "nul") &&
		   !sk_json_span_is(&none, "null"),
	   "word: it is the whole value");
	sk_str_free(&got);
}

static void tame(void)
{
	static const struct {
		const char *title, *value, *want;
	} cases[] = {
		{"what is tame stays",
		 "{\"a\": [1, -2.5e3, true, null, \"x\"]}",
		 "{\"a\": [1, -2.5e3, true, null, \"x\"]}"},
		{"an integer beyond 2^53", "[12345678901234567890]",
		 "[1.2345678901234567e+19]"},
		{"what no double holds", "[1e999, NaN, -Infinity]",
		 "[null, null, null]"},
		{"halves and U+0000", "[\"\\ud800\", \"\\u0000\"]",
		 "[\"\\ufffd\", \"\\ufffd\"]"},
		{"a key too", "{\"\\ud800\": 1}", "{\"\\ufffd\": 1}"},
	};
	struct sk_str got = SK_STR_INIT;
	struct sk_err err;

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_json_span span = {cases[i].value,
					    strlen(cases[i].value)};

		sk_str_clear(&got);
		sk_json_span_tame(&got, &span);
		is(got.ptr, cases[i].want, cases[i].title);
		ok(sk_json_check(got.ptr, got.len, &err) == 0,
		   "tame: %s, and a strict reader takes it", cases[i].title);
	}
	sk_str_free(&got);
}

int main(void)
{
	members();
	ok(nested(SK_JSON_MEMBER_DEPTH) == 0 &&
		   nested(SK_JSON_MEMBER_DEPTH + 1) == -1,
	   "members: nesting ends at a depth");
	texts();
	tame();
	return done_testing();
}
