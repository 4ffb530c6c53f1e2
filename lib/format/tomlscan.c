/* SPDX-License-Identifier: MIT */
#include "format/tomlscan.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* Arrays and inline tables may be nested this deep. */
#define MAX_NESTING 64

static bool refuse(struct sk_tomlscan *s, const char *problem)
{
	s->problem = problem;
	return false;
}

static int fail(const struct sk_tomlscan *s, struct sk_err *err)
{
	return sk_fail(err, SK_EDATA, "not valid TOML: %s in line %u",
		       s->problem, s->line);
}

static bool looking_at(const struct sk_tomlscan *s, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(s->end - s->at) >= len && !memcmp(s->at, text, len);
}

static bool skip(struct sk_tomlscan *s, const char *text)
{
	if (!looking_at(s, text))
		return false;
	s->at += strlen(text);
	return true;
}

static void skip_blanks(struct sk_tomlscan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
}

static void skip_comment(struct sk_tomlscan *s)
{
	if (s->at < s->end && *s->at == '#') {
		while (s->at < s->end && *s->at != '\n')
			s->at++;
	}
}

static bool skip_newline(struct sk_tomlscan *s)
{
	if (!skip(s, "\n") && !skip(s, "\r\n"))
		return false;
	s->line++;
	return true;
}

/* Blanks, comments and line ends, as between statements and in arrays. */
static void skip_gap(struct sk_tomlscan *s)
{
	do {
		skip_blanks(s);
		skip_comment(s);
	} while (skip_newline(s));
}

bool sk_toml_is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* The code point of \uXXXX or \UXXXXXXXX; s->at is behind the letter. */
static bool read_unicode(struct sk_tomlscan *s, struct sk_str *out, int count)
{
	uint32_t point = 0;

	for (; count; count--, s->at++) {
		char c = s->at < s->end ? *s->at : '\0';

		if (c >= '0' && c <= '9')
			point = point << 4 | (uint32_t)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			point = point << 4 | (uint32_t)((c & 15) + 9);
		else
			return refuse(s, "invalid escape");
	}
	if (!point || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return refuse(s, "invalid character");
	sk_str_add_char(out, point);
	return true;
}

static bool read_escape(struct sk_tomlscan *s, struct sk_str *out)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *known;
	char c;

	if (s->at == s->end || !*s->at)
		return refuse(s, "invalid escape");
	c = *s->at++;
	if (c == 'u' || c == 'U')
		return read_unicode(s, out, c == 'u' ? 4 : 8);
	known = strchr(from, c);
	if (!known)
		return refuse(s, "invalid escape");
	sk_str_putc(out, to[known - from]);
	return true;
}

/* A one-line string; s->at is on its quote. */
static bool read_string(struct sk_tomlscan *s, struct sk_str *out)
{
	char quote = *s->at++;

	while (s->at < s->end && *s->at != '\n' && *s->at != '\r') {
		char c = *s->at++;

		if (c == quote)
			return true;
		if (c != '\\' || quote == '\'')
			sk_str_putc(out, c);
		else if (!read_escape(s, out))
			return false;
	}
	return refuse(s, "unfinished string");
}

/* A multi-line string; up to two more quotes may stand before the closing. */
static bool skip_long_string(struct sk_tomlscan *s, const char *quotes)
{
	bool escapes = quotes[0] == '"';

	for (s->at += 3; s->at < s->end;) {
		if (skip(s, quotes)) {
			for (int i = 0; i < 2; i++)
				skip(s, quotes + 2);
			return true;
		}
		if (skip_newline(s))
			continue;
		if (escapes && *s->at == '\\' && s->end - s->at > 1 &&
		    (s->at[1] == '"' || s->at[1] == '\\'))
			s->at++;
		s->at++;
	}
	return refuse(s, "unfinished string");
}

static const char *long_quotes(const struct sk_tomlscan *s)
{
	return looking_at(s, "\"\"\"") ? "\"\"\""
	       : looking_at(s, "'''")  ? "'''"
				       : NULL;
}

/* Read past an array or inline table: brackets in pairs, strings whole. */
static bool skip_nested(struct sk_tomlscan *s)
{
	char closing[MAX_NESTING];
	struct sk_str ignored = SK_STR_INIT;
	unsigned depth = 0;
	bool fine = true;

	do {
		const char *quotes;
		char c;

		skip_gap(s);
		quotes = long_quotes(s);
		c = s->at < s->end ? *s->at : '\0';
		if (!c) {
			fine = refuse(s, "unfinished array or table");
		} else if (quotes) {
			fine = skip_long_string(s, quotes);
		} else if (c == '"' || c == '\'') {
			fine = read_string(s, &ignored);
		} else if (c == '[' || c == '{') {
			if (depth == MAX_NESTING)
				fine = refuse(s, "nesting too deep");
			else
				closing[depth++] = c == '[' ? ']' : '}';
			s->at++;
		} else if (c == ']' || c == '}') {
			if (c != closing[--depth])
				fine = refuse(s, "brackets don't match");
			s->at++;
		} else {
			s->at++;
		}
	} while (fine && depth);
	sk_str_free(&ignored);
	return fine;
}

/* Append one part of a key; an empty one or one with a dot keeps quotes. */
static bool read_key_part(struct sk_tomlscan *s, struct sk_str *out)
{
	struct sk_str part = SK_STR_INIT;
	bool fine = true;

	if (s->at < s->end && (*s->at == '"' || *s->at == '\'')) {
		fine = read_string(s, &part);
	} else {
		while (s->at < s->end && sk_toml_is_bare(*s->at))
			sk_str_putc(&part, *s->at++);
		if (!part.len)
			fine = refuse(s, "a key is missing");
	}
	if (fine && (!part.len || strchr(part.ptr, '.')))
		sk_str_addf(out, "\"%s\"", part.ptr);
	else if (fine)
		sk_str_puts(out, part.ptr);
	sk_str_free(&part);
	return fine;
}

/* Append a key, with all its parts joined by dots. */
static bool read_key(struct sk_tomlscan *s, struct sk_str *out)
{
	for (;;) {
		skip_blanks(s);
		if (!read_key_part(s, out))
			return false;
		skip_blanks(s);
		if (!skip(s, "."))
			return true;
		sk_str_putc(out, '.');
	}
}

static bool is_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return true;
}

/* A number, a boolean or a time. Its text is the caller's to judge. */
static bool read_bare(struct sk_tomlscan *s)
{
	static const char *const words[] = {"true", "false", "inf", "nan"};
	const char *start = s->at, *text;

	while (s->at < s->end && (sk_toml_is_bare(*s->at) || *s->at == '+' ||
				  *s->at == '.' || *s->at == ':')) {
		s->at++;
		/* a date, a space, a time */
		if (s->at - start == 10 && s->end - s->at > 1 &&
		    *s->at == ' ' && is_digits(start, 4) && start[4] == '-' &&
		    is_digits(s->at + 1, 1))
			s->at++;
	}
	sk_str_add(&s->value, start, (size_t)(s->at - start));
	text = s->value.ptr;
	for (size_t i = 0; i < SK_COUNTOF(words); i++) {
		bool sign = i >= 2 && (*text == '+' || *text == '-');

		if (strcmp(text + sign, words[i]) == 0)
			return true;
	}
	if (*text == '+' || *text == '-')
		text++;
	return (*text && is_digits(text, 1)) || refuse(s, "invalid value");
}

static bool read_value(struct sk_tomlscan *s)
{
	const char *quotes = long_quotes(s);
	char c = s->at < s->end ? *s->at : '\0';
	bool fine;

	s->value_start = s->at;
	s->kind =
		quotes || c == '[' || c == '{' ? SK_TOML_OTHER : SK_TOML_SCALAR;
	if (quotes)
		fine = skip_long_string(s, quotes);
	else if (s->kind == SK_TOML_OTHER)
		fine = skip_nested(s);
	else if (c == '"' || c == '\'')
		fine = read_string(s, &s->value);
	else
		fine = read_bare(s);
	s->value_end = s->at;
	return fine;
}

/* No name may stand twice, but in the tables of an array. */
static bool note_name(struct sk_tomlscan *s)
{
	bool header = s->kind == SK_TOML_TABLE || s->kind == SK_TOML_TABLES;
	struct sk_str name = SK_STR_INIT;
	bool added;

	sk_str_addf(&name, "%c%s", header ? '[' : '=', s->path.ptr);
	sk_map_add(&s->names, name.ptr, name.len, s->kind, &added);
	sk_str_free(&name);
	return added || s->in_tables || refuse(s, "the same name twice");
}

bool sk_tomlscan_is_taken(const struct sk_tomlscan *s, const char *table,
			  bool keys)
{
	struct sk_str name = SK_STR_INIT;
	bool taken = false;

	for (const char *end = table; !taken && *table; end++) {
		const int64_t *kind;

		if (*end && *end != '.')
			continue;
		sk_str_set(&name, "[");
		sk_str_add(&name, table, (size_t)(end - table));
		kind = sk_map_get(&s->names, name.ptr, name.len);
		taken = kind && *kind == SK_TOML_TABLES;
		*name.ptr = '=';
		if (keys && sk_map_get(&s->names, name.ptr, name.len))
			taken = true;
		if (!*end)
			break;
	}
	sk_str_free(&name);
	return taken;
}

static bool read_header(struct sk_tomlscan *s)
{
	bool tables = skip(s, "[[");

	s->kind = tables ? SK_TOML_TABLES : SK_TOML_TABLE;
	if (!tables)
		skip(s, "[");
	if (!read_key(s, &s->path))
		return false;
	if (!skip(s, tables ? "]]" : "]"))
		return refuse(s, "']' is missing");
	s->in_tables = tables || sk_tomlscan_is_taken(s, s->path.ptr, false);
	sk_str_set(&s->table, s->path.ptr);
	return true;
}

static bool read_pair(struct sk_tomlscan *s)
{
	if (s->table.len)
		sk_str_addf(&s->path, "%s.", s->table.ptr);
	if (!read_key(s, &s->path))
		return false;
	if (!skip(s, "="))
		return refuse(s, "'=' is missing");
	skip_blanks(s);
	return read_value(s);
}

int sk_tomlscan_next(struct sk_tomlscan *s, struct sk_err *err)
{
	bool fine;

	skip_gap(s);
	if (s->at == s->end)
		return 0;
	sk_str_clear(&s->path);
	sk_str_clear(&s->value);
	fine = *s->at == '[' ? read_header(s) : read_pair(s);
	if (!fine || !note_name(s))
		return fail(s, err);
	skip_blanks(s);
	skip_comment(s);
	if (s->at < s->end && !skip_newline(s)) {
		refuse(s, "more than one value");
		return fail(s, err);
	}
	s->line_end = s->at;
	return 1;
}

/* TOML is UTF-8 without control characters; \r only in front of \n. */
static bool check_bytes(struct sk_tomlscan *s, const char *at)
{
	while (at < s->end) {
		size_t left = (size_t)(s->end - at), used;
		uint32_t point;

		used = sk_utf8_decode(&point, at, left);
		if (!used)
			return refuse(s, "invalid UTF-8");
		if (point == '\n')
			s->line++;
		else if ((point < 0x20 && point != '\t' &&
			  (point != '\r' || left < 2 || at[1] != '\n')) ||
			 point == 0x7f)
			return refuse(s, "a control character");
		at += used;
	}
	s->line = 1;
	return true;
}

int sk_tomlscan_open(struct sk_tomlscan *scan, const char *data, size_t len,
		     struct sk_err *err)
{
	*scan = (struct sk_tomlscan){
		.path = SK_STR_INIT,
		.value = SK_STR_INIT,
		.table = SK_STR_INIT,
		.names = SK_MAP_INIT,
		.at = data,
		.end = data + len,
		.line = 1,
	};
	return check_bytes(scan, data) ? 0 : fail(scan, err);
}

void sk_tomlscan_free(struct sk_tomlscan *scan)
{
	sk_map_free(&scan->names);
	sk_str_free(&scan->table);
	sk_str_free(&scan->value);
	sk_str_free(&scan->path);
}
