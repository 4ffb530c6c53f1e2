/* SPDX-License-Identifier: MIT */
#include <cjson/cJSON.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "format/json.h"
#include "format/jsontoken.h"
#include "tap.h"

#define BYTES(text) (text), sizeof(text) - 1

static const struct {
	const char *name;
	const char *data;
	size_t len;
} good[] = {
	{"a number alone", BYTES("7")},
	{"space around", BYTES(" \t\r\n{ } \n")},
	{"empty string", BYTES("\"\"")},
	{"negative zero", BYTES("-0")},
	{"fraction and exponent", BYTES("[0.5e+3, 1E-2, -0.0]")},
	{"2^53", BYTES("9007199254740992")},
	{"-2^53", BYTES("-9007199254740992")},
	{"a double over 2^53", BYTES("1e300")},
	{"underflow to zero", BYTES("1e-400")},
	{"63 digits of a fraction",
	 BYTES("0.0000000000000000000000000000000000000000000000000000000000"
	       "001")},
	{"all short escapes", BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")},
	{"a surrogate pair", BYTES("\"\\ud83d\\uDE00\"")},
	{"UTF-8 of 2, 3, 4 bytes",
	 BYTES("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"")},
	{"U+FFFF", BYTES("\"\xef\xbf\xbf\"")},
	{"DEL", BYTES("\"\x7f\"")},
	{"the same key in two objects", BYTES("[{\"a\": 1}, {\"a\": 1}]")},
	{"the same key inside", BYTES("{\"a\": {\"a\": 1}, \"b\": 2}")},
	{"an empty key", BYTES("{\"\": 1}")},
	{"keys of different case", BYTES("{\"a\": 1, \"A\": 2}")},
};

static const struct {
	const char *name;
	const char *data;
	size_t len;
	const char *problem; /* the end of the message */
} bad[] = {
	{"nothing", BYTES(""), "a value is missing at byte 0"},
	{"space only", BYTES("  "), "a value is missing at byte 2"},
	{"leading zero", BYTES("012"), "bytes behind the value at byte 1"},
	{"minus only", BYTES("-"), "invalid number at byte 1"},
	{"plus", BYTES("+1"), "a value is missing at byte 0"},
	{"no digit before the point", BYTES(".5"), "missing at byte 0"},
	{"no digit after the point", BYTES("[1.]"), "number at byte 3"},
	{"no exponent", BYTES("1e"), "invalid number at byte 2"},
	{"1e400", BYTES("1e400"), "number too large at byte 0"},
	{"2^53 + 1", BYTES("9007199254740993"), "beyond 2^53 at byte 0"},
	{"-2^53 - 1", BYTES("[-9007199254740993]"), "beyond 2^53 at byte 1"},
	{"an integer past 64 bit", BYTES("-99999999999999999999"),
	 "beyond 2^53 at byte 0"},
	{"a number of 64 characters",
	 BYTES("0.00000000000000000000000000000000000000000000000000000000000"
	       "001"),
	 "too many digits at byte 0"},
	{"NaN", BYTES("NaN"), "a value is missing at byte 0"},
	{"half a word", BYTES("tru"), "no such value at byte 0"},
	{"word in capitals", BYTES("[nulL]"), "no such value at byte 1"},
	{"single quotes", BYTES("'a'"), "a value is missing at byte 0"},
	{"a comment", BYTES("/**/1"), "a value is missing at byte 0"},
	{"trailing bytes", BYTES("{} x"), "bytes behind the value at byte 3"},
	{"two values", BYTES("1 2"), "bytes behind the value at byte 2"},
	{"trailing NUL", BYTES("1\0"), "bytes behind the value at byte 1"},
	{"NUL in a string", BYTES("\"a\0\""),
	 "control character in a string"
	 " at byte 2"},
	{"U+0000 escaped", BYTES("\"\\u0000\""),
	 "U+0000 in a string at byte"
	 " 1"},
	{"line feed in a string", BYTES("\"\n\""),
	 "character in a string at"
	 " byte 1"},
	{"byte order mark", BYTES("\xef\xbb\xbf{}"), "order mark at byte 0"},
	{"unfinished string", BYTES("\"abc"), "unfinished string at byte 4"},
	{"string ends in a backslash", BYTES("\"a\\"),
	 "unfinished string at"
	 " byte 3"},
	{"unknown escape", BYTES("\"\\x\""), "invalid escape at byte 1"},
	{"escaped NUL byte", BYTES("\"\\\0\""), "invalid escape at byte 1"},
	{"short \\u", BYTES("\"\\u12\""), "invalid escape at byte 1"},
	{"high surrogate alone", BYTES("\"\\ud800\""), "surrogate at byte 1"},
	{"high surrogate twice", BYTES("\"\\ud800\\ud800\""),
	 "lone surrogate at byte 1"},
	{"high surrogate at the end", BYTES("\"\\ud800\\u"),
	 "lone surrogate at byte 1"},
	{"low surrogate alone", BYTES("\"\\udc00\""), "surrogate at byte 1"},
	{"surrogate in UTF-8", BYTES("\"\xed\xa0\x80\""), "UTF-8 at byte 1"},
	{"overlong slash", BYTES("\"\xc0\xaf\""), "invalid UTF-8 at byte 1"},
	{"overlong NUL", BYTES("\"\xc0\x80\""), "invalid UTF-8 at byte 1"},
	{"past U+10FFFF", BYTES("\"\xf4\x90\x80\x80\""), "UTF-8 at byte 1"},
	{"stray continuation", BYTES("\"a\x80\""), "invalid UTF-8 at byte 2"},
	{"cut character", BYTES("\"\xe2\x82"), "invalid UTF-8 at byte 1"},
	{"invalid UTF-8 in a key", BYTES("{\"\xff\": 1}"), "UTF-8 at byte 2"},
	{"Latin-1", BYTES("\"\xe9\""), "invalid UTF-8 at byte 1"},
	{"trailing comma in an array", BYTES("[1,]"), "missing at byte 3"},
	{"trailing comma in an object", BYTES("{\"a\":1,}"),
	 "a key is missing at byte 7"},
	{"no comma", BYTES("[1 2]"), "',' or ']' is missing at byte 3"},
	{"no colon", BYTES("{\"a\" 1}"), "':' is missing at byte 5"},
	{"no value", BYTES("{\"a\":}"), "a value is missing at byte 5"},
	{"a key that is no string", BYTES("{1: 2}"),
	 "key is missing at byte"
	 " 1"},
	{"brackets crossed", BYTES("[}"), "a value is missing at byte 1"},
	{"closing bracket only", BYTES("]"), "a value is missing at byte 0"},
	{"unfinished array", BYTES("[1"), "',' or ']' is missing at byte 2"},
	{"unfinished object", BYTES("{\"a\": [{"), "missing at byte 8"},
	{"no-break space", BYTES("\xc2\xa0 1"), "value is missing at byte 0"},
	{"a key twice", BYTES("{\"a\": 1, \"b\": 2, \"a\": 3}"),
	 "the same key twice at byte 17"},
	{"a key twice, once escaped", BYTES("{\"a\": 1, \"\\u0061\": 2}"),
	 "the same key twice at byte 9"},
	{"a key twice, escaped first", BYTES("{\"\\u0061\": 1, \"a\": 2}"),
	 "the same key twice at byte 14"},
	{"a key twice, short escape",
	 BYTES("{\"x\\n/\": 1, \"x\\u000a\\/\": 2}"),
	 "the same key twice at byte 12"},
	{"a key twice, one by surrogates",
	 BYTES("{\"\xf0\x9f\x98\x80\": 1, \"\\ud83d\\ude00\": 2}"),
	 "the same key twice at byte 12"},
	{"a key twice in an inner object",
	 BYTES("[0, {\"b\": {\"a\": 1, \"a\": 1}}]"),
	 "the same key twice at byte 19"},
};

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* The bytes in memory of just their size, so that ASan sees one past it. */
static int check(const char *data, size_t len, struct sk_err *err)
{
	char *copy = malloc(len ? len : 1);
	int rc;

	memcpy(copy, data, len);
	rc = sk_json_check(copy, len, err);
	free(copy);
	return rc;
}

static void test_tables(void)
{
	struct sk_err err = {0};
	struct sk_json *root;

	for (size_t i = 0; i < SK_COUNTOF(good); i++) {
		bool fine = check(good[i].data, good[i].len, &err) == 0 &&
			    sk_json_parse(&root, good[i].data, good[i].len,
					  &err) == 0;

		if (!ok(fine, "json: accepts %s", good[i].name))
			printf("# %s\n", err.msg);
		if (fine)
			sk_json_free(root);
	}
	for (size_t i = 0; i < SK_COUNTOF(bad); i++) {
		int rc;

		err = (struct sk_err){0};
		rc = check(bad[i].data, bad[i].len, &err);
		if (!ok(rc == -1 && err.code == SK_EDATA &&
				ends_with(err.msg, bad[i].problem),
			"json: refuses %s", bad[i].name))
			printf("# %s\n", err.msg);
	}
}

static int check_nested(size_t depth, const char *open, const char *close)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err;
	int rc;

	for (size_t i = 0; i < depth; i++)
		sk_str_puts(&text, open);
	sk_str_puts(&text, "1");
	for (size_t i = 0; i < depth; i++)
		sk_str_puts(&text, close);
	rc = check(text.ptr, text.len, &err);
	sk_str_free(&text);
	return rc;
}

/* An object of `count` keys, `twin` of them the number of an earlier one. */
static int check_wide(unsigned count, int twin)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err;
	int rc;

	sk_str_puts(&text, "{");
	for (unsigned i = 0; i < count; i++)
		sk_str_addf(&text, "\"key%u\": %u, ", i, i);
	sk_str_addf(&text, "\"key%d\": 0}", twin);
	rc = check(text.ptr, text.len, &err);
	sk_str_free(&text);
	return rc;
}

static void test_sizes(void)
{
	ok(check_nested(64, "[", "]") == 0, "json: accepts depth 64");
	ok(check_nested(65, "[", "]") == -1, "json: refuses depth 65");
	ok(check_nested(64, "{\"a\": ", "}") == 0,
	   "json: accepts objects 64 deep");
	ok(check_nested(100000, "[", "]") == -1,
	   "json: refuses 100,000 brackets");
	ok(check_nested(100000, "{\"a\":", "}") == -1,
	   "json: refuses 100,000 braces");
	for (unsigned count = 31; count <= 34; count++) {
		ok(check_wide(count, -1) == 0,
		   "json: accepts an object with %u keys", count + 1);
		ok(check_wide(count, 0) == -1,
		   "json: sees the first of %u keys again", count);
		ok(check_wide(count, (int)count - 1) == -1,
		   "json: sees the last of %u keys again", count);
	}
	ok(check_wide(200000, -1) == 0, "json: accepts 200,000 keys");
	ok(check_wide(200000, 150000) == -1,
	   "json: sees a twin among 200,000 keys");
}

static void test_reading(void)
{
	static const char text[] =
		"{\"id\": \"x\", \"n\": -3, \"half\": 0.5, \"yes\": true,"
		" \"no\": false, \"nil\": null, \"list\": [1, \"two\"],"
		" \"ID\": \"y\", \"one\": 1.0}";
	struct sk_err err = {0};
	struct sk_json *root = NULL;
	const struct sk_json *v;
	int64_t n = 77;

	if (!ok(sk_json_parse(&root, text, sizeof(text) - 1, &err) == 0,
		"json: parses an object"))
		return;
	is(sk_json_get_text(root, "id"), "x", "json: text of a member");
	is(sk_json_get_text(root, "ID"), "y", "json: keys are case-sensitive");
	ok(!sk_json_get_text(root, "n"), "json: a number has no text");
	ok(sk_json_int(sk_json_get(root, "n"), &n) && n == -3,
	   "json: an integer");
	ok(sk_json_int(sk_json_get(root, "one"), &n) && n == 1,
	   "json: 1.0 is an integer");
	n = 77;
	ok(!sk_json_int(sk_json_get(root, "half"), &n) && n == 77,
	   "json: 0.5 is none, and the target is left alone");
	ok(!sk_json_int(sk_json_get(root, "id"), &n), "json: nor is a text");
	ok(sk_json_is_true(sk_json_get(root, "yes")) &&
		   !sk_json_is_true(sk_json_get(root, "no")) &&
		   sk_json_is_bool(sk_json_get(root, "no")),
	   "json: true and false");
	ok(sk_json_is_null(sk_json_get(root, "nil")) &&
		   !sk_json_is_null(sk_json_get(root, "absent")),
	   "json: null is not absent");
	v = sk_json_first(sk_json_get(root, "list"));
	ok(sk_json_is_number(v) && !sk_json_key(v), "json: first of an array");
	is(sk_json_text(sk_json_next(v)), "two", "json: next of an array");
	ok(!sk_json_next(sk_json_next(v)), "json: an array ends");
	is(sk_json_key(sk_json_first(root)), "id", "json: key of a member");
	ok(!sk_json_get(sk_json_get(sk_json_get(root, "id"), "a"), "b") &&
		   !sk_json_first(NULL) && !sk_json_next(NULL) &&
		   !sk_json_key(NULL) && !sk_json_text(NULL) &&
		   !sk_json_is_object(NULL) && !sk_json_is_array(NULL),
	   "json: look-ups of nothing answer nothing");
	sk_json_free(root);
	sk_json_free(NULL);
}

static void print_is(const char *text, const char *want)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};
	struct sk_json *root = NULL;

	if (sk_json_parse(&root, text, strlen(text), &err) == 0)
		sk_json_print(&out, root);
	if (!ok(strcmp(out.ptr, want) == 0, "json: prints %s", want))
		printf("# got %s %s\n", out.ptr, err.msg);
	sk_json_free(root);
	sk_str_free(&out);
}

static void test_printing(void)
{
	print_is("{}", "{}");
	print_is(" [ ] ", "[]");
	print_is("{\"b\":[1,2,{\"c\":null}],\"a\":true}",
		 "{\"b\": [1, 2, {\"c\": null}], \"a\": true}");
	print_is("[-0,0,9007199254740992,-9007199254740992]",
		 "[0, 0, 9007199254740992, -9007199254740992]");
	print_is("[0.1,1.5e-7,1e300,0.30000000000000004,123456789.125]",
		 "[0.1, 1.5e-07, 1e+300, 0.30000000000000004,"
		 " 123456789.125]");
	print_is("\"\\u00e9\xc3\xa9\\/\\ud83d\\ude00\xf0\x9f\x98\x80\"",
		 "\"\\u00e9\\u00e9/\\ud83d\\ude00\\ud83d\\ude00\"");
	print_is("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"",
		 "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"");
	print_is("{\"\\u20ac\":0}", "{\"\\u20ac\": 0}");
}

/* Each pair of bytes at each place of the eight that are looked at at once. */
static void test_plain(void)
{
	char text[20];
	bool plain[256];
	size_t wrong = 0;

	for (int c = 0; c < 256; c++)
		plain[c] = c >= ' ' && c <= '~' && !strchr("\"\\", c);
	for (unsigned i = 0; i < 256u * 256 * 9; i++) {
		unsigned char a = (unsigned char)i, b = (unsigned char)(i >> 8);
		size_t at = i >> 16, want = sizeof(text);

		memset(text, 'x', sizeof(text));
		text[at] = (char)a;
		text[at + 1] = (char)b;
		if (!plain[a])
			want = at;
		else if (!plain[b])
			want = at + 1;
		wrong += sk_json_plain_len(text, sizeof(text)) != want;
	}
	ok(!wrong, "plain: up to the first byte that is not");
	ok(sk_json_plain_len("xxxxxxxxx\"", 9) == 9 &&
		   sk_json_plain_len("xxxxxxxxx", 7) == 7 &&
		   sk_json_plain_len("", 0) == 0,
	   "plain: no more than there is");
}

static void test_writer(void)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "bad", "a\xff\xe2\x82z");
	sk_jsonw_text(&w, "none", NULL);
	sk_jsonw_int(&w, "least", INT64_MIN);
	sk_jsonw_array(&w, "list");
	sk_jsonw_array(&w, NULL);
	sk_jsonw_end_array(&w);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_end_object(&w);
	sk_jsonw_bool(&w, NULL, true);
	sk_jsonw_raw(&w, NULL, "[ ]", 3);
	sk_jsonw_end_array(&w);
	sk_jsonw_null(&w, "nil");
	sk_jsonw_value(&w, "absent", NULL);
	sk_jsonw_end_object(&w);
	is(out.ptr,
	   "{\"bad\": \"a\\ufffd\\ufffd\\ufffdz\", \"none\": null,"
	   " \"least\": -9223372036854775808,"
	   " \"list\": [[], {}, true, [ ]], \"nil\": null,"
	   " \"absent\": null}",
	   "json: the writer puts commas where they belong");
	sk_str_free(&out);
}

static int secrets_freed;

/* What is given back is looked at once more. */
static void look_and_free(void *block)
{
	static const char secret[] = "swordfish";

	if (block && memmem(block, malloc_usable_size(block), secret,
			    sizeof(secret) - 1))
		secrets_freed++;
	free(block);
}

static void test_wiping(void)
{
	static const char text[] =
		"{\"a\": [{\"b\": \"swordfish\"}, 1], \"c\": \"swordfish!\"}";
	cJSON_Hooks hooks = {malloc, look_and_free};
	struct sk_json *root = NULL;
	struct sk_err err;

	cJSON_InitHooks(&hooks);
	ok(sk_json_parse(&root, text, sizeof(text) - 1, &err) == 0,
	   "wipe: a document");
	sk_json_free(root);
	ok(secrets_freed == 2, "wipe: what is merely freed can be read");
	secrets_freed = 0;
	if (sk_json_parse(&root, text, sizeof(text) - 1, &err) < 0)
		abort();
	sk_json_wipe(root);
	sk_json_wipe(NULL);
	ok(secrets_freed == 0, "wipe: no text stays in memory");
	cJSON_InitHooks(NULL);
}

int main(void)
{
	test_tables();
	test_sizes();
	test_reading();
	test_printing();
	test_plain();
	test_writer();
	test_wiping();
	return done_testing();
}
