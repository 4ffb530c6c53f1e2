/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "format/yaml.h"
#include "tap.h"

#define P "project.uuid"

static const struct {
	const char *name;
	const char *data;
	const char *path;
	const char *want; /* NULL: there is none */
} found[] = {
	{"a key", "lane: doing\n", "lane", "doing"},
	{"a nested key", "project:\n  slug: a\n  uuid: b\n", P, "b"},
	{"a flow mapping", "{project: {uuid: b}}", P, "b"},
	{"JSON", "{\"project\": {\"uuid\": \"b\"}}", P, "b"},
	{"double quotes", "lane: \"a\\tb\"\n", "lane", "a\tb"},
	{"single quotes", "lane: 'it''s'\n", "lane", "it's"},
	{"no comment", "lane: doing # now\n", "lane", "doing"},
	{"'on' as text", "lane: on\n", "lane", "on"},
	{"'012' as text", "lane: 012\n", "lane", "012"},
	{"'~' as text", "lane: ~\n", "lane", "~"},
	{"nothing as an empty text", "lane:\nb: c\n", "lane", ""},
	{"a block text", "lane: |\n  a\n  b\n", "lane", "a\nb\n"},
	{"UTF-8", "lane: \xc3\xa9\n", "lane", "\xc3\xa9"},
	{"the first of two", "lane: a\nlane: b\n", "lane", "a"},
	{"the first of two mappings",
	 "project: {slug: a}\nproject: {uuid: b}\n", P, NULL},
	{"a key behind a list", "a: [lane, x]\nlane: c\n", "lane", "c"},
	{"a key behind a mapping", "a: {lane: x}\nlane: c\n", "lane", "c"},
	{"a key behind a mapping as key", "? {lane: x}\n: y\nlane: c\n", "lane",
	 "c"},
	{"nothing in a list", "- lane: a\n", "lane", NULL},
	{"nothing in a list of the key", "project: [{uuid: b}]\n", P, NULL},
	{"nothing in a list as root", "[project, uuid]", P, NULL},
	{"nothing under another key", "a: {uuid: b}\n", P, NULL},
	{"nothing by a key with a dot", "project.uuid: b\n", P, NULL},
	{"nothing by half a key", "proj: {uuid: b}\n", P, NULL},
	{"nothing by a longer key", "projects: {uuid: b}\n", P, NULL},
	{"no mapping as a scalar", "project: {uuid: {a: b}}\n", P, NULL},
	{"no scalar as a mapping", "project: uuid\n", P, NULL},
	{"nothing in a scalar", "lane\n", "lane", NULL},
	{"nothing in nothing", "", "lane", NULL},
	{"nothing at an empty path", "a: b\n", "", NULL},
	{"an anchor without alias", "lane: &x a\n", "lane", "a"},
	{"one document with markers", "---\nlane: a\n...\n", "lane", "a"},
};

static const struct {
	const char *name;
	const char *data;
	const char *problem;
} refused[] = {
	{"an alias bomb",
	 "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nlane: *c\n",
	 "an alias in line 2"},
	{"an alias behind the key", "lane: a\nb: &b c\nd: *b\n",
	 "an alias in line 3"},
	{"a merge key", "a: &a {lane: x}\nb:\n  <<: *a\n", "alias in line 3"},
	{"a tag", "lane: !!str a\n", "a tag in line 1"},
	{"a tag of its own", "lane: !python/object a\n", "a tag in line 1"},
	{"a tagged mapping", "a: b\nlane: !x {}\n", "a tag in line 2"},
	{"a tagged list", "lane: !x []\n", "a tag in line 1"},
	{"two documents", "lane: a\n---\nlane: b\n", "document in line 2"},
	{"an open quote", "lane: \"a\n", "in line 2"},
	{"an open bracket", "a: b\nlane: [a\n", "in line 3"},
	{"a tab as indent", "a:\n\tb: c\n", "in line 2"},
	{"two colons", "a: b: c\n", "in line 1"},
	{"invalid UTF-8", "a: b\nlane: \xff\n", "in line 2"},
	{"overlong UTF-8", "lane: \xc0\xaf\n", "in line 1"},
	{"NUL escaped in the value", "lane: \"a\\0b\"\n",
	 "NUL in a value in line 1"},
	{"17 levels", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
	 "nesting too deep in line 1"},
};

static int get(struct sk_str *out, const char *data, size_t len,
	       const char *path, struct sk_err *err)
{
	char *copy = malloc(len ? len : 1);
	int rc;

	memcpy(copy, data, len);
	rc = sk_yaml_get(out, copy, len, path, err);
	free(copy);
	return rc;
}

static void test_sizes(void)
{
	struct sk_str text = SK_STR_INIT, out = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_puts(&text, "lane: a\n#");
	while (text.len < SK_YAML_MAX_BYTES)
		sk_str_putc(&text, 'x');
	ok(get(&out, text.ptr, text.len, "lane", &err) == 0,
	   "yaml: reads 64 kB");
	sk_str_putc(&text, 'x');
	ok(get(&out, text.ptr, text.len, "lane", &err) == -1 &&
		   err.code == SK_EDATA,
	   "yaml: refuses one byte more");
	sk_str_clear(&text);
	while (text.len < SK_YAML_MAX_BYTES)
		sk_str_putc(&text, '[');
	ok(get(&out, text.ptr, text.len, "lane", &err) == -1,
	   "yaml: refuses 65,536 brackets");
	sk_str_clear(&text);
	while (text.len < SK_YAML_MAX_BYTES - 1)
		sk_str_puts(&text, "- ");
	ok(get(&out, text.ptr, text.len, "lane", &err) == -1,
	   "yaml: refuses 32,767 dashes");
	ok(get(&out, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", 32, "lane", &err) == 1,
	   "yaml: reads 16 levels");
	ok(get(&out, "lane: a\0b\n", 10, "lane", &err) == -1,
	   "yaml: refuses a NUL byte");
	sk_str_free(&out);
	sk_str_free(&text);
}

/* Documents as a whole, in the form json.dumps() gives them. */
static const struct {
	const char *name;
	const char *data;
	const char *want; /* NULL: refused */
} trees[] = {
	{"a mapping", "b: x\na: 012\n", "{\"a\": \"012\", \"b\": \"x\"}"},
	{"a list at column 0", "a:\n- x\n- y\n", "{\"a\": [\"x\", \"y\"]}"},
	{"a flow list", "a: [x, 'y']\nb: []\n",
	 "{\"a\": [\"x\", \"y\"], \"b\": []}"},
	{"a list of mappings", "- {a: b}\n- c: [d]\n",
	 "[{\"a\": \"b\"}, {\"c\": [\"d\"]}]"},
	{"null", "a:\nb: ~\nc: null\nd: \"\"\ne: 'null'\n",
	 "{\"a\": null, \"b\": null, \"c\": null, \"d\": \"\", "
	 "\"e\": \"null\"}"},
	{"the first of two", "a: x\na: y\n", "{\"a\": \"x\"}"},
	{"the first of two trees", "a: [x]\na: {b: [y]}\nc: d\n",
	 "{\"a\": [\"x\"], \"c\": \"d\"}"},
	{"nothing", "", "null"},
	{"a scalar", "x", "\"x\""},
	{"a list as key", "? [a]\n: b\n", NULL},
	{"an alias", "a: &x [b]\nc: *x\n", NULL},
	{"an end within a twin", "a: x\na: [y\n", NULL},
	{"17 levels", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", NULL},
	{"a NUL", "a: [\"b\\0\"]\n", NULL},
};

static void test_trees(void)
{
	for (size_t i = 0; i < SK_COUNTOF(trees); i++) {
		struct sk_str text = SK_STR_INIT;
		struct sk_form *form = NULL;
		struct sk_err err = {0};
		int rc = sk_yaml_read(&form, trees[i].data,
				      strlen(trees[i].data), &err);

		if (rc == 0)
			sk_form_add(&text, form, SK_FORM_LINE);
		if (!ok(rc == (trees[i].want ? 0 : -1) &&
				(rc < 0 ||
				 strcmp(text.ptr, trees[i].want) == 0),
			"yaml: %s %s as a whole",
			trees[i].want ? "reads" : "refuses", trees[i].name))
			printf("# %d %s %s\n", rc, text.ptr, err.msg);
		sk_form_free(form);
		sk_str_free(&text);
	}
}

int main(void)
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
			"yaml: finds %s", found[i].name))
			printf("# %d '%s' %s\n", rc, out.ptr, err.msg);
	}
	for (size_t i = 0; i < SK_COUNTOF(refused); i++) {
		struct sk_err err = {0};
		const char *data = refused[i].data;
		int rc = get(&out, data, strlen(data), "lane", &err);

		if (!ok(rc == -1 && err.code == SK_EDATA &&
				strstr(err.msg, refused[i].problem),
			"yaml: refuses %s", refused[i].name))
			printf("# %d %s\n", rc, err.msg);
	}
	test_trees();
	test_sizes();
	sk_str_free(&out);
	return done_testing();
}
