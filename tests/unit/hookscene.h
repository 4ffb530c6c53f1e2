/* SPDX-License-Identifier: MIT */
/*
 * A hook file of ours with a program and a kept hook, both of which note what
 * they are given, in hookbox.h's folder.
 */
#ifndef SK_TESTS_UNIT_HOOKSCENE_H
#define SK_TESTS_UNIT_HOOKSCENE_H

#include "setup/text.h"
#include "tests/unit/hookbox.h"

/* Notes its arguments and input; ends as it is told. */
#define NOTES(who)                                                             \
	"{ printf '" who "'; for sk_a in \"$@\"; do printf ' <%s>' \"$sk_a\";" \
	" done; echo; } >>\"$BOX/log\"\n"
#define READS(who) "cat >\"$BOX/" who ".stdin\"\n"

static const char program_text[] =
	"#!/bin/sh\n" NOTES("ours") READS("ours") "exit ${OURS_STATUS:-0}\n";
static const char kept_text[] =
	NOTES("theirs") READS("theirs") "exit ${THEIRS_STATUS:-0}\n";

static const struct sk_hook_event events[] = {
	{"post-commit", false, false, false},
	{"pre-commit", true, false, true},
	{"pre-push", true, true, false},
};

/* One hook file, and what is around it. */
struct scene {
	const struct sk_hook_event *event;
	const char *first_line;
	enum sk_hook_kept kept;
	const char *body; /* of the kept hook, behind its first line */
	const char *program;
};

static inline const char *hook_path(const struct scene *s)
{
	return at("hooks/%s", s->event->name);
}

static inline const char *kept_path(const struct scene *s)
{
	return s->kept == SK_KEPT_SOURCED
		       ? at("hooks/%s" SK_KEPT_SUFFIX, s->event->name)
		       : at("hooks/" SK_KEPT_FOLDER "/%s", s->event->name);
}

/* Ours, the kept hook, and an empty log. */
static inline void set(const struct scene *s)
{
	struct sk_str text = SK_STR_INIT;
	const struct sk_hook_text parts = {
		.event = s->event,
		.program = s->program,
		.kept = s->kept,
		.first_line = s->kept == SK_KEPT_EXECUTED ? "" : s->first_line,
		.is_run = sk_hook_text_asks_itself(s->body),
	};

	empty_folder(at("hooks"));
	mkdir(at("hooks/" SK_KEPT_FOLDER), 0755);
	sk_hook_text_add(&text, &parts);
	put_file(hook_path(s), text.ptr, 0755);
	if (s->kept != SK_KEPT_NONE) {
		sk_str_clear(&text);
		if (*s->first_line)
			sk_str_addf(&text, "%s\n", s->first_line);
		sk_str_puts(&text, s->body);
		put_file(kept_path(s), text.ptr, 0755);
	}
	sk_str_free(&text);
	/* where each of them has a say */
	put_file(at("HEAD"), "ref: refs/heads/kitty/mission-x-lane-a\n", 0644);
	setenv("GIT_DIR", box.ptr, 1);
	put_file(at("log"), "", 0644);
	unlink(at("ours.stdin"));
	unlink(at("theirs.stdin"));
}

/* Run the hook with these arguments. Returns its exit status, or -signal. */
static inline int run_hook(const struct scene *s, const char *one,
			   const char *two)
{
	const char *argv[] = {hook_path(s), one, two, NULL};
	int status = run_with(argv, at("in"));

	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#endif
