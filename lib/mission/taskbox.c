/* SPDX-License-Identifier: MIT */
#include "mission/taskbox.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "mission/taskids.h"

static bool is_alnum(char c)
{
	return isalnum((unsigned char)c) && !((unsigned char)c & 0x80);
}

static bool is_blank_byte(char c)
{
	return c == ' ' || c == '\t';
}

bool sk_task_id_is_numbered(struct sk_task_part id)
{
	return id.len && sk_task_id_len(id) == id.len;
}

bool sk_task_id_is_wp(struct sk_task_part id)
{
	size_t i = 2;

	if (id.len < 3 || strncasecmp(id.at, "WP", 2) != 0)
		return false;
	while (i < id.len && isdigit((unsigned char)id.at[i]))
		i++;
	return i == id.len;
}

/* How long what binds two halves of a word is: -, _, ., a dash; 0 for none. */
static size_t hyphen_len(struct sk_task_part text, size_t at)
{
	if (at < text.len && text.at[at] && strchr("-_.", text.at[at]))
		return 1;
	/* U+2013 and U+2014, as in T001–T004 */
	if (at + 3 <= text.len && memcmp(text.at + at, "\xe2\x80", 2) == 0 &&
	    (text.at[at + 2] == '\x93' || text.at[at + 2] == '\x94'))
		return 3;
	return 0;
}

struct sk_task_part sk_task_word_at(struct sk_task_part text)
{
	size_t len = 0, hyphen;

	while (len < text.len) {
		if (is_alnum(text.at[len])) {
			len++;
			continue;
		}
		hyphen = len ? hyphen_len(text, len) : 0;
		if (!hyphen || len + hyphen >= text.len ||
		    !is_alnum(text.at[len + hyphen]))
			break;
		len += hyphen;
	}
	return (struct sk_task_part){text.at, len};
}

bool sk_task_word_is(struct sk_task_part word, const char *id)
{
	size_t len = strlen(id);

	if (!len || word.len < len || strncasecmp(word.at, id, len) != 0)
		return false;
	if (word.len == len)
		return true;
	/* a name may follow an id that ends in its number */
	if (!isdigit((unsigned char)id[len - 1]) || word.at[len] == '_' ||
	    !hyphen_len(word, len))
		return false;
	for (size_t i = len; i < word.len; i++) {
		if (isdigit((unsigned char)word.at[i]))
			return false;
	}
	return true;
}

size_t sk_task_skip_code(struct sk_task_part text, size_t at)
{
	size_t len = 0, run = 0;

	while (at + len < text.len && text.at[at + len] == '`')
		len++;
	for (size_t i = at + len; i < text.len; i++) {
		run = text.at[i] == '`' ? run + 1 : 0;
		if (run == len && (i + 1 == text.len || text.at[i + 1] != '`'))
			return i + 1;
	}
	return at + len;
}

static bool is_box_at(struct sk_task_part text, size_t at)
{
	return at + 3 <= text.len && text.at[at] == '[' &&
	       text.at[at + 2] == ']' && text.at[at + 1] &&
	       strchr(" xX", text.at[at + 1]);
}

/* Whether a bullet or a number with its dot ends right before `at`. */
static bool is_behind_bullet(const struct sk_task_line *line, size_t at)
{
	const char *text = line->text.at;
	size_t digits = 0;

	if (at == line->start)
		return false;
	at--;
	if (text[at] == '.' || text[at] == ')') {
		while (at > line->start &&
		       isdigit((unsigned char)text[at - 1])) {
			digits++;
			at--;
		}
		if (!digits || digits > 9)
			return false;
	} else if (!text[at] || !strchr("-*+", text[at])) {
		return false;
	}
	return at == line->start || is_blank_byte(text[at - 1]) ||
	       text[at - 1] == '|';
}

bool sk_task_line_has_box(const struct sk_task_line *line, size_t *mark)
{
	size_t at = line->start;

	if (line->is_hidden || !sk_task_line_is_item(line))
		return false;
	while (at < line->text.len && !is_blank_byte(line->text.at[at]) &&
	       line->text.at[at] != '[')
		at++;
	while (at < line->text.len && is_blank_byte(line->text.at[at]))
		at++;
	if (!is_box_at(line->text, at))
		return false;
	if (mark)
		*mark = at + 1;
	return true;
}

/*
 * Whether the brackets at `at` are a checkbox: behind a bullet, first in a
 * cell, or apart from the words of an item that is a checkbox itself.
 */
static bool is_checkbox(const struct sk_task_line *line, size_t at)
{
	const char *text = line->text.at;
	size_t before = at;

	while (before > line->start && is_blank_byte(text[before - 1]))
		before--;
	if (is_behind_bullet(line, before))
		return true;
	if (line->is_row && before > line->start && text[before - 1] == '|')
		return true;
	return before > line->start &&
	       (before < at || strchr(",;/", text[at - 1])) &&
	       sk_task_line_has_box(line, NULL);
}

/* What may stand between a box and its id: white space, bold, [P]. */
static size_t skip_to_id(struct sk_task_part text, size_t at)
{
	while (at < text.len) {
		if (at + 3 <= text.len &&
		    strncasecmp(text.at + at, "[P]", 3) == 0)
			at += 3;
		else if (text.at[at] && strchr(" \t*_`~", text.at[at]))
			at++;
		else
			break;
	}
	return at < text.len && text.at[at] == '[' && !is_box_at(text, at)
		       ? at + 1
		       : at;
}

bool sk_task_box_next(struct sk_task_box *box, size_t *at,
		      const struct sk_task_line *line)
{
	struct sk_task_part text = line->text;
	size_t i = *at > line->start ? *at : line->start, id;

	while (!line->is_hidden && i < text.len) {
		if (text.at[i] == '`') {
			i = sk_task_skip_code(text, i);
			continue;
		}
		if (!is_box_at(text, i) || !is_checkbox(line, i)) {
			i++;
			continue;
		}
		id = skip_to_id(text, i + 3);
		box->mark = i + 1;
		box->is_checked = text.at[i + 1] != ' ';
		box->id = sk_task_word_at(sk_task_rest(text, id));
		i += 3;
		if (box->id.len) {
			*at = i;
			return true;
		}
	}
	*at = text.len;
	return false;
}

void sk_task_box_put(struct sk_task_text *text, size_t line, size_t mark,
		     bool done)
{
	sk_task_text_replace(text, line, mark, 1,
			     (struct sk_task_part){done ? "x" : " ", 1});
}
