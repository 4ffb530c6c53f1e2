/* SPDX-License-Identifier: MIT */
#include "format/jsonform.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define BYTES(text) (text), sizeof(text) - 1

/* What Python 3.11 makes of each: sort_keys, then indent=2 without ASCII. */
static const struct {
	const char *name;
	const char *data;
	size_t len;
	const char *line, *sorted;
} table[] = {
	{"empty things", BYTES(" {\"b\":[],\"a\":{}} "),
	 "{\"a\": {}, \"b\": []}", "{\n  \"a\": {},\n  \"b\": []\n}"},
	{"nesting", BYTES("[1,[2,{\"k\":[3]}]]"), "[1, [2, {\"k\": [3]}]]",
	 "[\n  1,\n  [\n    2,\n    {\n      \"k\": [\n        3\n      ]\n"
	 "    }\n  ]\n]"},
	{"words", BYTES("[true,false,null,NaN,Infinity,-Infinity]"),
	 "[true, false, null, NaN, Infinity, -Infinity]", NULL},
	{"integers", BYTES("[0,-0,12345678901234567890123,-7]"),
	 "[0, 0, 12345678901234567890123, -7]", NULL},
	{"doubles",
	 BYTES("[1.50,-0.0,1e5,1E400,-1e400,0.0001,0.00001,1e15,1e16,"
	       "123456789012345680.0,0.1,5e-324,1.7976931348623157e308,"
	       "2.5E-7,100.25]"),
	 "[1.5, -0.0, 100000.0, Infinity, -Infinity, 0.0001, 1e-05, "
	 "1000000000000000.0, 1e+16, 1.2345678901234568e+17, 0.1, 5e-324, "
	 "1.7976931348623157e+308, 2.5e-07, 100.25]",
	 NULL},
	{"escapes", BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\""),
	 "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"",
	 "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\""},
	{"letters beyond ASCII", BYTES("\"\xc3\xa9 \\u20AC \\ud83d\\uDE00\""),
	 "\"\\u00e9 \\u20ac \\ud83d\\ude00\"",
	 "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
	{"halves of surrogates", BYTES("\"\\ud800x\\udfff\\udfff\""),
	 "\"\\ud800x\\udfff\\udfff\"", "\"\\ud800x\\udfff\\udfff\""},
	{"U+0000", BYTES("{\"a\\u0000b\": \"\\u0000\"}"),
	 "{\"a\\u0000b\": \"\\u0000\"}", "{\n  \"a\\u0000b\": \"\\u0000\"\n}"},
	{"keys in order of their letters",
	 BYTES("{\"b\":1,\"a\":2,\"B\":3,\"\":4,\"aa\":5,\"\\u00e9\":6,"
	       "\"\\uffff\":7,\"\\ud83d\\ude00\":8,\"a\\u0000\":9}"),
	 "{\"\": 4, \"B\": 3, \"a\": 2, \"a\\u0000\": 9, \"aa\": 5, \"b\": 1, "
	 "\"\\u00e9\": 6, \"\\uffff\": 7, \"\\ud83d\\ude00\": 8}",
	 NULL},
	{"keys that come again",
	 BYTES("{\"z\":[1],\"a\":0,\"z\":[2],\"y\":{},\"z\":[3]}"),
	 "{\"a\": 0, \"y\": {}, \"z\": [3]}", NULL},
};

static const struct {
	const char *name;
	const char *data;
	size_t len;
	const char *problem;
} bad[] = {
	{"nothing", BYTES(""), "a value is missing at byte 0"},
	{"two values", BYTES("{} {}"), "bytes behind the value at byte 3"},
	{"a comma too many", BYTES("[1,]"), "a value is missing at byte 3"},
	{"an open object", BYTES("{\"a\":1"),
	 "',' or '}' is missing at byte 6"},
	{"a key that is none", BYTES("{1:2}"), "a key is missing at byte 1"},
	{"no colon", BYTES("{\"a\" 1}"), "':' is missing at byte 5"},
	{"a byte order mark", BYTES("\xef\xbb\xbf{}"), "byte order mark"},
	{"what is no UTF-8", BYTES("\"\xff\""), "invalid UTF-8 at byte 1"},
};

static void check_table(void)
{
	for (size_t i = 0; i < SK_COUNTOF(table); i++) {
		struct sk_str out = SK_STR_INIT;
		struct sk_form *value = NULL;
		struct sk_err err = {0};

		ok(sk_form_read(&value, table[i].data, table[i].len, &err) == 0,
		   "form: %s: is read", table[i].name);
		sk_form_add(&out, value, SK_FORM_LINE);
		is(out.ptr, table[i].line, table[i].name);
		if (table[i].sorted) {
			sk_str_clear(&out);
			sk_form_add(&out, value, SK_FORM_SORTED);
			is(out.ptr, table[i].sorted, table[i].name);
		}
		sk_form_free(value);
		sk_str_free(&out);
	}
	for (size_t i = 0; i < SK_COUNTOF(bad); i++) {
		struct sk_form *value = NULL;
		struct sk_err err = {0};

		ok(sk_form_read(&value, bad[i].data, bad[i].len, &err) < 0 &&
			   strstr(err.msg, bad[i].problem),
		   "form: %s is refused (%s)", bad[i].name, err.msg);
	}
}

static void check_depth(void)
{
	struct sk_str text = SK_STR_INIT, out = SK_STR_INIT;
	struct sk_form *value;
	struct sk_err err = {0};

	for (int i = 0; i < 1024; i++)
		sk_str_putc(&text, '[');
	for (int i = 0; i < 1024; i++)
		sk_str_putc(&text, ']');
	ok(sk_form_read(&value, text.ptr, text.len, &err) == 0,
	   "form: 1,024 levels are read");
	sk_form_add(&out, value, SK_FORM_LINE);
	is(out.ptr, text.ptr, "form: and written");
	sk_form_free(value);
	sk_str_puts(&text, "]");
	text.ptr[1024] = '[';
	ok(sk_form_read(&value, text.ptr, text.len, &err) < 0 &&
		   strstr(err.msg, "nested too deep at byte 1024"),
	   "form: one more is refused (%s)", err.msg);
	sk_str_free(&text);
	sk_str_free(&out);
}

static void check_changes(void)
{
	static const char text[] =
		"{\"b\": \"\xc3\xa9\", \"a\": [1], \"c\": 7}";
	struct sk_str out = SK_STR_INIT;
	struct sk_form *value, *copy, *list;
	struct sk_err err = {0};
	int64_t number = 0;

	if (sk_form_read(&value, text, strlen(text), &err) < 0)
		abort();
	copy = sk_form_copy(value);
	sk_form_set(value, "a", sk_form_text(NULL));
	sk_form_set(value, "new", list = sk_form_array());
	sk_form_append(list, sk_form_int(INT64_MIN));
	sk_form_append(list, sk_form_bool(true));
	sk_form_append(list, sk_form_text("\xff|\xed\xa0\x80|\xc3\xa9"));
	sk_form_add(&out, value, SK_FORM_INDENTED);
	is(out.ptr,
	   "{\n  \"b\": \"\\u00e9\",\n  \"a\": null,\n  \"c\": 7,\n  \"new\": "
	   "[\n"
	   "    -9223372036854775808,\n    true,\n"
	   "    \"\\ufffd|\\ufffd\\ufffd\\ufffd|\\u00e9\"\n  ]\n}",
	   "form: what is changed stands where it stood");
	sk_str_clear(&out);
	sk_form_add(&out, copy, SK_FORM_LINE);
	is(out.ptr, "{\"a\": [1], \"b\": \"\\u00e9\", \"c\": 7}",
	   "form: a copy is one's own");
	ok(sk_form_as_int(sk_form_get(copy, "c"), &number) && number == 7,
	   "form: an integer");
	ok(!sk_form_as_int(sk_form_get(copy, "b"), &number) &&
		   !sk_form_as_int(NULL, &number),
	   "form: is not what is none");
	is(sk_form_get_text(copy, "b"), "\xc3\xa9", "form: a text");
	ok(!sk_form_get_text(copy, "c") && !sk_form_get_text(list, "b"),
	   "form: is not what is none, either");
	ok(sk_form_is_null(sk_form_get(value, "a")) &&
		   !sk_form_is_null(sk_form_get(value, "none")),
	   "form: null is not absent");
	ok(sk_form_at(list, 2) && !sk_form_at(list, 3) &&
		   sk_form_count(list) == 3 && sk_form_count(NULL) == 0,
	   "form: elements are counted");
	is(sk_form_key_at(copy, 1), "a", "form: keys are told");
	sk_form_free(copy);
	sk_form_free(value);
	sk_str_free(&out);
}

int main(void)
{
	struct sk_form *value;
	struct sk_err err = {0};

	check_table();
	check_depth();
	check_changes();
	ok(sk_form_read(&value, BYTES("\"a\\u0000b\""), &err) == 0 &&
		   !sk_form_as_text(value),
	   "form: a text with U+0000 is no C string");
	sk_form_free(value);
	return done_testing();
}
