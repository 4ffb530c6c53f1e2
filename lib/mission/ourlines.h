/* SPDX-License-Identifier: MIT */
/*
 * Which of the differences between the committed tasks.md and that of the work
 * tree are marks of tasks: the text to commit when somebody's other edits are
 * to stay uncommitted.
 */
#ifndef SK_MISSION_OURLINES_H
#define SK_MISSION_OURLINES_H

#include "mission/mark.h"

/* A text's bytes. */
struct sk_our_text {
	const char *data;
	size_t len;
};

/*
 * Append the committed text `head` with the marks of the text `work`, which is
 * that of the work tree after marking:
 * - those that `marks` tell of, made in the same form, wherever the id stands;
 * - those of other lines that differ from a committed one in their checkbox or
 *   status cell alone, [D] or [ ], and name an id: an earlier command's;
 * - rows `- [x] ID` below a `Subtasks:` line that an earlier command inserted.
 * Nothing else of `work` enters. left[i], an array as long as `marks` or NULL,
 * becomes whether the line of marks[i] is itself uncommitted, so that `head`
 * has no place for it.
 *
 * Returns how many lines of `head` became others, inserted ones counted.
 */
size_t sk_our_lines(struct sk_str *out, struct sk_our_text head,
		    struct sk_our_text work, const struct sk_mark *marks,
		    size_t count, bool done, bool *left);

#endif
