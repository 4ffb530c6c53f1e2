/* SPDX-License-Identifier: MIT */
#include "mission/tasktext.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/lines.h"
#include "mission/taskrow.h"

static bool is_blank_byte(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

struct sk_task_part sk_task_rest(struct sk_task_part part, size_t at)
{
	return (struct sk_task_part){part.at + at, part.len - at};
}

size_t sk_task_skip(struct sk_task_part part, size_t at, const char *bytes)
{
	while (at < part.len && part.at[at] && strchr(bytes, part.at[at]))
		at++;
	return at;
}

struct sk_task_part sk_task_trim(struct sk_task_part part)
{
	while (part.len && is_blank_byte(part.at[0])) {
		part.at++;
		part.len--;
	}
	while (part.len && is_blank_byte(part.at[part.len - 1]))
		part.len--;
	return part;
}

bool sk_task_line_is_blank(const struct sk_task_line *line)
{
	return line->start == line->text.len;
}

bool sk_task_line_is_item(const struct sk_task_line *line)
{
	const char *at = line->text.at + line->start;
	size_t left = line->text.len - line->start, len = 0;

	if (left && strchr("-*+", at[0]) && at[0])
		return left == 1 || is_blank_byte(at[1]) || at[1] == '[';
	while (len < left && len < 9 && at[len] >= '0' && at[len] <= '9')
		len++;
	if (!len || len == left || (at[len] != '.' && at[len] != ')'))
		return false;
	return len + 1 == left || is_blank_byte(at[len + 1]) ||
	       at[len + 1] == '[';
}

struct sk_task_part sk_task_text_header(const struct sk_task_text *text,
					const struct sk_task_line *line)
{
	return line->table ? text->headers[line->table - 1]
			   : (struct sk_task_part){NULL, 0};
}

static struct sk_task_line *add_line(struct sk_task_text *text)
{
	SK_GROW(text->lines, text->count, text->cap);
	text->lines[text->count] = (struct sk_task_line){0};
	return &text->lines[text->count++];
}

static void find_start(struct sk_task_line *line, bool is_first)
{
	const char *at = line->text.at;
	size_t i = 0;

	if (is_first && line->text.len >= 3 &&
	    memcmp(at, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < line->text.len && (is_blank_byte(at[i]) || at[i] == '>'))
		i++;
	line->start = i;
}

static void split(struct sk_task_text *text, const char *data, size_t len)
{
	const char *at = data, *stop = data + len;

	while (at < stop) {
		const char *eol = memchr(at, '\n', (size_t)(stop - at));
		const char *end = eol ? eol : stop;
		struct sk_task_line *line = add_line(text);

		if (eol && end > at && end[-1] == '\r')
			end--;
		line->text = (struct sk_task_part){at, (size_t)(end - at)};
		line->was = line->text;
		at = eol ? eol + 1 : stop;
		line->end = (struct sk_task_part){end, (size_t)(at - end)};
		find_start(line, text->count == 1);
	}
}

static bool is_comment(const struct sk_task_line *line)
{
	return line->text.len - line->start >= 4 &&
	       memcmp(line->text.at + line->start, "<!--", 4) == 0;
}

/*
 * A fence may stand as deep as the item or the quote that it belongs to. A
 * comment goes up to the line that closes it (CommonMark 4.6).
 */
static void hide(struct sk_task_text *text)
{
	struct sk_fence fence = {0};
	bool in_comment = false;

	for (size_t i = 0; i < text->count; i++) {
		struct sk_task_line *line = &text->lines[i];
		struct sk_task_part rest =
			sk_task_rest(line->text, line->start);

		if (!in_comment && !fence.mark)
			in_comment = is_comment(line);
		line->is_hidden =
			in_comment ||
			sk_fence_holds(&fence,
				       (struct sk_line){rest.at, rest.len});
		if (in_comment)
			in_comment = !memmem(line->text.at, line->text.len,
					     "-->", 3);
	}
}

/* Whether the line may belong to a table, by itself. */
static bool may_be_row(const struct sk_task_line *line)
{
	return !line->is_hidden && !sk_task_line_is_blank(line) &&
	       sk_task_row_has_pipe(line) &&
	       (line->text.at[line->start] == '|' ||
		!sk_task_line_is_item(line));
}

static void add_table(struct sk_task_text *text, struct sk_task_part header)
{
	SK_GROW(text->headers, text->table_count, text->table_cap);
	text->headers[text->table_count++] = header;
}

/* Rows of the newest table; the dashes below other rows are none. */
static void put_row(struct sk_task_text *text, size_t line, bool is_row)
{
	struct sk_task_line *l = &text->lines[line];

	l->table = text->table_count;
	l->is_row = is_row && !sk_task_row_is_separator(l);
}

/*
 * Lines with pipes but without dashes: each that begins with a pipe is a row
 * all the same, and the first is their header when it says so.
 */
static void read_bare_rows(struct sk_task_text *text, size_t from, size_t to)
{
	struct sk_task_line *lines = text->lines;
	bool has_header = from < to && sk_task_row_is_header(&lines[from]);

	add_table(text, has_header ? lines[from].text
				   : (struct sk_task_part){NULL, 0});
	for (size_t i = from; i < to; i++) {
		if (lines[i].text.at[lines[i].start] == '|')
			put_row(text, i, i > from || !has_header);
	}
}

/* Lines with pipes, one below the other; the header is above the dashes. */
static void read_table(struct sk_task_text *text, size_t from, size_t to)
{
	size_t dashes = from + 1;

	while (dashes < to && !sk_task_row_is_separator(&text->lines[dashes]))
		dashes++;
	read_bare_rows(text, from, dashes < to ? dashes - 1 : to);
	if (dashes >= to)
		return;
	add_table(text, text->lines[dashes - 1].text);
	for (size_t i = dashes - 1; i < to; i++)
		put_row(text, i, i > dashes);
}

static void find_tables(struct sk_task_text *text)
{
	for (size_t i = 0, to; i < text->count; i = to) {
		to = i;
		while (to < text->count && may_be_row(&text->lines[to]))
			to++;
		if (to > i)
			read_table(text, i, to);
		else
			to++;
	}
}

void sk_task_text_open(struct sk_task_text *text, const char *data, size_t len)
{
	split(text, data, len);
	hide(text);
	find_tables(text);
}

void sk_task_text_free(struct sk_task_text *text)
{
	for (size_t i = 0; i < text->count; i++)
		free(text->lines[i].own);
	free(text->lines);
	free(text->headers);
	*text = (struct sk_task_text)SK_TASK_TEXT_INIT;
}

void sk_task_text_replace(struct sk_task_text *text, size_t line, size_t at,
			  size_t len, struct sk_task_part with)
{
	struct sk_task_line *l = &text->lines[line];
	struct sk_str now = SK_STR_INIT;

	if (l->own && with.len == len) {
		memmove(l->own + at, with.at, len);
	} else {
		sk_str_add(&now, l->text.at, at);
		sk_str_add(&now, with.at, with.len);
		sk_str_add(&now, l->text.at + at + len, l->text.len - at - len);
		free(l->own);
		l->text.len = now.len;
		l->own = sk_str_take(&now);
		l->text.at = l->own;
	}
	l->is_changed = l->text.len != l->was.len ||
			memcmp(l->own, l->was.at, l->was.len) != 0;
}

/* The end of line of the file: that of its first one that has any. */
static struct sk_task_part usual_end(const struct sk_task_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		if (text->lines[i].end.len)
			return text->lines[i].end;
	}
	return (struct sk_task_part){"\n", 1};
}

void sk_task_text_insert(struct sk_task_text *text, size_t behind,
			 struct sk_task_part with)
{
	struct sk_task_line *above, *line;

	add_line(text);
	above = &text->lines[behind];
	line = above + 1;
	memmove(line + 1, line,
		(text->count - behind - 2) * sizeof(*text->lines));
	*line = (struct sk_task_line){.end = above->end, .is_inserted = true};
	if (!above->end.len)
		above->end = usual_end(text);
	line->own = sk_strndup(with.at, with.len);
	line->text = (struct sk_task_part){line->own, with.len};
	line->was = (struct sk_task_part){"", 0};
	find_start(line, false);
}

void sk_task_text_add(struct sk_str *out, const struct sk_task_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		const struct sk_task_line *line = &text->lines[i];

		sk_str_add(out, line->text.at, line->text.len);
		sk_str_add(out, line->end.at, line->end.len);
	}
}
