/* SPDX-License-Identifier: MIT */
#include "mission/tasklist.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mission/lines.h"
#include "mission/taskbox.h"
#include "mission/taskids.h"

/* The place behind `Subtasks:`; false when the line does not say it. */
static bool find_colon(const struct sk_task_line *line, size_t *behind)
{
	static const char word[] = "subtasks";
	const size_t len = sizeof(word) - 1;
	struct sk_task_part text = line->text;
	size_t at = line->start;

	while (!line->is_hidden && at < text.len) {
		size_t after = at + len;

		if (text.at[at] == '`') {
			at = sk_task_skip_code(text, at);
			continue;
		}
		/* its letter first: each byte of the file comes by here */
		if (after < text.len && (text.at[at] | 0x20) == word[0] &&
		    strncasecmp(text.at + at, word, len) == 0 &&
		    (at == 0 || !isalnum((unsigned char)text.at[at - 1]))) {
			after = sk_task_skip(text, after, " \t*_");
			if (after < text.len && text.at[after] == ':') {
				*behind = after + 1;
				return true;
			}
		}
		at++;
	}
	return false;
}

bool sk_task_list_has(const struct sk_task_line *line, struct sk_task_part id)
{
	size_t behind;

	return find_colon(line, &behind) &&
	       (!id.len ||
		sk_task_ids_find(sk_task_rest(line->text, behind), id).len);
}

bool sk_task_list_names(const struct sk_task_line *list,
			const struct sk_task_line *line)
{
	for (size_t at = line->start; at < line->text.len;) {
		struct sk_task_part word =
			sk_task_word_at(sk_task_rest(line->text, at));

		if (sk_task_id_is_numbered(word) &&
		    sk_task_list_has(list, word))
			return true;
		at += word.len ? word.len : 1;
	}
	return false;
}

bool sk_task_list_find(size_t *line, struct sk_str *spelling,
		       const struct sk_task_text *text, const char *id)
{
	struct sk_task_part part = {id, strlen(id)}, first;
	size_t behind;

	if (!sk_task_id_is_numbered(part))
		return false;
	for (size_t i = *line; i < text->count; i++) {
		const struct sk_task_line *l = &text->lines[i];

		if (!find_colon(l, &behind))
			continue;
		first = sk_task_ids_find(sk_task_rest(l->text, behind), part);
		if (!first.len)
			continue;
		*line = i;
		sk_str_clear(spelling);
		for (size_t at = 0; at < part.len; at++)
			sk_str_putc(spelling, isdigit((unsigned char)id[at])
						      ? id[at]
						      : first.at[at]);
		return true;
	}
	return false;
}

static bool is_below(const struct sk_task_line *line,
		     const struct sk_task_line *item)
{
	return !sk_task_line_is_blank(line) && line->start > item->start;
}

/* The first box of the list: on the next line, or behind empty ones when it is
 * the box of a member. SIZE_MAX when there is none. */
static size_t first_box(const struct sk_task_text *text, size_t line)
{
	struct sk_task_box box;
	size_t i = line + 1, at = 0;

	while (i < text->count && sk_task_line_is_blank(&text->lines[i]))
		i++;
	if (i == text->count || !sk_task_line_has_box(&text->lines[i], NULL))
		return SIZE_MAX;
	if (i == line + 1)
		return i;
	return sk_task_box_next(&box, &at, &text->lines[i]) &&
			       sk_task_list_has(&text->lines[line], box.id)
		       ? i
		       : SIZE_MAX;
}

/*
 * The last line of a block of code that belongs to an item; 0 when the block is
 * none of the list, or nobody closed it: then all below is code.
 */
static size_t skip_hidden(const struct sk_task_text *text, size_t line,
			  const struct sk_task_line *item)
{
	if (!is_below(&text->lines[line], item))
		return 0;
	while (line < text->count && text->lines[line].is_hidden)
		line++;
	return line < text->count ? line - 1 : 0;
}

size_t sk_task_list_end(const struct sk_task_text *text, size_t line)
{
	size_t first = first_box(text, line), last = line;

	if (first == SIZE_MAX) {
		/* a list in the middle of a table would end the table */
		while (text->lines[line].table && last + 1 < text->count &&
		       text->lines[last + 1].table == text->lines[line].table)
			last++;
		return last;
	}
	last = first;
	for (size_t i = first + 1; i < text->count; i++) {
		if (text->lines[i].is_hidden) {
			i = skip_hidden(text, i, &text->lines[first]);
			if (!i)
				break;
			last = i;
			continue;
		}
		if (!is_below(&text->lines[i], &text->lines[first]) &&
		    (text->lines[i].start < text->lines[first].start ||
		     !sk_task_line_has_box(&text->lines[i], NULL)))
			break;
		last = i;
	}
	return last;
}

/* Whether the line names the id, and no other one of its list. */
static bool names_only(const struct sk_task_line *line,
		       const struct sk_task_line *list, const char *id)
{
	bool is_named = false;

	for (size_t at = line->start; at < line->text.len;) {
		struct sk_task_part word =
			sk_task_word_at(sk_task_rest(line->text, at));

		if (sk_task_word_is(word, id))
			is_named = true;
		else if (sk_task_id_is_numbered(word) &&
			 sk_task_list_has(list, word))
			return false;
		at += word.len ? word.len : 1;
	}
	return is_named;
}

bool sk_task_list_box(size_t *box_line, size_t *mark,
		      const struct sk_task_text *text, size_t line,
		      const char *id)
{
	size_t first = first_box(text, line), end;

	if (first == SIZE_MAX)
		return false;
	end = sk_task_list_end(text, line);
	for (size_t i = first; i <= end; i++) {
		if (sk_task_line_has_box(&text->lines[i], mark) &&
		    names_only(&text->lines[i], &text->lines[line], id)) {
			*box_line = i;
			return true;
		}
	}
	return false;
}

void sk_task_list_insert(struct sk_task_text *text, size_t line, const char *id,
			 bool done)
{
	size_t first = first_box(text, line);
	size_t end = sk_task_list_end(text, line);
	const struct sk_task_line *like =
		&text->lines[first == SIZE_MAX ? line : first];
	size_t from = 0;
	struct sk_str row = SK_STR_INIT;

	/* the file's byte order mark is not indentation */
	if (like->start >= 3 && memcmp(like->text.at, "\xef\xbb\xbf", 3) == 0)
		from = 3;
	sk_str_add(&row, like->text.at + from, like->start - from);
	sk_str_addf(&row, "- [%c] %s", done ? 'x' : ' ', id);
	sk_task_text_insert(text, end, (struct sk_task_part){row.ptr, row.len});
	sk_str_free(&row);
}

/* The first word WPnn in the text, in upper case. */
static bool add_wp(struct sk_str *wp, struct sk_task_part text)
{
	for (size_t at = 0; at < text.len;) {
		size_t len = sk_task_id_len(sk_task_rest(text, at));

		if (len && sk_task_id_is_wp(
				   (struct sk_task_part){text.at + at, len})) {
			sk_str_puts(wp, "WP");
			sk_str_add(wp, text.at + at + 2, len - 2);
			return true;
		}
		if (!isalnum((unsigned char)text.at[at])) {
			at++;
			continue;
		}
		while (at < text.len && isalnum((unsigned char)text.at[at]))
			at++;
	}
	return false;
}

static size_t heading_level(const struct sk_task_line *line)
{
	struct sk_task_part rest = sk_task_rest(line->text, line->start);

	return line->is_hidden
		       ? 0
		       : sk_line_heading((struct sk_line){rest.at, rest.len});
}

bool sk_task_list_wp(struct sk_str *wp, const struct sk_task_text *text,
		     size_t line)
{
	struct sk_task_part before = text->lines[line].text;
	size_t below = 7, behind;

	if (find_colon(&text->lines[line], &behind))
		before.len = behind;
	if (add_wp(wp, before))
		return true;
	for (size_t i = line; i-- > 0 && below > 1;) {
		size_t level = heading_level(&text->lines[i]);

		if (!level || level >= below)
			continue;
		if (add_wp(wp, text->lines[i].text))
			return true;
		below = level;
	}
	return false;
}
