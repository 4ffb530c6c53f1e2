/* SPDX-License-Identifier: MIT */
/*
 * What is going to be done to the files of a hooks folder: a list that is
 * made by looking, printed by --dry-run, and executed by the real run. Each
 * step leaves a folder in which every hook of the user's still runs.
 */
#ifndef SK_SETUP_STEP_H
#define SK_SETUP_STEP_H

#include "base/err.h"
#include "base/str.h"

enum sk_step_kind {
	SK_STEP_WRITE, /* `to` gets `text`, by rename */
	SK_STEP_KEEP,  /* `to` becomes a second name of `from` */
	SK_STEP_MOVE,  /* `from` becomes `to`, in the place of what was there */
	SK_STEP_DELETE,	   /* `from` goes */
	SK_STEP_NOTE,	   /* nothing is done: `text` is to be told */
	SK_STEP_ELSEWHERE, /* `text` says what is done beside the files */
};

struct sk_step {
	enum sk_step_kind kind;
	char *from, *to, *text; /* NULL where the kind has none */
};

struct sk_steps {
	struct sk_step *list; /* owned, as all in them */
	size_t count, cap;
};

#define SK_STEPS_INIT                                                          \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Append a step; the strings are copied, NULL for those it has not. */
void sk_steps_add(struct sk_steps *steps, enum sk_step_kind kind,
		  const char *from, const char *to, const char *text);
void sk_steps_free(struct sk_steps *steps);

/*
 * Append what a step does, for people: "keep 'a/post-commit' as
 * 'a/post-commit.sk-orig'", without a line end.
 */
void sk_step_describe(struct sk_str *out, const struct sk_step *step);

/*
 * Do them all, in order; folders that files are kept in are made, and go when
 * they are empty. Returns 0; -1 at the first that fails, the rest undone.
 */
int sk_steps_apply(const struct sk_steps *steps,
		   struct sk_err *err) SK_NODISCARD;

#endif
