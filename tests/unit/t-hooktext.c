/* SPDX-License-Identifier: MIT */
/*
 * The text of a hook file is run, by the shell that it names, with a program
 * and a kept hook that note what they are given.
 */
#include "tests/unit/hookscene.h"

static const char *const first_lines[] = {
	"",
	"#!/bin/sh",
	"#!/bin/sh -e",
	"#!/bin/bash -eu",
	"#!/usr/bin/env bash",
	"#!/usr/bin/env -S bash -e",
};

static bool same_files(const char *a, const char *b)
{
	const char *argv[] = {"/usr/bin/cmp", "-s", a, b, NULL};

	return run_with(argv, "/dev/null") == 0;
}

/* The log that a hook must leave which ends with these. */
static const char *log_of(const struct scene *s, int ours, int theirs, int *end)
{
	*end = ours;
	if (s->kept == SK_KEPT_NONE)
		return "ours <a> <b>\n";
	if (!s->event->is_gate) {
		*end = theirs;
		return "ours <a> <b>\ntheirs <a> <b>\n";
	}
	if (!theirs)
		return "theirs <a> <b>\nours <a> <b>\n";
	*end = theirs;
	return "theirs <a> <b>\n";
}

/* Every event, kind of keeping, first line: each status of both. */
static void test_order_and_status(const struct scene *s)
{
	static const char *const statuses[] = {"0", "7"};
	bool good = true;

	for (int i = 0; i < 4; i++) {
		int ours = i & 1 ? 7 : 0, theirs = i & 2 ? 7 : 0, want, got;
		const char *log = log_of(s, ours, theirs, &want);
		char *is_log, *errors;

		setenv("OURS_STATUS", statuses[i & 1], 1);
		setenv("THEIRS_STATUS", statuses[i >> 1], 1);
		set(s);
		got = run_hook(s, "a", "b");
		is_log = slurp(at("log"));
		errors = slurp(at("err"));
		if (got != want || strcmp(is_log, log) != 0 || *errors) {
			printf("# ours %d, theirs %d: status %d, log %s %s\n",
			       ours, theirs, got, is_log, errors);
			good = false;
		}
		free(is_log);
		free(errors);
	}
	unsetenv("OURS_STATUS");
	unsetenv("THEIRS_STATUS");
	ok(good, "text: order and status: %s, kept %d, '%s'", s->event->name,
	   (int)s->kept, s->first_line);
}

/* What no shell may split, expand or drop. */
static void test_arguments(const struct scene *s)
{
	static const char one[] = " a  b 'c' \"d\" $HOME `id` \\ *\nline\n";

	set(s);
	run_hook(s, one, "");
	says(at("log"),
	     s->event->is_gate
		     ? "theirs < a  b 'c' \"d\" $HOME `id` \\ *\nline\n> <>\n"
		       "ours < a  b 'c' \"d\" $HOME `id` \\ *\nline\n> <>\n"
		     : "ours < a  b 'c' \"d\" $HOME `id` \\ *\nline\n> <>\n"
		       "theirs < a  b 'c' \"d\" $HOME `id` \\ *\nline\n> <>\n",
	     "text: arguments arrive as they are");
}

/* Theirs has all of the input, ours as much as its event says. */
static void check_input(const struct scene *s, const char *name)
{
	bool alone = s->kept == SK_KEPT_NONE;

	set(s);
	ok(run_hook(s, "a", "b") == 0 &&
		   (alone || same_files(at("in"), at("theirs.stdin"))) &&
		   same_files(s->event->reads_stdin ? at("in") : "/dev/null",
			      at("ours.stdin")),
	   "text: input: %s, kept %d: %s", s->event->name, (int)s->kept, name);
}

static void test_input(const struct scene *s)
{
	struct sk_str lines = SK_STR_INIT;

	put_file(at("in"), "", 0644);
	check_input(s, "none");
	put_file(at("in"), "refs/heads/a 1 %s 2\n", 0644);
	check_input(s, "one line");
	put_file(at("in"), "a\n\n\n", 0644);
	check_input(s, "line ends at the end");
	put_file(at("in"), "\\n -n $HOME", 0644);
	check_input(s, "no line end");
	for (int i = 0; i < 100000; i++)
		sk_str_addf(&lines, "refs/heads/a %040d\n", i);
	put_file(at("in"), lines.ptr, 0644);
	check_input(s, "100000 lines");
	sk_str_free(&lines);
}

/* A hook that leaves a long input alone is no failure, nor does it eat it. */
static void test_input_left_alone(struct scene s)
{
	s.body = NOTES("theirs");
	set(&s);
	ok(run_hook(&s, "a", "b") == 0 &&
		   (!s.event->reads_stdin ||
		    same_files(at("in"), at("ours.stdin"))),
	   "text: input left alone: %s, '%s'", s.event->name, s.first_line);
	says(at("err"), "", "text: input left alone: in silence");
}

static void each_scene(void (*test)(const struct scene *))
{
	struct scene s = {.body = kept_text, .program = at("program")};
	char *program = sk_strdup(s.program);

	s.program = program;
	for (size_t e = 0; e < SK_COUNTOF(events); e++) {
		s.event = &events[e];
		for (s.kept = SK_KEPT_NONE; s.kept <= SK_KEPT_EXECUTED;
		     s.kept++) {
			s.first_line = "#!/bin/sh";
			test(&s);
		}
	}
	free(program);
}

static void test_matrix(const struct scene *base)
{
	struct scene s = *base;

	for (size_t i = 0; i < SK_COUNTOF(first_lines); i++) {
		s.first_line = first_lines[i];
		test_order_and_status(&s);
	}
}

static void test_streams(const struct scene *base)
{
	struct scene s = *base;

	test_input(&s);
	if (s.kept == SK_KEPT_NONE)
		return;
	test_arguments(&s);
	test_input_left_alone(s);
	s.first_line = "#!/usr/bin/env -S bash -e -o pipefail";
	if (s.kept == SK_KEPT_SOURCED)
		test_input_left_alone(s);
}

/* A kept hook that may not be executed is not run, as git would not. */
static void test_kept_not_executable(const struct scene *s)
{
	if (s->kept == SK_KEPT_NONE)
		return;
	setenv("OURS_STATUS", "5", 1);
	set(s);
	chmod(kept_path(s), 0644);
	ok(run_hook(s, "a", "b") == (s->event->is_gate ? 5 : 0),
	   "text: kept, not executable: status");
	says(at("log"), "ours <a> <b>\n", "text: kept, not executable: ours");
	set(s);
	unlink(kept_path(s));
	ok(run_hook(s, "a", "b") == (s->event->is_gate ? 5 : 0),
	   "text: kept is gone: status");
	says(at("err"), "", "text: kept is gone: in silence");
	unsetenv("OURS_STATUS");
}

/* An installation that is gone, or in another container: as if never set up. */
static void test_program_missing(const struct scene *base)
{
	struct scene s = *base;
	bool none = s.kept == SK_KEPT_NONE;

	setenv("THEIRS_STATUS", "9", 1);
	for (int i = 0; i < 2; i++) {
		put_file(at("plain"), program_text, 0644);
		s.program = i ? at("plain") : "/nowhere/at all";
		set(&s);
		ok(run_hook(&s, "a", "b") == (none ? 0 : 9),
		   "text: no program: %s, kept %d: status", s.event->name,
		   (int)s.kept);
		says(at("log"), none ? "" : "theirs <a> <b>\n",
		     "text: no program: theirs alone");
		says(at("err"), "", "text: no program: in silence");
		if (!none)
			ok(same_files(at("in"), at("theirs.stdin")),
			   "text: no program: theirs has the input");
	}
	unsetenv("THEIRS_STATUS");
}

/* Where the program is, whatever its path; and read back from the text. */
static void test_program_path(const struct scene *base)
{
	static const char *const names[] = {
		"a program",   "it's here", "''", "$HOME `id` \"x\"",
		"back\\slash", "a\nline",   "\\",
	};
	struct sk_str path = SK_STR_INIT;
	struct scene s = *base;

	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		char *text;

		s.program = at("%s", names[i]);
		put_file(s.program, program_text, 0755);
		set(&s);
		run_hook(&s, "a", "b");
		text = slurp(at("log"));
		ok(strstr(text, "ours <a> <b>\n"), "text: runs program %zu", i);
		free(text);
		text = slurp(hook_path(&s));
		sk_str_clear(&path);
		sk_hook_text_program(&path, text);
		is(path.ptr, at("%s", names[i]), "text: says where that is");
		free(text);
	}
	sk_str_free(&path);
}

int main(void)
{
	box_start();
	setenv("BOX", box.ptr, 1);
	unsetenv("GIT_SK_DEPTH");
	put_file(at("program"), program_text, 0755);
	put_file(at("in"), "some\ninput\n", 0644);
	each_scene(test_matrix);
	each_scene(test_kept_not_executable);
	each_scene(test_program_missing);
	each_scene(test_program_path);
	each_scene(test_streams);
	box_end();
	return done_testing();
}
