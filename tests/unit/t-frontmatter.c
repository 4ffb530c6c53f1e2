/* SPDX-License-Identifier: MIT */
/* The front matter of work package files: read, and changed in place. */
#include "mission/activity.h"
#include "mission/frontedit.h"
#include "mission/frontmatter.h"
#include "tests/unit/tap.h"

/* dependencies | requirement_refs | owned_files */
static const struct {
	const char *title, *text, *lists;
} files[] = {
	{"block lists",
	 "dependencies:\n- WP01\n- WP02\nowned_files:\n  - src/**\n",
	 "WP01,WP02||src/**"},
	{"lists in brackets",
	 "dependencies: [WP01, \"WP05\"]\nowned_files: [T001]\n",
	 "WP01,WP05||T001"},
	{"an empty list as a text", "dependencies: \"[]\"\n", "||"},
	{"a list in a text", "dependencies: '[WP01, WP02]'\n", "WP01,WP02||"},
	{"words in quotes in a text", "dependencies: '[\"WP01\", \"WP05\"]'\n",
	 "WP01,WP05||"},
	{"a text that begins or ends with a bracket alone",
	 "owned_files: src/x, lib/[ab]\ndependencies: '[ab]/c, T1'\n",
	 "[ab]/c,T1||src/x,lib/[ab]"},
	{"a text with commas", "dependencies: WP01,  WP02 ,\n", "WP01,WP02||"},
	{"a lone text", "dependencies: WP01\n", "WP01||"},
	{"none", "dependencies: None\n", "||"},
	{"null", "dependencies:\nrequirement_refs: ~\n", "||"},
	{"the other key", "depends_on: [WP03]\n", "WP03||"},
	{"the other key beside an empty one",
	 "dependencies: []\ndepends_on: [WP03]\n", "WP03||"},
	{"requirements as a text", "requirement_refs: fr-001, NFR-2\n",
	 "|FR-001,NFR-2|"},
	{"mappings in a list aside", "owned_files:\n- {id: T001}\n- T002\n",
	 "||T002"},
	{"a mapping aside", "dependencies: {WP01: x}\n", "||"},
};

static void put(struct sk_str *out, const struct sk_words *words, char end)
{
	for (size_t i = 0; i < words->len; i++)
		sk_str_addf(out, "%s%s", i ? "," : "", words->items[i]);
	if (end)
		sk_str_putc(out, end);
}

static void test_lists(void)
{
	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		struct sk_str file = SK_STR_INIT, got = SK_STR_INIT;
		struct sk_err err = {0};
		struct sk_wp wp;

		sk_str_addf(&file, "---\n%s---\n# body\n", files[i].text);
		if (!ok(sk_wp_read(&wp, file.ptr, file.len, &err) == 0,
			"read: %s", files[i].title))
			printf("# %s\n", err.msg);
		put(&got, &wp.dependencies, '|');
		put(&got, &wp.requirement_refs, '|');
		put(&got, &wp.owned_files, '\0');
		is(got.ptr, files[i].lists, files[i].title);
		sk_wp_free(&wp);
		sk_str_free(&got);
		sk_str_free(&file);
	}
}

static void test_texts(void)
{
	static const char text[] =
		"\xef\xbb\xbf---\r\nwork_package_id: WP07\r\n"
		"title: \"a: b\" # c\r\nagent:\r\n  tool: claude\r\n"
		"shell_pid: 012\r\nscope: codebase-wide\r\nbase_commit:\r\n"
		"lane: lane-a\r\nmine: [x]\r\n---";
	struct sk_err err = {0};
	struct sk_wp wp;

	ok(sk_wp_read(&wp, text, strlen(text), &err) == 0 &&
		   strcmp(wp.id, "WP07") == 0 &&
		   strcmp(wp.title, "a: b") == 0 &&
		   strcmp(wp.agent, "claude") == 0 &&
		   strcmp(wp.shell_pid, "012") == 0 &&
		   strcmp(wp.scope, "codebase-wide") == 0 && !wp.base_commit,
	   "read: texts, with BOM and CRLF and without a last line end");
	sk_wp_free(&wp);
	ok(sk_wp_read(&wp, "---\nagent: \"\"\n---\n", 18, &err) == 0 &&
		   !wp.agent,
	   "read: a text that is empty is none");
	sk_wp_free(&wp);
	ok(sk_wp_read(&wp, "# x\n", 4, &err) == 1,
	   "read: a file may have no front matter");
	sk_wp_free(&wp);
	ok(sk_wp_read(&wp, "---\n---\n", 8, &err) == 0 && !wp.id[0],
	   "read: a front matter may be empty");
	sk_wp_free(&wp);
	ok(sk_wp_read(&wp, "---\na: b\nc: d: e\n---\n", 20, &err) == -1 &&
		   strstr(err.msg, "line 3"),
	   "read: what is no YAML is told by the line of the file");
	sk_wp_free(&wp);
	ok(sk_wp_read(&wp, "---\n- a\n---\n", 12, &err) == -1,
	   "read: a list is no front matter");
	sk_wp_free(&wp);
}

#define REFUSED "refused"
#define SAME	"same"

static const struct {
	const char *title, *before, *key, *value, *after;
} texts[] = {
	{"a value", "---\na: b\nagent: x\n---\nz", "agent", "y",
	 "---\na: b\nagent: \"y\"\n---\nz"},
	{"a value with a comment", "---\nagent: x   # DO NOT\n---\n", "agent",
	 "y", "---\nagent: \"y\"   # DO NOT\n---\n"},
	{"blanks behind a value", "---\nagent: x  \nb: c\n---\n", "agent", "y",
	 "---\nagent: \"y\"\nb: c\n---\n"},
	{"quotes with a hash within", "---\nagent: \"x # y\" # c\n---\n",
	 "agent", "y", "---\nagent: \"y\" # c\n---\n"},
	{"single quotes", "---\nagent: 'it''s # x' # c\n---\n", "agent", "y",
	 "---\nagent: \"y\" # c\n---\n"},
	{"a plain value with a hash within", "---\nagent: x#y's # c\n---\n",
	 "agent", "y", "---\nagent: \"y\" # c\n---\n"},
	{"nothing", "---\nagent:\nb: c\n---\n", "agent", "y",
	 "---\nagent: \"y\"\nb: c\n---\n"},
	{"nothing but a comment", "---\nagent: # who\n---\n", "agent", "y",
	 "---\nagent: \"y\" # who\n---\n"},
	{"CRLF", "---\r\nagent: x\r\nb: c\r\n---\r\n", "agent", "y",
	 "---\r\nagent: \"y\"\r\nb: c\r\n---\r\n"},
	{"BOM and no last line end", "\xef\xbb\xbf---\nagent: x\n---", "agent",
	 "y", "\xef\xbb\xbf---\nagent: \"y\"\n---"},
	{"a block text", "---\nagent: |\n  x\n\n  # y\n\n# mine\nb: c\n---\n",
	 "agent", "y", "---\nagent: \"y\"\n\n# mine\nb: c\n---\n"},
	{"a mapping", "---\nagent:\n  tool: x # c\nb: c\n---\n", "agent", "y",
	 "---\nagent: \"y\"\nb: c\n---\n"},
	{"the same value", "---\nagent: y # c\n---\n", "agent", "y", SAME},
	{"an odd value", "---\nagent: x\n---\n", "agent",
	 "a\"b\\c\nd\xe2\x80\xa8\xc3\xa9 # e",
	 "---\nagent: \"a\\\"b\\\\c\\nd\\u2028\xc3\xa9 # e\"\n---\n"},
	{"a key that another begins with", "---\nagents: x\n---\n", "agent",
	 "y", "---\nagents: x\nagent: \"y\"\n---\n"},
	{"a key of a mapping", "---\na:\n  agent: x\nhistory: []\n---\n",
	 "agent", "y", "---\na:\n  agent: x\nagent: \"y\"\nhistory: []\n---\n"},
	{"a new key in its place",
	 "---\ntitle: x\nsubtasks:\n- T1\n\n# c\nhistory: []\n---\n", "agent",
	 "y",
	 "---\ntitle: x\nsubtasks:\n- T1\nagent: \"y\"\n\n# c\nhistory: "
	 "[]\n---\n"},
	{"a new key in front of a later one", "---\nscope: x\n---\n", "agent",
	 "y", "---\nagent: \"y\"\nscope: x\n---\n"},
	{"a new key before history", "---\nhistory: []\nz: x\n---\n",
	 "reviewed_by", "y",
	 "---\nreviewed_by: \"y\"\nhistory: []\nz: x\n---\n"},
	{"a new key that has no place",
	 "---\ntitle: x\nz: x\nhistory: []\n---\n", "mine", "y",
	 "---\ntitle: x\nz: x\nmine: \"y\"\nhistory: []\n---\n"},
	{"a new key at the end", "---\nz: x\n---\nb", "reviewed_by", "y",
	 "---\nz: x\nreviewed_by: \"y\"\n---\nb"},
	{"a new key into nothing", "---\r\n---", "agent", "y",
	 "---\r\nagent: \"y\"\r\n---"},
	{"the first of two", "---\nagent: x\nagent: z\n---\n", "agent", "y",
	 "---\nagent: \"y\"\nagent: z\n---\n"},
	{"a key in quotes", "---\n\"agent\": x\n---\n", "agent", "y", REFUSED},
	{"one line of braces", "---\n{agent: x}\n---\n", "agent", "y", REFUSED},
	{"a value that is no UTF-8", "---\nagent: x\n---\n", "agent", "\xff",
	 REFUSED},
	{"no front matter", "agent: x\n", "agent", "y", REFUSED},
	{"no end", "---\nagent: x\n", "agent", "y", REFUSED},
	{"no YAML", "---\nagent: x\nb: [c\n---\n", "agent", "y", REFUSED},
	{"nothing at all", "", "agent", "y", REFUSED},
};

static void check_edit(const struct sk_str *file, int rc,
		       const struct sk_err *err, const char *before,
		       const char *after, const char *title)
{
	int want = strcmp(after, REFUSED) == 0 ? -1
		   : strcmp(after, SAME) == 0  ? 1
					       : 0;

	if (!ok(rc == want, "set: %s", title))
		printf("# %d %s\n", rc, err->msg);
	is(file->ptr, want ? before : after, title);
}

static void test_set(void)
{
	for (size_t i = 0; i < SK_COUNTOF(texts); i++) {
		struct sk_str file = SK_STR_INIT;
		struct sk_err err = {0};
		int rc;

		sk_str_puts(&file, texts[i].before);
		rc = sk_front_set(&file, texts[i].key, texts[i].value, &err);
		check_edit(&file, rc, &err, texts[i].before, texts[i].after,
			   texts[i].title);
		sk_str_free(&file);
	}
}

static const struct {
	const char *title, *before, *values, *after;
} lists[] = {
	{"a list in place of an empty one",
	 "---\ndependencies: [] # c\na: b\n---\n", "WP01,WP02",
	 "---\ndependencies: # c\n- WP01\n- WP02\na: b\n---\n"},
	{"a list with its indent and comments",
	 "---\ndependencies: # c\n  - \"WP01\" # x\n  - WP03\n\n# e\na: "
	 "b\n---\n",
	 "WP01,WP02",
	 "---\ndependencies: # c\n  - \"WP01\" # x\n  - WP02\n\n# e\na: "
	 "b\n---\n"},
	{"a list in brackets", "---\ndependencies: [WP01] # c\n---\n",
	 "WP01,WP02", "---\ndependencies: [WP01, WP02] # c\n---\n"},
	{"brackets over lines", "---\ndependencies: [\n  WP01,\n]\na: b\n---\n",
	 "WP02", "---\ndependencies:\n- WP02\na: b\n---\n"},
	{"a text", "---\ndependencies: WP01, WP02\n---\n", "WP02",
	 "---\ndependencies:\n- WP02\n---\n"},
	{"no item any more", "---\ndependencies:\n- WP01\na: b\n---\n", "",
	 "---\ndependencies: []\na: b\n---\n"},
	{"the same list", "---\ndependencies: [WP01, 'WP02']\n---\n",
	 "WP01,WP02", SAME},
	{"a new key", "---\r\ntitle: x\r\nsubtasks: []\r\n---\r\n", "WP01",
	 "---\r\ntitle: x\r\ndependencies:\r\n- WP01\r\nsubtasks: "
	 "[]\r\n---\r\n"},
	{"items that YAML could misread", "---\nsubtasks: []\n---\n",
	 "*.c,true,1,- x,a: b,src/**,[ab]/c,./x,2026-01-01",
	 "---\ndependencies:\n- \"*.c\"\n- \"true\"\n- \"1\"\n- \"- x\"\n"
	 "- \"a: b\"\n- src/**\n- \"[ab]/c\"\n- ./x\n- \"2026-01-01\"\n"
	 "subtasks: []\n---\n"},
};

static void test_set_list(void)
{
	for (size_t i = 0; i < SK_COUNTOF(lists); i++) {
		struct sk_str file = SK_STR_INIT;
		struct sk_words values = SK_WORDS_INIT;
		struct sk_err err = {0};
		const char *at = lists[i].values;
		int rc;

		while (*at) {
			size_t len = strcspn(at, ",");

			sk_words_add_len(&values, at, len);
			at += len + (at[len] == ',');
		}
		sk_str_puts(&file, lists[i].before);
		rc = sk_front_set_list(&file, "dependencies", &values, &err);
		check_edit(&file, rc, &err, lists[i].before, lists[i].after,
			   lists[i].title);
		sk_words_free(&values);
		sk_str_free(&file);
	}
}

static const struct {
	const char *title, *before, *after;
} logs[] = {
	{"behind the last entry", "## Activity Log\n\n- a\n\n## Next\n",
	 "## Activity Log\n\n- a\n- e f\n\n## Next\n"},
	{"at the end of the file", "# x\n\n## Activity Log\n- a\n",
	 "# x\n\n## Activity Log\n- a\n- e f\n"},
	{"without a last line end", "## Activity Log\n- a",
	 "## Activity Log\n- a\n- e f"},
	{"with CRLF", "## Activity Log\r\n- a\r\n\r\n## Next\r\n",
	 "## Activity Log\r\n- a\r\n- e f\r\n\r\n## Next\r\n"},
	{"first entry", "## Activity Log\n\n## Next\n",
	 "## Activity Log\n\n- e f\n\n## Next\n"},
	{"new section", "# x\n", "# x\n\n## Activity Log\n\n- e f\n"},
	{"new section with CRLF, no last line end", "# x\r\ny",
	 "# x\r\ny\r\n\r\n## Activity Log\r\n\r\n- e f\r\n"},
	{"empty file", "", "## Activity Log\n\n- e f\n"},
	{"not into code", "```\n## Activity Log\n```\n",
	 "```\n## Activity Log\n```\n\n## Activity Log\n\n- e f\n"},
	{"not into its subsections only", "## Activity Log\n### May\n- a\n",
	 "## Activity Log\n### May\n- a\n- e f\n"},
	{"into the last of two", "## Activity Log\n- a\n## Activity Log\n- b\n",
	 "## Activity Log\n- a\n## Activity Log\n- b\n- e f\n"},
};

static void test_follow(void)
{
	struct sk_str head = SK_STR_INIT, work = SK_STR_INIT;
	struct sk_words starts = SK_WORDS_INIT;

	sk_str_set(&head, "## Activity Log\n- t1 a x\n- t1 a x\n");
	sk_str_set(&work, "mine\r\n## Activity Log\r\n- t1 a x\r\n"
			  "- t1 a x\r\n- t1 a x\r\n- t2 b y\r\n- t3 c z\r\n"
			  "```\n- t2 b in code\n```\n## Next\n- t2 b no\n");
	ok(sk_activity_count(&work, "t1 a\nx ") == 3,
	   "activity: an entry is counted");
	ok(sk_activity_count(&work, "t2 b no") == 0 &&
		   sk_activity_count(&work, "t2 b in code") == 0,
	   "activity: in its section alone");
	ok(sk_activity_follow(&head, &work, &starts) == 0,
	   "activity: nothing begins like nothing");
	sk_words_add(&starts, "t1 a ");
	sk_words_add(&starts, "t2 b ");
	ok(sk_activity_follow(&head, &work, &starts) == 2,
	   "activity: what is lacking, as often as it is");
	is(head.ptr,
	   "## Activity Log\n- t1 a x\n- t1 a x\n- t1 a x\n- t2 b y\n",
	   "activity: ours alone are taken along");
	ok(sk_activity_follow(&head, &work, &starts) == 0,
	   "activity: and once");
	sk_words_free(&starts);
	sk_str_free(&head);
	sk_str_free(&work);
}

int main(void)
{
	struct sk_str text = SK_STR_INIT;

	test_follow();
	test_lists();
	test_texts();
	test_set();
	test_set_list();
	for (size_t i = 0; i < SK_COUNTOF(logs); i++) {
		sk_str_set(&text, logs[i].before);
		sk_activity_add(&text, "e\nf");
		is(text.ptr, logs[i].after, logs[i].title);
	}
	sk_str_clear(&text);
	sk_activity_entry(&text, 1779693360123456, "claude", NULL, "Moved");
	is(text.ptr,
	   "2026-05-25T07:16:00Z \xe2\x80\x93 claude \xe2\x80\x93 Moved",
	   "entry: whole seconds, en dashes");
	sk_str_clear(&text);
	sk_activity_entry(&text, 1779693360123456, "claude", "12", "Moved");
	is(text.ptr,
	   "2026-05-25T07:16:00Z \xe2\x80\x93 claude \xe2\x80\x93 "
	   "shell_pid=12 \xe2\x80\x93 Moved",
	   "entry: with a process");
	sk_str_free(&text);
	return done_testing();
}
