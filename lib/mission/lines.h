/* SPDX-License-Identifier: MIT */
/*
 * The lines of Markdown files: read one by one, where the front matter is, and
 * which of them are code. A line ends with LF; a CR in front of it, or a
 * missing LF at the end of the file, is told by who cares. Borrowed bytes.
 */
#ifndef SK_MISSION_LINES_H
#define SK_MISSION_LINES_H

#include "base/base.h"

struct sk_line {
	const char *at;
	size_t len; /* without the LF, with the CR */
};

/*
 * Read the line at *at and move *at behind its end. Returns false, with nothing
 * read, at `end`.
 */
bool sk_line_next(struct sk_line *line, const char **at, const char *end);

/* The line without white space around it, its CR included. */
struct sk_line sk_line_trim(struct sk_line line);

/* Whether the line is this text, and whether it begins with it. */
bool sk_line_is(struct sk_line line, const char *text);
bool sk_line_begins(struct sk_line line, const char *text);

/* How many "#" a heading of 1 to 6 has; 0 for what is no heading. */
size_t sk_line_heading(struct sk_line line);

/* What a heading says, without its marks. */
struct sk_line sk_line_title(struct sk_line line);

/*
 * A fenced code block, over the lines of a file one after the other. Start with
 * all zero.
 */
struct sk_fence {
	char mark; /* of the open block; 0 when there is none */
	size_t len;
};

/* Whether this line is code, or one of the fences around it. */
bool sk_fence_holds(struct sk_fence *fence, struct sk_line line);

/*
 * Narrow [*at, *end) to what is between the "---" lines that a file begins
 * with; a byte order mark may stand in front. Returns false, with nothing
 * changed, when there are no such lines.
 */
bool sk_front_find(const char **at, const char **end);

#endif
