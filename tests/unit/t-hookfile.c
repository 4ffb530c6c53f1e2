/* SPDX-License-Identifier: MIT */
/* Whose a hook file is, and what it holds: read from its bytes alone. */
#include "setup/look.h"
#include "setup/text.h"
#include "tests/unit/hookbox.h"

static const struct sk_hook_event commit = {"post-commit", false, false, false};

/* Which first lines are those of a shell that can read ours. */
static void test_is_shell(void)
{
	static const struct {
		const char *text, *line;
		bool is_shell;
	} rows[] = {
		{"", "", false},
		{"echo x\n", "", true},
		{"#", "", true},
		{"\n#!/bin/sh\n", "", true},
		{" #!/bin/sh\n", "", true},
		{"#!/bin/sh\n", "#!/bin/sh", true},
		{"#!/bin/sh", "#!/bin/sh", true},
		{"#! /bin/sh -e\nx", "#! /bin/sh -e", true},
		{"#!\t/bin/sh\t-e\n", "#!\t/bin/sh\t-e", true},
		{"#!/usr/bin/dash\n", "#!/usr/bin/dash", true},
		{"#!/bin/ash\n", "#!/bin/ash", true},
		{"#!/opt/my sh/bash\n", "#!/opt/my sh/bash", false},
		{"#!/usr/local/bin/bash -eu\n", "#!/usr/local/bin/bash -eu",
		 true},
		{"#!bash\n", "#!bash", true},
		{"#!/usr/bin/env bash\n", "#!/usr/bin/env bash", true},
		{"#!/usr/bin/env  sh\n", "#!/usr/bin/env  sh", true},
		{"#!/usr/bin/env -S sh -e\n", "#!/usr/bin/env -S sh -e", true},
		{"#!/usr/bin/env -i -S A=b bash\n",
		 "#!/usr/bin/env -i -S A=b bash", true},
		{"#!env bash\n", "#!env bash", true},
		{"#!/usr/bin/env -S\n", "#!/usr/bin/env -S", false},
		{"#!/usr/bin/env\n", "#!/usr/bin/env", false},
		{"#!/usr/bin/env python3\n", "#!/usr/bin/env python3", false},
		{"#!/usr/bin/env -S zsh -e\n", "#!/usr/bin/env -S zsh -e",
		 false},
		{"#!/usr/bin/env python3 bash\n", "#!/usr/bin/env python3 bash",
		 false},
		{"#!/bin/sh\r\necho\r\n", "#!/bin/sh\r", false},
		{"#!/usr/bin/env bash\r\n", "#!/usr/bin/env bash\r", false},
		{"#!/bin/zsh\n", "#!/bin/zsh", false},
		{"#!/usr/bin/perl\n", "#!/usr/bin/perl", false},
		{"#!/usr/bin/python3 sh\n", "#!/usr/bin/python3 sh", false},
		{"#!/bin/busybox sh\n", "#!/bin/busybox sh", false},
		{"#!/bin/bashful\n", "#!/bin/bashful", false},
		{"#!/bin/ba\n", "#!/bin/ba", false},
		{"#!/bin/sh/\n", "#!/bin/sh/", false},
		{"#!ev sh\n", "#!ev sh", false},
		{"#!\n", "#!", false},
		{"#!", "#!", false},
	};
	struct sk_str line = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		sk_str_set(&line, "of the one before");
		ok(sk_hook_text_is_shell(&line, rows[i].text,
					 strlen(rows[i].text)) ==
			   rows[i].is_shell,
		   "file: a shell's or not: row %zu", i);
		is(line.ptr, rows[i].line, "file: its first line");
	}
	ok(!sk_hook_text_is_shell(&line, "#!/bin/sh\n\0binary", 17) &&
		   !sk_hook_text_is_shell(&line, "echo\0", 5),
	   "file: NUL bytes are no shell's");
	sk_str_free(&line);
}

static void test_is_ours(void)
{
	static const struct {
		const char *text;
		bool is_ours;
	} rows[] = {
		{"#!/bin/sh\n# git-sk hook 2: post-commit\n", true},
		{"#!/usr/bin/env -S bash -e\n# git-sk hook 3: x", true},
		{"#!\n# git-sk hook 1", true},
		{"#!/bin/sh\n# git-sk hook ", false},
		{"#!/bin/sh\n# git-sk hook", false},
		{"#!/bin/sh\n# git-sk hoox 2: post-commit\n", false},
		{"#!/bin/sh\n\n# git-sk hook 2: post-commit\n", false},
		{"#!/bin/sh\n # git-sk hook 2: post-commit\n", false},
		{"# git-sk hook 2: post-commit\n", false},
		{"x!/bin/sh\n# git-sk hook 2: post-commit\n", false},
		{"#!/bin/sh # git-sk hook 2: post-commit", false},
		{"#!", false},
		{"", false},
	};

	for (size_t i = 0; i < SK_COUNTOF(rows); i++)
		ok(sk_hook_text_is_ours(rows[i].text, strlen(rows[i].text)) ==
			   rows[i].is_ours,
		   "file: ours or not: row %zu", i);
	ok(!sk_hook_text_is_ours(rows[0].text, 9) &&
		   !sk_hook_text_is_ours(rows[0].text, 12),
	   "file: ours or not: no byte behind the end counts");
}

/* Written, read, and with lines of somebody's behind the end. */
static void test_written(void)
{
	const struct sk_hook_text parts = {.event = &commit,
					   .program = "/a/post-commit",
					   .kept = SK_KEPT_SOURCED,
					   .kept_owner = "lefthook"};
	static const char *const rests[] = {"echo x\n", "\n\necho x",
					    "# git-sk hook end\n", "  x"};
	struct sk_str text = SK_STR_INIT;
	size_t len;

	sk_hook_text_add(&text, &parts);
	ok(sk_hook_text_is_ours(text.ptr, text.len) &&
		   strncmp(text.ptr, "#!/bin/sh\n# git-sk hook 2: post-commit;",
			   39) == 0,
	   "file: what is written is ours");
	ok(strstr(text.ptr, "LEFTHOOK"), "file: lefthook takes it for its own");
	is(sk_hook_text_rest(text.ptr), "", "file: nothing behind the end");
	len = text.len;
	sk_str_puts(&text, " \t\r\n\n");
	is(sk_hook_text_rest(text.ptr), "", "file: white space is nothing");
	for (size_t i = 0; i < SK_COUNTOF(rests); i++) {
		sk_str_cut(&text, len);
		sk_str_puts(&text, rests[i]);
		is(sk_hook_text_rest(text.ptr), rests[i],
		   "file: what is behind the end");
	}
	is(sk_hook_text_rest("#!/bin/sh\n# git-sk hook 2\n# git-sk hook end x"),
	   " x", "file: what is on the last line");
	is(sk_hook_text_rest("#!/bin/sh\n# git-sk hook 2\ncut off"), "",
	   "file: without an end there is nothing behind it");
	sk_str_clear(&text);
	sk_hook_text_program(&text, "#!/bin/sh\n# git-sk hook 2\n");
	sk_hook_text_program(&text, "#!/bin/sh\n\nsk_program=x\n");
	sk_hook_text_program(&text, "#!/bin/sh\n\nsk_program=");
	is(text.ptr, "", "file: no program in it");
	sk_hook_text_program(&text, "#!/bin/sh\n\nsk_program='cut");
	is(text.ptr, "cut", "file: a program that is cut off");
	sk_str_free(&text);
}

static void test_asks_itself(void)
{
	static const struct {
		const char *text;
		bool asks;
	} rows[] = {
		{"", false},
		{"echo x\n", false},
		{"#!/bin/bash\n[[ $BASH_SOURCE = $0 ]] && main", true},
		{"[ \"${0}\" = \"${BASH_SOURCE[0]}\" ]\n", true},
		{"[ \"${0##*/}\" = \"${BASH_SOURCE##*/}\" ]\n", true},
		{"x\n(return 0 2>/dev/null) || main\n", true},
		{"cd \"${BASH_SOURCE%/*}\"\necho \"$0\"\n", false},
		{"echo \"$0\"\ncd \"${BASH_SOURCE%/*}\"\n", false},
		{"f() {\n\treturn 0\n}\n", false},
	};

	for (size_t i = 0; i < SK_COUNTOF(rows); i++)
		ok(sk_hook_text_asks_itself(rows[i].text) == rows[i].asks,
		   "file: asks whether it is read: row %zu", i);
}

#define LFS                                                                    \
	"#!/bin/sh\n"                                                          \
	"command -v git-lfs >/dev/null 2>&1 || { echo; exit 2; }\n"            \
	"git lfs post-commit \"$@\""

/* Texts and whose they are. */
static void test_owner(void)
{
	static const char other[] = "another program";
	static const char stub[] =
		"#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"";
	static const struct {
		const char *text, *owner;
	} rows[] = {
		{stub, "husky"},
		{"#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n", "husky"},
		{"#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\nmine\n", other},
		{"#!/bin/sh\n. \"$(dirname \"$0\")/h\"", other},
		{"#!/bin/sh\n# LEFTHOOK\ncall_lefthook run \"x\"\n",
		 "lefthook"},
		{"#!/bin/sh\nlefthook run post-commit\n", other},
		{"#!/bin/sh\n# LEFTHOOK\necho mine\n", other},
		{"#!/bin/sh\necho\ncall_lefthook run x\n", other},
		{"#!/bin/sh\n# File generated by prek: x\n", "prek"},
		{"#!/usr/bin/env bash\n# File generated by pre-commit: x\n",
		 "pre-commit"},
		{"#!/bin/sh\n\nif [ \"$SKIP_SIMPLE_GIT_HOOKS\" = \"1\" ]; "
		 "then\n",
		 "simple-git-hooks"},
		{LFS "\n", "git-lfs"},
		{LFS "\n\n \n", "git-lfs"},
		{LFS "\necho mine\n", other},
		{"#!/bin/sh\necho\n" LFS "\n", other},
		{"#!/bin/sh\ncommand -v git-lfs x\necho\n", other},
		{"#!/bin/sh\ncommand -v git-lfs x", other},
		{"#!/bin/sh\necho mine\n", other},
		{"", other},
	};

	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		struct sk_hook_look look;
		const char *owner = rows[i].owner;

		put_file(at("post-commit"), rows[i].text, 0755);
		sk_hook_look(&look, at("post-commit"));
		ok(look.is == SK_HOOK_FOREIGN && strcmp(look.owner, owner) == 0,
		   "file: whose: row %zu: %s", i, look.owner);
		ok(sk_hook_look_is_managed(&look) == (owner != other) &&
			   sk_hook_look_runs_legacy(&look) ==
				   (strncmp(owner, "pre", 3) == 0),
		   "file: whose: what that means");
		sk_hook_look_free(&look);
	}
}

/* One look at `path`. Returns what it is. */
static enum sk_hook_is what_is(struct sk_hook_look *look, const char *path)
{
	sk_hook_look_free(look);
	sk_hook_look(look, path);
	return look->is;
}

static void test_look(void)
{
	static const char elf[] = "\177ELF\0\0GIT_SK_SKIP\0\0.sk-orig\0";
	struct sk_hook_look look = SK_HOOK_LOOK_INIT;
	struct sk_str big = SK_STR_INIT;

	ok(what_is(&look, at("none")) == SK_HOOK_ABSENT && !look.owner,
	   "file: look: nothing there");
	put_bytes(at("elf"), elf, sizeof(elf), 0755);
	ok(what_is(&look, at("elf")) == SK_HOOK_PROGRAM && !look.is_shell &&
		   strcmp(look.owner, "git-sk") == 0 && look.is_executable,
	   "file: look: a copy of our program");
	ok(!sk_hook_look_is_managed(&look), "file: look: ours is no manager's");
	must(symlink("elf", at("link")) == 0, "symlink");
	ok(what_is(&look, at("link")) == SK_HOOK_PROGRAM && look.is_link,
	   "file: look: a link to our program");
	put_bytes(at("elf"), elf, 20, 0755);
	ok(what_is(&look, at("link")) == SK_HOOK_FOREIGN,
	   "file: look: another program");
	put_bytes(at("elf"), elf + 1, sizeof(elf) - 1, 0755);
	ok(what_is(&look, at("elf")) == SK_HOOK_FOREIGN,
	   "file: look: no program at all");
	must(symlink("/gone/libexec/git-sk/post-commit", at("old")) == 0, "");
	ok(what_is(&look, at("old")) == SK_HOOK_PROGRAM && look.is_link &&
		   !look.is_executable,
	   "file: look: a link into an installation that is gone");
	must(symlink("/gone/libexec/other/post-commit", at("theirs")) == 0, "");
	ok(what_is(&look, at("theirs")) == SK_HOOK_FOREIGN && look.is_link,
	   "file: look: a dangling link of others");
	mkdir(at("folder"), 0755);
	ok(what_is(&look, at("folder")) == SK_HOOK_FOREIGN,
	   "file: look: a folder");
	put_file(at("text"), "#!/bin/sh\n# git-sk hook 2: x\n", 0644);
	ok(what_is(&look, at("text")) == SK_HOOK_OURS && !look.is_executable &&
		   !look.is_link && look.is_shell,
	   "file: look: ours, not executable");
	is(look.first_line.ptr, "#!/bin/sh", "file: look: its first line");
	sk_str_puts(&big, "#!/bin/sh\n");
	while (big.len < 1u << 17)
		sk_str_puts(&big, "# many lines\n");
	put_file(at("big"), big.ptr, 0755);
	ok(what_is(&look, at("big")) == SK_HOOK_FOREIGN && look.is_shell &&
		   look.text.len == 64u << 10,
	   "file: look: 64 KiB of a long one");
	sk_hook_look_free(&look);
	sk_str_free(&big);
}

/* Looks at both. */
static bool is_same(const char *a, const char *b)
{
	struct sk_hook_look one, other;
	bool same;

	sk_hook_look(&one, at("same/%s", a));
	sk_hook_look(&other, at("same/%s", b));
	same = sk_hook_look_is_same(&one, &other);
	sk_hook_look_free(&one);
	sk_hook_look_free(&other);
	return same;
}

static void test_same(void)
{
	struct sk_str big = SK_STR_INIT;

	empty_folder(at("same"));
	put_file(at("same/text"), "x\n", 0755);
	put_file(at("same/equal"), "x\n", 0644);
	put_file(at("same/other"), "y\n", 0755);
	put_file(at("same/longer"), "x\ny\n", 0755);
	put_file(at("same/empty"), "", 0755);
	put_file(at("same/void"), "", 0755);
	must(link(at("same/empty"), at("same/second")) == 0, "link");
	must(symlink("text", at("same/link")) == 0 &&
		     symlink("text", at("same/again")) == 0 &&
		     symlink("../text", at("same/below")) == 0 &&
		     symlink("/text", at("same/far")) == 0 &&
		     symlink("none", at("same/gone")) == 0 &&
		     symlink("../none", at("same/gonebelow")) == 0,
	     "symlink");
	ok(is_same("text", "equal") && is_same("text", "text") &&
		   is_same("empty", "second") && is_same("link", "equal") &&
		   is_same("equal", "link"),
	   "file: same: one file, or one text");
	ok(!is_same("text", "other") && !is_same("text", "longer") &&
		   !is_same("longer", "text") && !is_same("empty", "void"),
	   "file: same: other texts are not, nor two that are empty");
	ok(is_same("link", "again") && is_same("link", "below") &&
		   is_same("gone", "gonebelow"),
	   "file: same: links to one place, seen from a folder below");
	ok(!is_same("below", "link") && !is_same("link", "far") &&
		   !is_same("gone", "link") && !is_same("gone", "below"),
	   "file: same: links to other places are not");
	ok(!is_same("none", "text") && !is_same("text", "none") &&
		   !is_same("none", "none"),
	   "file: same: what is not there is not");
	while (big.len < 64u << 10)
		sk_str_puts(&big, "# many lines\n");
	sk_str_puts(&big, "one\n");
	put_file(at("same/big"), big.ptr, 0755);
	sk_str_cut(&big, big.len - 4);
	sk_str_puts(&big, "two\n");
	put_file(at("same/large"), big.ptr, 0755);
	ok(!is_same("big", "large"), "file: same: not by its first 64 KiB");
	sk_str_free(&big);
}

/* However much somebody has added to ours. */
static void test_long_rest(void)
{
	struct sk_hook_look look;
	struct sk_str text = SK_STR_INIT;

	sk_str_puts(&text, "#!/bin/sh\n# git-sk hook 2: x\n"
			   "# git-sk hook end\n");
	while (text.len < 1u << 17)
		sk_str_puts(&text, "# many lines\n");
	put_file(at("long"), text.ptr, 0755);
	sk_hook_look(&look, at("long"));
	ok(look.is == SK_HOOK_OURS && look.text.len == text.len,
	   "file: all of ours is read");
	sk_hook_look_free(&look);
	sk_str_free(&text);
}

static void test_events(void)
{
	bool good = true;

	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		good &= sk_hook_event_find(sk_hook_events[i].name) ==
			&sk_hook_events[i];
	ok(good && !sk_hook_event_find("post") && !sk_hook_event_find(""),
	   "file: an event by its name");
}

int main(void)
{
	box_start();
	test_is_shell();
	test_is_ours();
	test_written();
	test_asks_itself();
	test_owner();
	test_look();
	test_same();
	test_long_rest();
	test_events();
	box_end();
	return done_testing();
}
