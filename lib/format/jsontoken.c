/* SPDX-License-Identifier: MIT */
#include "format/jsontoken.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* cJSON copies a number to a buffer of 64 bytes and drops what is behind. */
#define MAX_NUMBER 63

bool sk_json_refuse(struct sk_json_at *s, const char *problem)
{
	s->problem = problem;
	return false;
}

void sk_json_skip_space(struct sk_json_at *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' ||
				  *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

bool sk_json_skip_char(struct sk_json_at *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool scan_word(struct sk_json_at *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return sk_json_refuse(s, "no such value");
	s->at += len;
	return true;
}

/* The four digits of a \u escape; -1 when they are not. */
static long hex4(const char *at, const char *end)
{
	long value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = at[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* What stands behind \u; s->at is on the first digit. */
static bool scan_unicode(struct sk_json_at *s)
{
	long unit = hex4(s->at, s->end), low;

	if (unit < 0)
		return sk_json_refuse(s, "invalid escape");
	s->at += 4;
	if (s->loose)
		return true;
	if (unit == 0)
		return sk_json_refuse(s, "U+0000 in a string");
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return sk_json_refuse(s, "lone surrogate");
	if (unit >= 0xd800 && unit <= 0xdbff) {
		low = s->end - s->at >= 2 && s->at[0] == '\\' && s->at[1] == 'u'
			      ? hex4(s->at + 2, s->end)
			      : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return sk_json_refuse(s, "lone surrogate");
		s->at += 6;
	}
	return true;
}

static bool scan_escape(struct sk_json_at *s)
{
	const char *start = s->at++;
	bool fine;

	if (s->at == s->end)
		return sk_json_refuse(s, "unfinished string");
	if (*s->at == 'u') {
		s->at++;
		fine = scan_unicode(s);
	} else {
		fine = *s->at && strchr("\"\\/bfnrt", *s->at);
		s->at++;
		if (!fine)
			sk_json_refuse(s, "invalid escape");
	}
	if (!fine)
		s->at = start; /* the backslash is what the message names */
	return fine;
}

static bool is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/*
 * Eight bytes at once, as a log is little else than text: what is no ASCII has
 * the high bit, which is all that is looked at, and what is too small or too
 * large gets it by a sum. A carry comes only out of a byte that has it already.
 */
static bool are_plain(const char *data)
{
	uint64_t word, quote, backslash;

	memcpy(&word, data, sizeof(word));
	quote = word ^ EACH('"');
	backslash = word ^ EACH('\\');
	return !((word | (word - EACH(' ')) | (word + EACH(1)) |
		  (quote - EACH(1)) | (backslash - EACH(1))) &
		 EACH(0x80));
}

size_t sk_json_plain_len(const char *data, size_t len)
{
	size_t at = 0;

	while (len - at >= sizeof(uint64_t) && are_plain(data + at))
		at += sizeof(uint64_t);
	while (at < len && is_plain(data[at]))
		at++;
	return at;
}

/* A string with its quotes; *escaped says whether it holds a backslash. */
bool sk_json_scan_string(struct sk_json_at *s, bool *escaped)
{
	uint32_t point;
	size_t used;

	*escaped = false;
	s->at++;
	for (;;) {
		unsigned char c;

		s->at += sk_json_plain_len(s->at, (size_t)(s->end - s->at));
		if (s->at == s->end)
			break;
		c = (unsigned char)*s->at;
		if (c == '"') {
			s->at++;
			return true;
		} else if (c == '\\') {
			*escaped = true;
			if (!scan_escape(s))
				return false;
		} else if (c < 0x20) {
			return sk_json_refuse(s,
					      "control character in a string");
		} else {
			used = sk_utf8_decode(&point, s->at,
					      (size_t)(s->end - s->at));
			if (!used)
				return sk_json_refuse(s, "invalid UTF-8");
			s->at += used;
		}
	}
	return sk_json_refuse(s, "unfinished string");
}

static bool scan_digits(struct sk_json_at *s)
{
	const char *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > start;
}

/* Is the number of this text one that arithmetic with doubles keeps? */
static bool check_range(struct sk_json_at *s, const char *text, size_t len,
			bool whole)
{
	const long long most = (long long)1 << 53;
	char copy[MAX_NUMBER + 1];
	long long value;

	if (len > MAX_NUMBER)
		return sk_json_refuse(s, "number with too many digits");
	memcpy(copy, text, len);
	copy[len] = '\0';
	value = whole ? strtoll(copy, NULL, 10) : 0;
	if (value > most || value < -most)
		return sk_json_refuse(s, "integer beyond 2^53");
	if (!whole && !isfinite(strtod(copy, NULL)))
		return sk_json_refuse(s, "number too large");
	return true;
}

static bool scan_number(struct sk_json_at *s)
{
	const char *start = s->at;
	bool whole = true;
	bool fine;

	sk_json_skip_char(s, '-');
	/* a leading zero stands alone: "012" fails at its 1 */
	fine = sk_json_skip_char(s, '0') || scan_digits(s);
	if (fine && sk_json_skip_char(s, '.')) {
		whole = false;
		fine = scan_digits(s);
	}
	if (fine && (sk_json_skip_char(s, 'e') || sk_json_skip_char(s, 'E'))) {
		whole = false;
		if (!sk_json_skip_char(s, '+'))
			sk_json_skip_char(s, '-');
		fine = scan_digits(s);
	}
	if (!fine)
		return sk_json_refuse(s, "invalid number");
	if (s->loose || (whole && s->at - start < 16))
		return true;
	fine = check_range(s, start, (size_t)(s->at - start), whole);
	if (!fine)
		s->at = start;
	return fine;
}

bool sk_json_scan_scalar(struct sk_json_at *s)
{
	bool escaped;

	if (s->at == s->end)
		return sk_json_refuse(s, "a value is missing");
	switch (*s->at) {
	case '"':
		return sk_json_scan_string(s, &escaped);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	}
	if (s->loose && *s->at == 'N')
		return scan_word(s, "NaN");
	if (s->loose && *s->at == 'I')
		return scan_word(s, "Infinity");
	if (s->loose && s->end - s->at > 1 && s->at[0] == '-' &&
	    s->at[1] == 'I')
		return scan_word(s, "-Infinity");
	if (*s->at == '-' || (*s->at >= '0' && *s->at <= '9'))
		return scan_number(s);
	return sk_json_refuse(s, "a value is missing");
}

/* The character of the escape \uXXXX at *at, or half of one. Goes past it. */
static uint32_t unescape_unit(const char **at, const char *end)
{
	uint32_t unit = (uint32_t)hex4(*at + 2, end);
	long low = -1;

	*at += 6;
	if (unit >= 0xd800 && unit <= 0xdbff && end - *at >= 6 &&
	    (*at)[0] == '\\' && (*at)[1] == 'u')
		low = hex4(*at + 2, end);
	if (low >= 0xdc00 && low <= 0xdfff) {
		*at += 6;
		return 0x10000 + ((unit - 0xd800) << 10) +
		       ((uint32_t)low - 0xdc00);
	}
	return unit;
}

/* Whether UTF-8 has it, and a C string can hold it. */
static bool is_text(uint32_t point)
{
	return point && (point < 0xd800 || point > 0xdfff);
}

static void unescape(struct sk_str *out, const char *data, size_t len,
		     bool exact)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at = data, *end = data + len;

	while (at < end) {
		const char *next = memchr(at, '\\', (size_t)(end - at));
		const char *known;

		sk_str_add(out, at, (size_t)((next ? next : end) - at));
		if (!next)
			return;
		at = next;
		if (at[1] == 'u') {
			uint32_t point = unescape_unit(&at, end);

			sk_str_add_char(out, exact || is_text(point) ? point
								     : 0xfffd);
			continue;
		}
		known = strchr(from, at[1]);
		sk_str_putc(out, known ? to[known - from] : at[1]);
		at += 2;
	}
}

void sk_json_unescape(struct sk_str *out, const char *data, size_t len)
{
	unescape(out, data, len, false);
}

void sk_json_unescape_exact(struct sk_str *out, const char *data, size_t len)
{
	unescape(out, data, len, true);
}
