/* SPDX-License-Identifier: MIT */
/* Folders with a history: an upgrade, managers that come and go, edits. */
#include "tests/unit/placebox.h"

/* Install, or take out, all of it. Returns the steps, joined; owned. */
static char *go(bool want, bool has_lfs)
{
	struct sk_steps steps = SK_STEPS_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	if (!want)
		plan_removal(&steps, has_lfs);
	else if (plan(&steps, &err) < 0)
		sk_str_addf(&text, "%s; %s", err.msg, err.hint);
	for (size_t i = 0; i < steps.count; i++) {
		char *words;
		struct sk_str one = SK_STR_INIT;

		sk_step_describe(&one, &steps.list[i]);
		/* paths without the folder */
		for (words = strstr(one.ptr, box.ptr); words;
		     words = strstr(one.ptr, box.ptr))
			memmove(words, words + box.len + 7,
				strlen(words + box.len + 7) + 1);
		sk_str_addf(&text, "%s%s", i ? "\n" : "", one.ptr);
		sk_str_free(&one);
		do_step(&steps, i);
	}
	sk_steps_free(&steps);
	return sk_str_take(&text);
}

static void goes(bool want, const char *steps, const char *name)
{
	char *got = go(want, true);

	is(got, steps, name);
	free(got);
}

static void runs(const char *want, const char *name)
{
	char *log = run_git_hook();

	is(log, want, name);
	free(log);
}

/* The text of one file of the folder before, and what it says now. */
static bool is_file(const char *name, const char *text)
{
	char *now = slurp(at("hooks/%s", name));
	bool same = strcmp(now, text) == 0;

	free(now);
	return same;
}

static bool is_gone(const char *name)
{
	return access(at("hooks/%s", name), F_OK) < 0;
}

#define STATE(...) ((struct state){__VA_ARGS__})

/* 0.1.0 stood on top of pre-commit, with and without a hook below that. */
static void test_upgrade(void)
{
	struct state s = STATE(.active = "program", .kept = "pre-commit");
	char *theirs;

	build(&s);
	theirs = slurp(at("hooks/" EVENT ".sk-orig"));
	goes(true,
	     "move 'post-commit.sk-orig' to 'post-commit'\n"
	     "write 'post-commit.legacy'",
	     "cases: upgrade: pre-commit is on top again");
	ok(is_file(EVENT, theirs) && is_gone(EVENT ".sk-orig"),
	   "cases: upgrade: to the byte");
	runs("pre-commit-kept\nours\n", "cases: upgrade: both run");
	goes(false, "remove 'post-commit.legacy'", "cases: upgrade: removed");
	ok(is_file(EVENT, theirs), "cases: upgrade: pre-commit stays");

	s.legacy = "shell";
	build(&s);
	goes(true,
	     "move 'post-commit.sk-orig' to 'post-commit'\n"
	     "keep 'post-commit.legacy' as 'post-commit.sk-orig'\n"
	     "write 'post-commit.legacy'",
	     "cases: upgrade: with a hook below pre-commit");
	runs("pre-commit-kept\nours\nuser-legacy\n",
	     "cases: upgrade: all three run");
	goes(false, "move 'post-commit.sk-orig' to 'post-commit.legacy'",
	     "cases: upgrade: the hook below comes back");

	s = STATE(.active = "pre-commit", .legacy = "program",
		  .kept = "pre-commit");
	build(&s);
	goes(true, "remove 'post-commit.sk-orig'\nwrite 'post-commit.legacy'",
	     "cases: upgrade: pre-commit installed on top of 0.1.0");
	runs("pre-commit-active\nours\n", "cases: upgrade: not in a ring");
	build(&s);
	goes(false, "remove 'post-commit.sk-orig'\nremove 'post-commit.legacy'",
	     "cases: upgrade: nor once removed");
	free(theirs);
}

/* A program that 0.1.0 kept, and a copy of 0.1.0 itself. */
static void test_kept_by_010(void)
{
	struct state s = STATE(.active = "program", .kept = "perl");

	build(&s);
	goes(true,
	     "keep 'post-commit.sk-orig' as 'sk-orig/post-commit'\n"
	     "write 'post-commit'\nremove 'post-commit.sk-orig'",
	     "cases: 0.1.0 kept a program: it moves");
	runs("ours\nuser-kept\n", "cases: 0.1.0 kept a program: it runs");
	goes(false, "move 'sk-orig/post-commit' to 'post-commit'",
	     "cases: 0.1.0 kept a program: it comes back");
	ok(is_gone(SK_KEPT_FOLDER), "cases: the folder of kept ones goes");

	s.kept = "copy";
	build(&s);
	goes(true, "remove 'post-commit.sk-orig'\nwrite 'post-commit'",
	     "cases: 0.1.0 kept its own copy: it goes");
	runs("ours\n", "cases: 0.1.0 kept its own copy: ours runs once");
}

/* Lefthook renamed ours, and has the place. */
static void test_lefthook(void)
{
	struct state s = STATE(.active = "lefthook", .stray = "ours");
	char *theirs;

	build(&s);
	theirs = slurp(at("hooks/" EVENT));
	goes(true,
	     "remove 'post-commit.old'\n"
	     "keep 'post-commit' as 'post-commit.sk-orig'\n"
	     "write 'post-commit'",
	     "cases: lefthook: ours at .old goes");
	runs("ours\nlefthook-active\n", "cases: lefthook: both run");
	put_file(at("hooks/" EVENT), theirs, 0755);
	goes(true,
	     "remove 'post-commit.sk-orig'\n"
	     "keep 'post-commit' as 'post-commit.sk-orig'\n"
	     "write 'post-commit'",
	     "cases: lefthook: wrote its file anew");
	unlink(at("hooks/" EVENT));
	goes(false, "remove 'post-commit.sk-orig'",
	     "cases: lefthook: uninstalled, its old file does not come back");

	s.kept = "shell";
	build(&s);
	goes(true,
	     "move 'post-commit.sk-orig' to 'post-commit.old'\n"
	     "keep 'post-commit' as 'post-commit.sk-orig'\n"
	     "write 'post-commit'",
	     "cases: lefthook: .old is the user's, as without us");
	goes(false, "move 'post-commit.sk-orig' to 'post-commit'",
	     "cases: lefthook: removed");
	ok(is_file(EVENT, theirs) && !is_gone(EVENT ".old"),
	   "cases: lefthook: as without us");
	free(theirs);
}

/* Lines behind the end of ours are somebody's. */
static void test_edited(void)
{
	static const char lines[] = "echo mine >>\"$BOX/log\"\n";
	struct state s = STATE(.active = "ours");
	char *ours, *path = sk_strdup(at("hooks/" EVENT));
	FILE *file;

	for (int i = 0; i < 2; i++) {
		build(&s);
		file = fopen(path, "ae");
		must(file && fputs(lines, file) >= 0 && fclose(file) == 0, "");
		ours = slurp(path);
		goes(true, "", "cases: edited: nothing to do");
		chmod(path, 0644);
		goes(true, "write 'post-commit'", "cases: edited: repaired");
		ok(is_file(EVENT, ours), "cases: edited: the lines stay");
		free(ours);
		if (i == 0) {
			goes(false, "write 'post-commit'",
			     "cases: edited: removed, the lines stay");
			runs("mine\n", "cases: edited: and run");
			goes(true,
			     "keep 'post-commit' as 'post-commit.sk-orig'\n"
			     "write 'post-commit'",
			     "cases: edited: kept like any other");
		} else {
			goes(false,
			     "write 'post-commit.sk-edited'\n"
			     "the lines that were added to 'post-commit' are"
			     " in 'post-commit.sk-edited'\n"
			     "move 'post-commit.sk-orig' to 'post-commit'",
			     "cases: edited: removed, the kept one is back");
			ok(is_file(EVENT ".sk-edited", lines),
			   "cases: edited: the lines are beside it");
		}
		s.kept = "shell";
	}
	free(path);
}

/* Git-lfs that was uninstalled meanwhile must not come back. */
static void test_lfs(void)
{
	static const char lfs[] =
		"#!/bin/sh\ncommand -v git-lfs >/dev/null 2>&1 || exit 2\n"
		"git lfs post-commit \"$@\"\n";
	struct state s = STATE(.kept = "git-lfs", .active = "ours");
	char *steps;

	build(&s);
	put_file(at("hooks/" EVENT ".sk-orig"), lfs, 0755);
	steps = go(false, false);
	is(steps, "remove 'post-commit.sk-orig'\nremove 'post-commit'",
	   "cases: git-lfs: uninstalled");
	free(steps);
	build(&s);
	put_file(at("hooks/" EVENT ".sk-orig"), lfs, 0755);
	steps = go(false, true);
	is(steps, "move 'post-commit.sk-orig' to 'post-commit'",
	   "cases: git-lfs: comes back");
	free(steps);
	build(&STATE(.kept = "lefthook", .active = "ours"));
	steps = go(false, false);
	is(steps, "move 'post-commit.sk-orig' to 'post-commit'",
	   "cases: without git-lfs others come back");
	free(steps);
}

/* Two hooks of a user's for one place: neither is touched. */
static void test_refused(void)
{
	char *before, *steps;

	build(&STATE(.active = "shell", .kept = "bash"));
	before = listing();
	steps = go(true, true);
	ok(strstr(steps,
		  "hooks/post-commit' is not git-sk's any more, and '") &&
		   strstr(steps, "hooks/post-commit.sk-orig' is kept already;"
				 " remove the one that shall not run"),
	   "cases: refused: says what to do");
	free(steps);
	goes(false,
	     "'post-commit.sk-orig' was kept, and another hook has its place:"
	     " remove it, or put it back",
	     "cases: refused: removal says so, too");
	steps = listing();
	is(steps, before, "cases: refused: nothing is touched");
	free(steps);
	free(before);
	build(&STATE(.active = "pre-commit", .legacy = "shell",
		     .kept = "bash"));
	steps = go(true, true);
	ok(strstr(steps, "hooks/post-commit.legacy' is not git-sk's"),
	   "cases: refused: names what is in the way");
	free(steps);
}

/* Names that only look like this event's, and no folder at all. */
static void test_names(void)
{
	struct sk_place place;

	build(&STATE(.stray = "ours", .stray_at = EVENT "-old"));
	goes(true, "write 'post-commit'", "cases: another's name");
	build(&STATE(.stray = "begun", .stray_at = EVENT ".empty"));
	goes(true, "write 'post-commit'", "cases: an empty file of others");
	mkdir(at("hooks/" EVENT ".sk-aB3xyZ"), 0755);
	goes(true, "", "cases: a folder");
	sk_place_look(&place, "/nowhere", event);
	ok(place.active.is == SK_HOOK_ABSENT && !sk_place_ours(&place),
	   "cases: no folder: nothing there");
	sk_place_free(&place);
	build(&STATE(.active = "lefthook", .legacy = "ours"));
	sk_place_look(&place, at("hooks"), event);
	ok(!sk_place_ours(&place), "cases: nobody runs ours at .legacy");
	sk_place_free(&place);
	build(&STATE(.active = "prek", .legacy = "ours"));
	sk_place_look(&place, at("hooks"), event);
	ok(sk_place_ours(&place) == &place.legacy,
	   "cases: prek runs ours at .legacy");
	sk_place_free(&place);
}

int main(int argc, char **argv)
{
	if (getenv("BOX") && argc > 0 && strstr(argv[0], "/" EVENT))
		return be_program(argv);
	box_start();
	setenv("BOX", box.ptr, 1);
	unsetenv("GIT_SK_DEPTH");
	build_surroundings();
	test_upgrade();
	test_kept_by_010();
	test_lefthook();
	test_edited();
	test_lfs();
	test_refused();
	test_names();
	box_end();
	return done_testing();
}
