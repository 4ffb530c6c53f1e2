/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "format/toml.h"
#include "tap.h"

/* The two forms of the credentials file that exist. */
static const char credentials[] =
	"[tokens]\n"
	"access = \"a.b.c\"\n"
	"refresh = \"r\"\n"
	"access_expires_at = \"2026-05-25T07:16:00+00:00\"\n"
	"refresh_expires_at = 2026-06-01T07:16:00Z\n"
	"\n"
	"[user]\n"
	"username = \"dev\"\n"
	"team_slug = 'team-1'\n"
	"\n"
	"[server]\n"
	"url = \"https://example.com\"  # the team's\n";

static const char expiries[] = "[tokens]\n"
			       "access = \"a\"\n"
			       "refresh = \"r\"\n"
			       "[expiries]\n"
			       "access = \"2026-05-25T07:16:00Z\"\n"
			       "refresh = 2026-06-01 07:16:00\n";

static const struct {
	const char *name;
	const char *data;
	const char *path;
	const char *want; /* NULL: there is none */
} found[] = {
	{"a string", credentials, "tokens.access", "a.b.c"},
	{"a time in a string", credentials, "tokens.access_expires_at",
	 "2026-05-25T07:16:00+00:00"},
	{"a time", credentials, "tokens.refresh_expires_at",
	 "2026-06-01T07:16:00Z"},
	{"a literal string", credentials, "user.team_slug", "team-1"},
	{"a value before a comment", credentials, "server.url",
	 "https://example.com"},
	{"nothing without its table", credentials, "url", NULL},
	{"nothing by a table's name", credentials, "server", NULL},
	{"an access token beside expiries", expiries, "tokens.access", "a"},
	{"an expiry of its own section", expiries, "expiries.access",
	 "2026-05-25T07:16:00Z"},
	{"a time with a space", expiries, "expiries.refresh",
	 "2026-06-01 07:16:00"},
	{"a key at the top", "a = 1\n[b]\na = 2\n", "a", "1"},
	{"a key in a table", "a = 1\n[b]\na = 2\n", "b.a", "2"},
	{"a dotted key", "[a]\nb . c = true\n", "a.b.c", "true"},
	{"a dotted table", "[ a . \"b\" ]\nc = -1.5e3\n", "a.b.c", "-1.5e3"},
	{"a quoted key with a dot", "'a.b' = 1\n", "\"a.b\"", "1"},
	{"not that one as two", "'a.b' = 1\n", "a.b", NULL},
	{"no line end at the end", "a = +inf", "a", "+inf"},
	{"CRLF", "a = 1\r\n[b]\r\nc = \"d\"\r\n", "b.c", "d"},
	{"escapes", "a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"\n", "a",
	 "\b\t\n\f\r\"\\\xc3\xa9\xf0\x9f\x98\x80"},
	{"no escapes in a literal", "a = 'b\\n'\n", "a", "b\\n"},
	{"an empty string", "a = \"\"\n", "a", ""},
	{"an empty key", "\"\" = 1\n", "\"\"", "1"},
	{"a key in a table with an empty name", "[\"\"]\na = 1\n", "\"\".a",
	 "1"},
	{"nothing of it at the top", "[\"\"]\na = 1\n", "a", NULL},
	{"a hash in a string", "a = \"b # c\"\n", "a", "b # c"},
	{"a key behind an array", "a = [1, [\"]\", ']'], # ]\n2]\nb = 3\n", "b",
	 "3"},
	{"a key behind an inline table", "a = {b = \"}\", c = [{}]}\nb = 3\n",
	 "b", "3"},
	{"a key behind a long string",
	 "a = \"\"\"\nb = 1 \\\"\"\" \"\"\"\"\"\nb = 3\n", "b", "3"},
	{"a key behind a long literal", "a = '''\nb = 1 \\''''\nb = 3\n", "b",
	 "3"},
	{"nothing in an array", "a = [1]\n", "a", NULL},
	{"nothing in an inline table", "a = {b = 1}\n", "a.b", NULL},
	{"nothing in an array of tables", "[[a]]\nb = 1\n[[a]]\nb = 2\n", "a.b",
	 NULL},
	{"a table behind one", "[[a]]\nb = 1\n[c]\nb = 2\n", "c.b", "2"},
	{"nothing in nothing", "", "a", NULL},
};

static const struct {
	const char *name;
	const char *data;
	size_t len; /* 0: that of the text */
	const char *problem;
} refused[] = {
	{"no value", "a =\n", 0, "invalid value in line 1"},
	{"no equals sign", "\n\na 1\n", 0, "'=' is missing in line 3"},
	{"no key", "= 1\n", 0, "a key is missing in line 1"},
	{"an empty part of a key", "a..b = 1\n", 0, "a key is missing"},
	{"a bare word", "a = b\n", 0, "invalid value in line 1"},
	{"a capital True", "a = True\n", 0, "invalid value in line 1"},
	{"two values", "a = 1 2\n", 0, "more than one value in line 1"},
	{"two statements", "a = 1 b = 2\n", 0, "more than one value"},
	{"an open string", "a = \"b\n", 0, "unfinished string in line 1"},
	{"an open long string", "a = '''b\n\n", 0, "unfinished string"},
	{"an open array", "a = [1,\n", 0, "unfinished array"},
	{"crossed brackets", "a = [{]}\n", 0, "brackets don't match"},
	{"an open header", "[a\n", 0, "']' is missing in line 1"},
	{"half an array header", "[[a]\n", 0, "']' is missing in line 1"},
	{"an empty header", "[]\n", 0, "a key is missing in line 1"},
	{"an unknown escape", "a = \"\\x\"\n", 0, "invalid escape"},
	{"a short escape", "a = \"\\u12\"\n", 0, "invalid escape"},
	{"U+0000", "a = \"\\u0000\"\n", 0, "invalid character"},
	{"a surrogate", "a = \"\\ud800\"\n", 0, "invalid character"},
	{"past U+10FFFF", "a = \"\\U00110000\"\n", 0, "invalid character"},
	{"a key twice", "[a]\nb = 1\n\nb = 2\n", 0, "name twice in line 4"},
	{"a key twice, once quoted", "b = 1\n\"b\" = 2\n", 0,
	 "the same name twice in line 2"},
	{"a table twice", "[a]\n[b]\n[a]\n", 0, "name twice in line 3"},
	{"invalid UTF-8", "a = 1\n# \xff\n", 0, "invalid UTF-8 in line 2"},
	{"a byte order mark",
	 "\xef\xbb\xbf"
	 "a = 1\n",
	 0, "a key is missing in line 1"},
	{"a control character", "a = 1\nb = \"\x1b\"\n", 0,
	 "a control character in line 2"},
	{"a lone carriage return", "a = 1\rb = 2\n", 0, "control character"},
	{"a NUL", "a = 1\n\0", 7, "a control character in line 2"},
};

static int get(struct sk_str *out, const char *data, size_t len,
	       const char *path, struct sk_err *err)
{
	char *copy = malloc(len ? len : 1);
	int rc;

	memcpy(copy, data, len);
	rc = sk_toml_get(out, copy, len, path, err);
	free(copy);
	return rc;
}

static void test_get(void)
{
	struct sk_str out = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(found); i++) {
		struct sk_err err = {0};
		const char *data = found[i].data;
		int rc;

		sk_str_set(&out, "left alone");
		rc = get(&out, data, strlen(data), found[i].path, &err);
		if (!ok(rc == !found[i].want &&
				strcmp(out.ptr, found[i].want
							? found[i].want
							: "left alone") == 0,
			"toml: finds %s", found[i].name))
			printf("# %d '%s' %s\n", rc, out.ptr, err.msg);
	}
	for (size_t i = 0; i < SK_COUNTOF(refused); i++) {
		struct sk_err err = {0};
		const char *data = refused[i].data;
		size_t len = refused[i].len ? refused[i].len : strlen(data);
		int rc = get(&out, data, len, "a", &err);

		if (!ok(rc == -1 && err.code == SK_EDATA &&
				strstr(err.msg, refused[i].problem),
			"toml: refuses %s", refused[i].name))
			printf("# %d %s\n", rc, err.msg);
	}
	sk_str_free(&out);
}

static void test_nesting(void)
{
	struct sk_str text = SK_STR_INIT, out = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_puts(&text, "a = ");
	for (int i = 0; i < 100000; i++)
		sk_str_putc(&text, '[');
	ok(get(&out, text.ptr, text.len, "a", &err) == -1,
	   "toml: refuses 100,000 brackets");
	sk_str_clear(&text);
	for (int i = 0; i < 50000; i++)
		sk_str_addf(&text, "k%d = %d\n", i, i);
	ok(get(&out, text.ptr, text.len, "k49999", &err) == 0 &&
		   strcmp(out.ptr, "49999") == 0,
	   "toml: reads 50,000 keys");
	sk_str_free(&out);
	sk_str_free(&text);
}

static const struct {
	const char *name;
	const char *before, *table, *key, *value;
	const char *after; /* NULL: refused */
} set[] = {
	{"replaces a value only", "# c\n[a]\n b  =  \"x\" # d\n[c]\nb = 1\n",
	 "a", "b", "y", "# c\n[a]\n b  =  \"y\" # d\n[c]\nb = 1\n"},
	{"keeps CRLF", "[a]\r\nb = 1\r\nc = 2\r\n", "a", "b", "y",
	 "[a]\r\nb = \"y\"\r\nc = 2\r\n"},
	{"adds behind the last key of the table",
	 "[a]\nb = 1 # c\n\n# of d\n[d]\n", "a", "e", "y",
	 "[a]\nb = 1 # c\ne = \"y\"\n\n# of d\n[d]\n"},
	{"adds behind an empty table's header", "[a]\n[d]\n", "a", "e", "y",
	 "[a]\ne = \"y\"\n[d]\n"},
	{"adds a line end first", "[a]", "a", "e", "y", "[a]\ne = \"y\"\n"},
	{"adds a table", "b = 1\n", "a", "e", "y", "b = 1\n\n[a]\ne = \"y\"\n"},
	{"adds a table to nothing", "", "a", "e", "y", "[a]\ne = \"y\"\n"},
	{"adds a table behind a line without end", "b = 1", "a", "e", "y",
	 "b = 1\n\n[a]\ne = \"y\"\n"},
	{"adds at the top", "# c\nb = 1\n[a]\n", "", "e", "y",
	 "# c\nb = 1\ne = \"y\"\n[a]\n"},
	{"adds at the top, before all tables", "[a]\nb = 1\n", "", "e", "y",
	 "e = \"y\"\n[a]\nb = 1\n"},
	{"replaces a dotted key", "a.b = 1\n", "a", "b", "y", "a.b = \"y\"\n"},
	{"adds a dotted key beside another", "a.b = 1\n[c]\n", "a", "e", "y",
	 "a.b = 1\na.e = \"y\"\n[c]\n"},
	{"replaces an array", "[a]\nb = [1,\n2]\nc = 3\n", "a", "b", "y",
	 "[a]\nb = \"y\"\nc = 3\n"},
	{"adds a table above one", "[a.b]\nc = 1\n", "a", "e", "y",
	 "[a.b]\nc = 1\n\n[a]\ne = \"y\"\n"},
	{"quotes what must be", "", "a", "b c", "\"\\\n\x01\xff\xc3\xa9",
	 "[a]\n\"b c\" = \"\\\"\\\\\\n\\u0001\xef\xbf\xbd\xc3\xa9\"\n"},
	{"refuses an inline table", "a = {b = 1}\n", "a", "b", "y", NULL},
	{"refuses a scalar as table", "a = 1\n", "a", "b", "y", NULL},
	{"refuses an array of tables", "[[a]]\nb = 1\n", "a", "b", "y", NULL},
	{"refuses what it cannot read", "a = \n", "a", "b", "y", NULL},
};

static void test_set(void)
{
	struct sk_str out = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(set); i++) {
		const char *before = set[i].before;
		struct sk_err err = {0};
		int rc;

		sk_str_clear(&out);
		rc = sk_toml_set(&out, before, strlen(before), set[i].table,
				 set[i].key, set[i].value, &err);
		if (!ok(set[i].after
				? rc == 0 && !strcmp(out.ptr, set[i].after)
				: rc == -1 && err.code == SK_EDATA && !out.len,
			"toml: set %s", set[i].name))
			printf("# %d %s\n# %s\n", rc, out.ptr, err.msg);
	}
	sk_str_free(&out);
}

int main(void)
{
	test_get();
	test_nesting();
	test_set();
	return done_testing();
}
