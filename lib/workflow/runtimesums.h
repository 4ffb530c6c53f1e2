/* SPDX-License-Identifier: MIT */
/*
 * Which files of the global runtime we put there, as we put them there: a line
 * for each, "<sha256>  <name>", in cache/git-sk.sums. What is not in it, or not
 * like that any more, is somebody else's.
 */
#ifndef SK_WORKFLOW_RUNTIMESUMS_H
#define SK_WORKFLOW_RUNTIMESUMS_H

#include "base/err.h"
#include "base/str.h"

/* Append the lines there are. Returns 0, also for none; -1. */
int sk_sums_read(struct sk_str *sums, const char *home,
		 struct sk_err *err) SK_NODISCARD;

/* Replace the file. Returns 0 or -1. */
int sk_sums_write(const struct sk_str *sums, const char *home,
		  struct sk_err *err) SK_NODISCARD;

/* Whether we once put these bytes there under this name. */
bool sk_sums_have(const struct sk_str *sums, const char *name, const char *data,
		  size_t len);

/* Append the line for them, unless it is there. */
void sk_sums_add(struct sk_str *sums, const char *name, const char *data,
		 size_t len);

#endif
