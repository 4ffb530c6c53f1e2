/* SPDX-License-Identifier: MIT */
/*
 * tasks.md as lines, each with what it is in Markdown: hidden in a block of
 * code or a comment, row of a table, text. Lines can be changed and inserted;
 * all other bytes stay as they are, ends of lines, NULs and broken UTF-8 too.
 * A line that was changed or inserted is known by its flag.
 */
#ifndef SK_MISSION_TASKTEXT_H
#define SK_MISSION_TASKTEXT_H

#include "base/str.h"

/* Bytes of a line, borrowed from it until it is changed. */
struct sk_task_part {
	const char *at;
	size_t len;
};

struct sk_task_line {
	struct sk_task_part text; /* without its end */
	struct sk_task_part was;  /* the same before any change */
	struct sk_task_part end; /* LF, CR LF; nothing at the end of the file */
	size_t start; /* behind byte order mark, indentation, quote marks */
	size_t table; /* the number of its table, from 1; 0 for none */
	bool is_row;  /* of a table, and neither its header nor below */
	bool is_hidden;
	bool is_changed; /* from what it was */
	bool is_inserted;
	char *own; /* its bytes, once it was changed */
};

struct sk_task_text {
	struct sk_task_line *lines;
	size_t count, cap;
	struct sk_task_part *headers; /* of each table; len 0 when none */
	size_t table_count, table_cap;
};

#define SK_TASK_TEXT_INIT                                                      \
	{                                                                      \
		NULL, 0, 0, NULL, 0, 0                                         \
	}

/*
 * Take the bytes apart; they are borrowed until sk_task_text_free(). *text is
 * SK_TASK_TEXT_INIT.
 */
void sk_task_text_open(struct sk_task_text *text, const char *data, size_t len);
void sk_task_text_free(struct sk_task_text *text);

/* Put `with` in the place of `len` bytes of a line; may be of the line. */
void sk_task_text_replace(struct sk_task_text *text, size_t line, size_t at,
			  size_t len, struct sk_task_part with);

/*
 * Insert a line behind line `behind`, with that one's end, or the file's where
 * that one is the last and has none: the file then ends without one as before.
 */
void sk_task_text_insert(struct sk_task_text *text, size_t behind,
			 struct sk_task_part with);

/* Append the text as it is now. */
void sk_task_text_add(struct sk_str *out, const struct sk_task_text *text);

/* The header of a line's table; of length 0 when there is none. */
struct sk_task_part sk_task_text_header(const struct sk_task_text *text,
					const struct sk_task_line *line);

/* Whether the line begins as an item of a list: -, *, +, 1. or 1) */
bool sk_task_line_is_item(const struct sk_task_line *line);

/* Whether there is nothing but white space and quote marks on it. */
bool sk_task_line_is_blank(const struct sk_task_line *line);

/* What is behind its first `at` bytes. */
struct sk_task_part sk_task_rest(struct sk_task_part part, size_t at);

/* The place behind all of these bytes that stand at `at`. */
size_t sk_task_skip(struct sk_task_part part, size_t at, const char *bytes);

/* Without the white space around it. */
struct sk_task_part sk_task_trim(struct sk_task_part part);

#endif
