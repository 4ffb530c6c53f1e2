/* SPDX-License-Identifier: MIT */
#include "mission/requirement.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "mission/lines.h"

#define ID_MAX 32

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* How much of the bytes is an id, of whatever case; 0 when none stands here. */
static size_t id_len(const char *at, size_t len)
{
	static const char *const kinds[] = {"NFR-", "FR-", "C-"};

	for (size_t i = 0; i < SK_COUNTOF(kinds); i++) {
		size_t kind = strlen(kinds[i]), end = kind;

		if (len <= kind || strncasecmp(at, kinds[i], kind) != 0)
			continue;
		while (end < len && isdigit((unsigned char)at[end]))
			end++;
		if (end > kind && end < ID_MAX &&
		    (end == len || !is_word(at[end])))
			return end;
	}
	return 0;
}

static void add_id(struct sk_words *out, const char *at, size_t len)
{
	char id[ID_MAX];

	for (size_t i = 0; i < len; i++)
		id[i] = (char)toupper((unsigned char)at[i]);
	id[len] = '\0';
	sk_words_add_new(out, id);
}

void sk_requirements_add(struct sk_words *out, const char *data, size_t len)
{
	size_t id;

	for (size_t i = 0; i < len; i += id ? id : 1) {
		bool starts =
			i == 0 || (!is_word(data[i - 1]) && data[i - 1] != '-');

		id = starts ? id_len(data + i, len - i) : 0;
		if (id)
			add_id(out, data + i, id);
	}
}

/* The bracket that closes the one at `at`, on the same line; NULL: none. */
static const char *closing(const char *at, const char *end)
{
	unsigned depth = 0;

	for (; at < end; at++) {
		if (*at == '[')
			depth++;
		else if (*at == ']' && --depth == 0)
			return at;
	}
	return NULL;
}

/* The text without its placeholders; *had_any says whether there were some. */
static void strip(struct sk_str *out, struct sk_line text, bool *had_any)
{
	const char *at = text.at, *end = at + text.len;

	while (at < end) {
		const char *close = *at == '[' ? closing(at, end) : NULL;

		/* a link, a reference or a footnote */
		if (close && (close - at < 3 || at[1] == '^' ||
			      (close + 1 < end && strchr("([", close[1]))))
			close = NULL;
		if (close) {
			*had_any = true;
			at = close + 1;
		} else {
			sk_str_putc(out, *at++);
		}
	}
}

/* Whether a text says something; in a strict one nothing is left to fill in. */
static bool is_real(struct sk_line text, bool is_strict)
{
	static const char *const empty[] = {"NEEDS CLARIFICATION", "TBD",
					    "TODO", "N/A"};
	struct sk_str left = SK_STR_INIT;
	bool had_any = false, is_said = false;
	struct sk_line words;

	strip(&left, text, &had_any);
	words = sk_line_trim((struct sk_line){left.ptr, left.len});
	while (words.len && strchr("*_`:.-", *words.at)) {
		words.at++;
		words.len--;
		words = sk_line_trim(words);
	}
	for (size_t i = 0; i < words.len; i++)
		is_said = is_said || isalnum((unsigned char)words.at[i]) ||
			  (words.at[i] & 0x80);
	for (size_t i = 0; i < SK_COUNTOF(empty); i++) {
		size_t len = strlen(empty[i]);

		if (words.len >= len &&
		    strncasecmp(words.at, empty[i], len) == 0 &&
		    (words.len == len || !is_word(words.at[len])))
			is_said = false;
	}
	sk_str_free(&left);
	return is_said && !(is_strict && had_any);
}

/* Whether one of the two cells behind the first of a row says something. */
static bool has_real_cell(const char *at, const char *end)
{
	for (unsigned cell = 0; cell < 2 && at < end; cell++) {
		const char *pipe = memchr(at, '|', (size_t)(end - at));
		const char *stop = pipe ? pipe : end;

		if (is_real((struct sk_line){at, (size_t)(stop - at)}, true))
			return true;
		at = pipe ? pipe + 1 : end;
	}
	return false;
}

/* A row, an item or a heading that begins with a functional requirement. */
static void read_requirement(struct sk_spec *spec, struct sk_line line)
{
	struct sk_line text = sk_line_trim(line);
	const char *at = text.at, *end = at + text.len;
	bool is_row = text.len && *at == '|';
	size_t id;

	if (!text.len || !strchr("|-*+#", *at))
		return;
	while (at < end && strchr("|-*+# \t`_", *at))
		at++;
	id = id_len(at, (size_t)(end - at));
	if (!id || toupper((unsigned char)*at) != 'F')
		return;
	add_id(&spec->functional, at, id);
	at += id;
	while (at < end && strchr("*`_ \t", *at))
		at++;
	if (is_row)
		spec->is_substantive =
			spec->is_substantive ||
			(at < end && *at == '|' && has_real_cell(at + 1, end));
	else
		spec->is_substantive =
			spec->is_substantive ||
			is_real((struct sk_line){at, (size_t)(end - at)}, true);
}

void sk_spec_read(struct sk_spec *out, const char *data, size_t len)
{
	const char *at = data, *end = data + len;
	struct sk_fence fence = {0};
	struct sk_line line;

	*out = (struct sk_spec){.is_substantive = false};
	while (sk_line_next(&line, &at, end)) {
		if (sk_fence_holds(&fence, line))
			continue;
		sk_requirements_add(&out->known, line.at, line.len);
		read_requirement(out, line);
	}
}

void sk_spec_free(struct sk_spec *spec)
{
	sk_words_free(&spec->known);
	sk_words_free(&spec->functional);
	spec->is_substantive = false;
}

/*
 * A field "**Label**: value"; returns its value, and an empty line for what is
 * none.
 */
static struct sk_line field_of(struct sk_line line, struct sk_line *label)
{
	struct sk_line text = sk_line_trim(line), none = {line.at, 0};
	const char *end = text.at + text.len, *stop;

	while (text.len && strchr("-+ \t", *text.at)) {
		text.at++;
		text.len--;
	}
	if (!sk_line_begins(text, "**"))
		return none;
	label->at = text.at + 2;
	stop = memmem(label->at, (size_t)(end - label->at), "**", 2);
	if (!stop)
		return none;
	label->len = (size_t)(stop - label->at);
	stop += 2;
	if (label->len && label->at[label->len - 1] == ':')
		label->len--;
	else if (stop < end && *stop == ':')
		stop++;
	else
		return none;
	return (struct sk_line){stop, (size_t)(end - stop)};
}

bool sk_plan_is_substantive(const char *data, size_t len)
{
	const char *at = data, *end = data + len;
	bool is_in = false, has_language = false, has_more = false;
	struct sk_fence fence = {0};
	struct sk_line line, label, value;

	while (sk_line_next(&line, &at, end)) {
		size_t level;

		if (sk_fence_holds(&fence, line))
			continue;
		level = sk_line_heading(line);
		if (level && level <= 2)
			is_in = level == 2 && sk_line_is(sk_line_title(line),
							 "Technical Context");
		value = field_of(line, &label);
		if (!is_in || level || !is_real(value, false))
			continue;
		if (sk_line_is(sk_line_trim(label), "Language/Version"))
			has_language = true;
		else
			has_more = true;
	}
	return has_language && has_more;
}
