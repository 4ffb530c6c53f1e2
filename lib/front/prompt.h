/* SPDX-License-Identifier: MIT */
/*
 * Questions to the person at the terminal, whatever stdin and stdout are: they
 * go to /dev/tty. Secrets are not echoed, and the terminal is as it was again
 * when a signal ends the program.
 */
#ifndef SK_FRONT_PROMPT_H
#define SK_FRONT_PROMPT_H

#include "base/err.h"
#include "base/str.h"

/*
 * Ask with `question` and set *out to the line that comes. Waits.
 * Returns 0; 1 when there is no terminal; -1 when it ended without an answer.
 */
int sk_prompt(struct sk_str *out, const char *question, bool is_secret,
	      struct sk_err *err) SK_NODISCARD;

/* Set *out to the first line of standard input. Returns 0 or -1. */
int sk_read_line(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

#endif
