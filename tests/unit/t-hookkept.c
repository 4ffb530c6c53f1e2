/* SPDX-License-Identifier: MIT */
/*
 * A kept hook does under ours what it did without us: each of these is run
 * alone, as git ran it, and then from our file.
 */
#include "tests/unit/hookscene.h"

/* Shell scripts that end, fail, look around and change things. */
static const char *const bodies[] = {
	"exit 3\n",
	"exec sh -c 'echo exec \"$1\" >>\"$BOX/log\"; exit 5' - \"$1\"\n",
	"set -e\necho one >>\"$BOX/log\"\nfalse\necho two >>\"$BOX/log\"\n",
	"set -e\nf() { false; echo f >>\"$BOX/log\"; }\nf\nexit 0\n",
	"set -u\necho one >>\"$BOX/log\"\n: $nope\necho two >>\"$BOX/log\"\n",
	"false\necho one >>\"$BOX/log\"\n",
	"true\nfalse\n",
	"(exit 6)\n",
	"false || echo or >>\"$BOX/log\"\n",
	"trap 'echo trap >>\"$BOX/log\"; exit 9' EXIT\nexit 2\n",
	"kill -TERM $$\nsleep 10\n",
	"basename \"$0\" >>\"$BOX/log\"\ndirname \"$0\" >>\"$BOX/log\"\n",
	". \"$(dirname \"$0\")/lib.sh\"\nhelp_me\n",
	"cd /\nset -- x y z\nshift 2\necho \"$1 $#\" >>\"$BOX/log\"\n",
	("printf '<%s>' \"$@\" >>\"$BOX/log\"\nread a b\n"
	 "echo \"$a-$b\" >>\"$BOX/log\"\n"),
	"cat >>\"$BOX/log\" <<EOF\n$1 `echo x`\nEOF\nexit 4\n",
	"sk_program=/bin/false\nsk_kept=/bin/false\nsk_status=77\nPATH=\n",
	"echo to stdout\necho to stderr >&2\n",
	"exec >/dev/null\necho gone\n",
	"exec 3<&0 </dev/null\ncat <&3 >>\"$BOX/log\"\n",
	"main() { echo main >>\"$BOX/log\"; exit 8; }\nmain \"$@\"",
	"nosuchcommand_here\n",
	"echo 'not closed\n",
	"# nothing at all",
	"case $- in *e*) echo e >>\"$BOX/log\" ;; esac\n",
	"umask 077\nalias exit=true\nunset BOX\n",
};

/* The same, where bash reads them. */
static const char *const bash_bodies[] = {
	"set -o pipefail\nfalse | true\n",
	"words=(a \"b c\")\necho \"${words[1]}\" >>\"$BOX/log\"\n",
	"dirname \"${BASH_SOURCE[0]}\" >>\"$BOX/log\"\n",
	"main() { echo main \"$1\" >>\"$BOX/log\"; return 8; }\n"
	"if [[ \"${BASH_SOURCE[0]}\" == \"${0}\" ]]; then\n"
	"\tmain \"$@\"\nfi\n",
	"[ \"$0\" != \"$BASH_SOURCE\" ] || { cat >>\"$BOX/log\"; exit 6; }\n",
	"(return 0 2>/dev/null) || { echo run >>\"$BOX/log\"; exit 7; }\n",
	"trap 'echo err >>\"$BOX/log\"' ERR\nfalse\ntrue\n",
	"shopt -s extglob nullglob\nset -eE -o pipefail\nfalse | cat\n",
	"mapfile -t lines\necho \"${#lines[@]}\" >>\"$BOX/log\"\n",
};

/* What one run has shown; owned. */
struct seen {
	int status;
	char *log, *out, *err;
};

static void look(struct seen *seen, const struct scene *s)
{
	seen->status = run_hook(s, "a 1", "b");
	seen->log = slurp(at("log"));
	seen->out = slurp(at("out"));
	seen->err = slurp(at("err"));
}

static void forget(struct seen *seen)
{
	free(seen->log);
	free(seen->out);
	free(seen->err);
}

/* The kept script in the place of ours: what git would run without us. */
static void stand_alone(const struct scene *s)
{
	set(s);
	put_file(at("hooks/lib.sh"),
		 "help_me() { echo \"$0\" >>\"$BOX/log\"; exit 11; }\n", 0644);
	must(rename(kept_path(s), hook_path(s)) == 0, "rename");
}

static void beside_ours(const struct scene *s)
{
	set(s);
	put_file(at("hooks/lib.sh"),
		 "help_me() { echo \"$0\" >>\"$BOX/log\"; exit 11; }\n", 0644);
}

/* Ours in front in a watch, behind in a gate that said yes. */
static bool has_ours(const struct scene *s, const struct seen *alone,
		     const char *log)
{
	struct sk_str want = SK_STR_INIT;
	bool same;

	if (!s->event->is_gate)
		sk_str_puts(&want, "ours <a 1> <b>\n");
	sk_str_puts(&want, alone->log);
	if (s->event->is_gate && alone->status == 0)
		sk_str_puts(&want, "ours <a 1> <b>\n");
	same = strcmp(log, want.ptr) == 0;
	if (!same)
		printf("# want: %s#  got: %s", want.ptr, log);
	sk_str_free(&want);
	return same;
}

/* The name of a file in a complaint of the shell is ours, or the kept one's. */
static bool same_errors(const char *a, const char *b)
{
	return !*a == !*b;
}

static void compare(const struct scene *s, size_t number)
{
	struct seen alone, under;

	stand_alone(s);
	look(&alone, s);
	beside_ours(s);
	look(&under, s);
	if (!ok(under.status == alone.status &&
			has_ours(s, &alone, under.log) &&
			strcmp(under.out, alone.out) == 0 &&
			same_errors(under.err, alone.err),
		"kept: as without us: %s, '%s', %zu", s->event->name,
		s->first_line, number))
		printf("# %s# status %d, alone %d\n# stderr: %s# alone: %s\n",
		       s->body, under.status, alone.status, under.err,
		       alone.err);
	forget(&alone);
	forget(&under);
}

static const struct {
	const char *line;
	bool is_bash;
} shells[] = {
	{"", false},
	{"#!/bin/sh", false},
	{"#!/bin/sh -e", false},
	{"#!/bin/bash -eu", true},
	{"#!/usr/bin/env bash", true},
};

static void test_bodies(struct scene s)
{
	s.kept = SK_KEPT_SOURCED;
	for (size_t i = 0; i < SK_COUNTOF(shells); i++) {
		s.first_line = shells[i].line;
		for (size_t j = 0; j < SK_COUNTOF(bodies); j++) {
			s.body = bodies[j];
			compare(&s, j);
		}
		for (size_t j = 0;
		     shells[i].is_bash && j < SK_COUNTOF(bash_bodies); j++) {
			s.body = bash_bodies[j];
			compare(&s, 100 + j);
		}
	}
}

/* Not a shell's: run as a process, under its own name. */
static void test_programs(struct scene s)
{
	static const char *const others[][2] = {
		{"#!/usr/bin/perl", "open L, '>>', \"$ENV{BOX}/log\"; print L"
				    " \"perl @ARGV \", <STDIN>; exit 12"},
		{"#!/usr/bin/perl -w", "$0 =~ m{([^/]*)$}; print $1"},
		{"#!/usr/bin/awk -f", "BEGIN { print \"awk\"; exit 3 }"},
	};

	s.kept = SK_KEPT_EXECUTED;
	for (size_t i = 0; i < SK_COUNTOF(others); i++) {
		s.first_line = others[i][0];
		s.body = others[i][1];
		compare(&s, 200 + i);
	}
}

static unsigned count(const char *text, const char *words)
{
	unsigned found = 0;

	for (text = strstr(text, words); text; text = strstr(text + 1, words))
		found++;
	return found;
}

/* By whatever way it leads back: a bounded number of rounds, one warning. */
static void test_depth(struct scene s)
{
	char *log, *errors;

	for (s.kept = SK_KEPT_SOURCED; s.kept <= SK_KEPT_EXECUTED; s.kept++) {
		s.first_line = "#!/bin/sh";
		s.body = "echo again >>\"$BOX/log\"\n\"$BOX/hooks/$EVENT\"\n";
		setenv("EVENT", s.event->name, 1);
		set(&s);
		ok(run_hook(&s, "a", "b") == 0, "kept: starts itself: ends");
		log = slurp(at("log"));
		errors = slurp(at("err"));
		ok(count(log, "again\n") == 5 && count(errors, "\n") == 1 &&
			   strstr(errors, "warning: ") == errors &&
			   strstr(errors, s.event->name),
		   "kept: starts itself: five rounds, one warning: %s",
		   s.event->name);
		free(log);
		free(errors);
	}
}

/* Whatever the variable says on arrival, it is no command and no pattern. */
static void test_depth_values(struct scene s)
{
	static const char *const values[] = {
		"",
		"$(touch \"$BOX/pwned\")",
		"`touch $BOX/pwned`",
		"*",
		"-n",
		"a\nb",
		"'\"",
		";touch $BOX/pwned",
		"[",
		"xxxx y",
		"9999999999999999999999",
		"$x",
	};

	s.kept = SK_KEPT_SOURCED;
	s.first_line = "#!/bin/sh -eu";
	s.body = "echo \"$GIT_SK_DEPTH\" >>\"$BOX/log\"\n";
	for (size_t i = 0; i < SK_COUNTOF(values); i++) {
		struct seen seen;

		setenv("GIT_SK_DEPTH", values[i], 1);
		set(&s);
		look(&seen, &s);
		ok(seen.status == 0 && !*seen.err &&
			   strstr(seen.log, "ours ") &&
			   strstr(seen.log, values[i]) &&
			   access(at("pwned"), F_OK) < 0,
		   "kept: depth on arrival: value %zu", i);
		forget(&seen);
	}
	setenv("GIT_SK_DEPTH", "xxxxxxxxx", 1);
	set(&s);
	ok(run_hook(&s, "a", "b") == 0, "kept: too deep on arrival: no error");
	says(at("log"), "", "kept: too deep on arrival: nothing is run");
	unsetenv("GIT_SK_DEPTH");
}

int main(void)
{
	char *program;

	box_start();
	program = sk_strdup(at("program"));
	setenv("BOX", box.ptr, 1);
	unsetenv("GIT_SK_DEPTH");
	put_file(program, program_text, 0755);
	put_file(at("in"), "some input\nand more\n", 0644);
	for (size_t i = 0; i < SK_COUNTOF(events); i++) {
		struct scene s = {.event = &events[i], .program = program};

		test_bodies(s);
		test_programs(s);
		test_depth(s);
		test_depth_values(s);
	}
	free(program);
	box_end();
	return done_testing();
}
