/* SPDX-License-Identifier: MIT */
/*
 * The text of a hook file, written and read. A hook of ours is a few lines of
 * shell that run our program and the hook that was there before, which is
 * kept beside it. It is recognised by its second line, the marker:
 *
 *	#!/bin/sh
 *	# git-sk hook 2: post-commit ...
 *	...
 *	# git-sk hook end
 *
 * The marker's number is the version of this form. What somebody adds behind
 * the end is theirs and stays. The event and the program are constants of the
 * text; only the folder of the kept hook is taken from $0, so that a copied or
 * moved repository runs its own.
 */
#ifndef SK_SETUP_TEXT_H
#define SK_SETUP_TEXT_H

#include "base/str.h"
#include "setup/event.h"

/* How the hook that was there before is run, and so where it is kept. */
enum sk_hook_kept {
	SK_KEPT_NONE,
	SK_KEPT_SOURCED,  /* a shell script: <event>.sk-orig, read by ours */
	SK_KEPT_EXECUTED, /* anything else: sk-orig/<event>, a process */
};

#define SK_KEPT_SUFFIX ".sk-orig"
#define SK_KEPT_FOLDER "sk-orig"

/* What the text of one hook is made of; all borrowed. */
struct sk_hook_text {
	const struct sk_hook_event *event;
	const char *program; /* absolute path of the event's program */
	enum sk_hook_kept kept;
	const char *first_line; /* of the kept script ("#!/bin/bash -e"), which
				   is to read both; "" or NULL: /bin/sh */
	const char *kept_owner; /* sk_hook_look's; NULL when nothing is kept */
	bool is_run; /* though the kept one is a script beside ours: see
			sk_hook_text_asks_itself() */
};

/*
 * Append the text of our hook. One whose kept hook is lefthook's says its
 * name, so that lefthook takes the file for its own and replaces it, where it
 * would rename one of others and fail the second time.
 */
void sk_hook_text_add(struct sk_str *out, const struct sk_hook_text *text);

/* Whether a file that begins with these bytes is a hook file of ours. */
bool sk_hook_text_is_ours(const char *text, size_t len);

/*
 * What stands behind the end of our lines, borrowed from `text`, which is a
 * hook file of ours; "" when there is nothing but white space.
 */
const char *sk_hook_text_rest(const char *text);

/* Append the path of the program that a hook file of ours names. */
void sk_hook_text_program(struct sk_str *out, const char *text);

/*
 * The first line of a script ("#!/bin/sh -e", without its end), "" when it has
 * none. Returns whether a shell that can read ours would run it, which a text
 * without such a line is to git.
 */
bool sk_hook_text_is_shell(struct sk_str *first_line, const char *text,
			   size_t len);

/*
 * Whether a shell script compares its own name with that of the hook that runs,
 * to do nothing where it is but read: `[ "$BASH_SOURCE" = "$0" ] && main`.
 * Such a one has to be run as a process, though its folder stays the same.
 */
bool sk_hook_text_asks_itself(const char *text);

#endif
