/* SPDX-License-Identifier: MIT */
#include "setup/text.h"

#include <string.h>

static const char marker[] = "# git-sk hook ";
static const char end_marker[] = "# git-sk hook end";
static const char program_is[] = "\nsk_program=";

/*
 * A kept hook that leads back here, by whatever way, would start itself for
 * ever. Every round adds a letter; no arithmetic, the value may be anything.
 */
static void add_depth(struct sk_str *out, const struct sk_hook_event *event)
{
	sk_str_addf(out,
		    "GIT_SK_DEPTH=x${GIT_SK_DEPTH-}\n"
		    "export GIT_SK_DEPTH\n"
		    "case $GIT_SK_DEPTH in\n"
		    "xxxxxx*)\n"
		    "\techo 'warning: %s hook: it starts itself again and"
		    " again; see git-sk-setup(1)' >&2\n"
		    "\texit 0\n"
		    "\t;;\n"
		    "esac\n",
		    event->name);
}

static void add_program(struct sk_str *out, const char *program)
{
	sk_str_puts(out, "sk_program=");
	sk_str_add_quoted(out, program);
	sk_str_putc(out, '\n');
}

/*
 * A shell can read the first line of a file itself, and to start a program for
 * it would double what the hook costs. What it does not tell for sure is left
 * to the program, as is the table of refs that `.invalid` stands for.
 */
static void add_lane_glance(struct sk_str *out)
{
	sk_str_puts(out, "{ IFS= read -r sk_head <\"${GIT_DIR:-.git}/HEAD\"; }"
			 " 2>/dev/null || sk_head=\n"
			 "case $sk_head in\n"
			 "'ref: refs/heads/kitty/mission-'*-lane-[a-z] |"
			 " 'ref: refs/heads/.invalid') ;;\n"
			 "'ref: refs/heads/'?* | [0-9a-f]*) sk_program= ;;\n"
			 "esac\n");
}

static void add_kept(struct sk_str *out, const struct sk_hook_event *event,
		     enum sk_hook_kept kept)
{
	if (kept == SK_KEPT_SOURCED)
		sk_str_addf(out, "sk_kept=${0%%/*}/%s" SK_KEPT_SUFFIX "\n",
			    event->name);
	else
		sk_str_addf(out, "sk_kept=${0%%/*}/" SK_KEPT_FOLDER "/%s\n",
			    event->name);
}

/* Git waits for what we do and looks at nothing: ours, then theirs. */
static void add_watch(struct sk_str *out, bool is_read)
{
	sk_str_puts(out, "if [ -x \"$sk_program\" ]; then"
			 " \"$sk_program\" \"$@\" </dev/null || :; fi\n");
	if (is_read)
		sk_str_puts(out, "if [ -x \"$sk_kept\" ]; then"
				 " . \"$sk_kept\"; fi\n");
	else
		sk_str_puts(out, "if [ -x \"$sk_kept\" ]; then"
				 " exec \"$sk_kept\" \"$@\"; fi\n");
}

/*
 * Theirs, then ours unless theirs said no. Theirs runs in a subshell, for it
 * may exit; and in no condition, which would disarm a `set -e` in it. Who
 * does not read its input just leaves it: printf's pipe breaks, and that is
 * all, also where the first line says `-o pipefail`.
 */
static void add_gate(struct sk_str *out, const struct sk_hook_event *event,
		     bool is_read)
{
	const char *copy = event->reads_stdin
				   ? "(trap '' PIPE; printf %s \"$sk_stdin\""
				     " 2>/dev/null || :) | "
				   : "";

	if (event->reads_stdin)
		sk_str_puts(out, "sk_stdin=$(cat; echo x)\n"
				 "sk_stdin=${sk_stdin%x}\n");
	sk_str_addf(out,
		    "if [ -x \"$sk_kept\" ]; then\n"
		    "\t%s%s\n"
		    "\tsk_status=$?\n"
		    "\t[ \"$sk_status\" -eq 0 ] || exit \"$sk_status\"\n"
		    "fi\n"
		    "[ -x \"$sk_program\" ] || exit 0\n",
		    copy, is_read ? "(. \"$sk_kept\")" : "\"$sk_kept\" \"$@\"");
	if (event->reads_stdin)
		sk_str_addf(out, "%s\"$sk_program\" \"$@\"\n", copy);
	else
		sk_str_puts(out, "exec \"$sk_program\" \"$@\" </dev/null\n");
}

void sk_hook_text_add(struct sk_str *out, const struct sk_hook_text *text)
{
	const struct sk_hook_event *event = text->event;
	bool has_line = text->first_line && *text->first_line;
	bool is_read = text->kept == SK_KEPT_SOURCED && !text->is_run;

	sk_str_addf(out, "%s\n", has_line ? text->first_line : "#!/bin/sh");
	sk_str_addf(out, "%s2: %s; 'git sk-setup --remove' takes it out\n",
		    marker, event->name);
	if (text->kept_owner && strcmp(text->kept_owner, "lefthook") == 0)
		sk_str_puts(out, "# LEFTHOOK may write this file anew\n");
	if (text->kept != SK_KEPT_NONE)
		add_depth(out, event);
	add_program(out, text->program);
	if (event->is_of_lanes)
		add_lane_glance(out);
	if (text->kept != SK_KEPT_NONE)
		add_kept(out, event, text->kept);
	if (text->kept == SK_KEPT_NONE)
		sk_str_addf(out,
			    "[ ! -x \"$sk_program\" ] || exec \"$sk_program\""
			    " \"$@\"%s\n",
			    event->reads_stdin ? "" : " </dev/null");
	else if (event->is_gate)
		add_gate(out, event, is_read);
	else
		add_watch(out, is_read);
	sk_str_addf(out, "%s\n", end_marker);
}

/* Behind the first line, which is the script's `#!`. */
static const char *second_line(const char *text, size_t len)
{
	const char *end = len > 2 && memcmp(text, "#!", 2) == 0
				  ? memchr(text, '\n', len)
				  : NULL;

	return end ? end + 1 : NULL;
}

bool sk_hook_text_is_ours(const char *text, size_t len)
{
	const char *line = second_line(text, len);
	size_t skip = strlen(marker);

	/* a number follows: somebody may have written a line of their own */
	return line && (size_t)(text + len - line) > skip &&
	       memcmp(line, marker, skip) == 0 && line[skip] >= '0' &&
	       line[skip] <= '9';
}

const char *sk_hook_text_rest(const char *text)
{
	const char *end = strstr(text, end_marker);

	if (!end)
		return "";
	end += strlen(end_marker);
	return end[strspn(end, " \t\r\n")] ? end + (*end == '\n') : "";
}

void sk_hook_text_program(struct sk_str *out, const char *text)
{
	static const char escaped[] = "'\\''";
	const char *at = strstr(text, program_is);

	if (!at || at[strlen(program_is)] != '\'')
		return;
	/* what sk_str_add_quoted() wrote: 'a'\''b' */
	at += strlen(program_is) + 1;
	while (*at && (*at != '\'' || strncmp(at, escaped, 4) == 0)) {
		sk_str_putc(out, *at);
		at += *at == '\'' ? 4 : 1;
	}
}

/* The word at *at, which moves behind it; its length, 0 at the end. */
static size_t next_word(const char **at, const char **word)
{
	size_t len;

	*at += strspn(*at, " \t");
	*word = *at;
	len = strcspn(*at, " \t");
	*at += len;
	return len;
}

/* The last part of a path, which the name of a shell may be. */
static bool is_shell(const char *path, size_t len)
{
	static const char *const names[] = {"sh", "dash", "bash", "ash"};
	const char *slash = len ? memrchr(path, '/', len) : NULL;

	if (slash) {
		len -= (size_t)(slash + 1 - path);
		path = slash + 1;
	}
	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		if (strlen(names[i]) == len && memcmp(names[i], path, len) == 0)
			return true;
	}
	return false;
}

/* "#!/bin/sh", "#! /usr/bin/env bash", "#!/usr/bin/env -S sh -e": a shell? */
static bool names_shell(const char *line)
{
	const char *at = line + 2, *word;
	size_t len = next_word(&at, &word);

	if (len < 3 || memcmp(word + len - 3, "env", 3) != 0)
		return is_shell(word, len);
	do {
		len = next_word(&at, &word);
	} while (len && (word[0] == '-' || memchr(word, '=', len)));
	return is_shell(word, len);
}

bool sk_hook_text_is_shell(struct sk_str *first_line, const char *text,
			   size_t len)
{
	const char *end = memchr(text, '\n', len);
	size_t first = end ? (size_t)(end - text) : len;

	sk_str_clear(first_line);
	if (memchr(text, '\0', len))
		return false;
	if (len < 2 || memcmp(text, "#!", 2) != 0)
		return len > 0;
	sk_str_add(first_line, text, first);
	return names_shell(first_line->ptr);
}

/* The rest of the line has `$0` or `${0`. */
static bool names_zero(const char *line)
{
	size_t len = strcspn(line, "\n");

	return memmem(line, len, "$0", 2) || memmem(line, len, "${0", 3);
}

bool sk_hook_text_asks_itself(const char *text)
{
	static const char name[] = "BASH_SOURCE";
	const char *end = NULL;

	if (strstr(text, "(return "))
		return true;
	for (const char *line = text; line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (names_zero(line) &&
		    memmem(line, strcspn(line, "\n"), name, strlen(name)))
			return true;
	}
	return false;
}
