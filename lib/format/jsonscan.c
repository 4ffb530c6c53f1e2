/* SPDX-License-Identifier: MIT */
#include "format/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"

/* Objects with more keys than this look for twins in a hash map. */
#define FEW_KEYS 32

/* cJSON copies a number to a buffer of 64 bytes and drops what is behind. */
#define MAX_NUMBER 63

struct key {
	const char *ptr;
	size_t len;
};

/* An object or array that is still open. */
struct level {
	bool object;
	bool mapped; /* its keys are in `map`, else in the array of keys */
	unsigned count;
	struct sk_map map;
};

/*
 * Every event-log line passes here: no recursion, and no allocation unless an
 * object has many keys or a key with a backslash in it.
 */
struct scan {
	const char *start, *at, *end;
	const char *problem;
	unsigned depth;
	struct level levels[SK_JSON_MAX_DEPTH];
	struct key keys[SK_JSON_MAX_DEPTH][FEW_KEYS];
};

static bool refuse(struct scan *s, const char *problem)
{
	s->problem = problem;
	return false;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' ||
				  *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

static bool skip_char(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return refuse(s, "no such value");
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
static bool scan_unicode(struct scan *s)
{
	long unit = hex4(s->at, s->end), low;

	if (unit < 0)
		return refuse(s, "invalid escape");
	if (unit == 0)
		return refuse(s, "U+0000 in a string");
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return refuse(s, "lone surrogate");
	if (unit >= 0xd800 && unit <= 0xdbff) {
		low = s->end - s->at >= 6 && s->at[4] == '\\' && s->at[5] == 'u'
			      ? hex4(s->at + 6, s->end)
			      : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return refuse(s, "lone surrogate");
		s->at += 6;
	}
	s->at += 4;
	return true;
}

static bool scan_escape(struct scan *s)
{
	const char *start = s->at++;
	bool fine;

	if (s->at == s->end)
		return refuse(s, "unfinished string");
	if (*s->at == 'u') {
		s->at++;
		fine = scan_unicode(s);
	} else {
		fine = *s->at && strchr("\"\\/bfnrt", *s->at);
		s->at++;
		if (!fine)
			refuse(s, "invalid escape");
	}
	if (!fine)
		s->at = start; /* the backslash is what the message names */
	return fine;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* A string with its quotes; *escaped says whether it holds a backslash. */
static bool scan_string(struct scan *s, bool *escaped)
{
	uint32_t point;
	size_t used;

	*escaped = false;
	for (s->at++; s->at < s->end;) {
		unsigned char c = (unsigned char)*s->at;

		if (is_plain(c)) {
			s->at++;
		} else if (c == '"') {
			s->at++;
			return true;
		} else if (c == '\\') {
			*escaped = true;
			if (!scan_escape(s))
				return false;
		} else if (c < 0x20) {
			return refuse(s, "control character in a string");
		} else {
			used = sk_utf8_decode(&point, s->at,
					      (size_t)(s->end - s->at));
			if (!used)
				return refuse(s, "invalid UTF-8");
			s->at += used;
		}
	}
	return refuse(s, "unfinished string");
}

static bool scan_digits(struct scan *s)
{
	const char *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > start;
}

/* Is the number of this text one that arithmetic with doubles keeps? */
static bool check_range(struct scan *s, const char *text, size_t len,
			bool whole)
{
	const long long most = (long long)1 << 53;
	char copy[MAX_NUMBER + 1];
	long long value;

	if (len > MAX_NUMBER)
		return refuse(s, "number with too many digits");
	memcpy(copy, text, len);
	copy[len] = '\0';
	value = whole ? strtoll(copy, NULL, 10) : 0;
	if (value > most || value < -most)
		return refuse(s, "integer beyond 2^53");
	if (!whole && !isfinite(strtod(copy, NULL)))
		return refuse(s, "number too large");
	return true;
}

static bool scan_number(struct scan *s)
{
	const char *start = s->at;
	bool whole = true;
	bool fine;

	skip_char(s, '-');
	/* a leading zero stands alone: "012" fails at its 1 */
	fine = skip_char(s, '0') || scan_digits(s);
	if (fine && skip_char(s, '.')) {
		whole = false;
		fine = scan_digits(s);
	}
	if (fine && (skip_char(s, 'e') || skip_char(s, 'E'))) {
		whole = false;
		if (!skip_char(s, '+'))
			skip_char(s, '-');
		fine = scan_digits(s);
	}
	if (!fine)
		return refuse(s, "invalid number");
	if (whole && s->at - start < 16)
		return true;
	fine = check_range(s, start, (size_t)(s->at - start), whole);
	if (!fine)
		s->at = start;
	return fine;
}

/* Append the characters of a key that scan_string() found to be valid. */
static void unescape(struct sk_str *out, const struct key *key)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at = key->ptr, *end = at + key->len;

	while (at < end) {
		const char *known;
		uint32_t point;

		if (*at != '\\') {
			sk_str_putc(out, *at++);
			continue;
		}
		if (at[1] != 'u') {
			known = strchr(from, at[1]);
			sk_str_putc(out, known ? to[known - from] : at[1]);
			at += 2;
			continue;
		}
		point = (uint32_t)hex4(at + 2, end);
		at += 6;
		if (point >= 0xd800 && point <= 0xdbff) {
			point = 0x10000 + ((point - 0xd800) << 10) +
				((uint32_t)hex4(at + 2, end) - 0xdc00);
			at += 6;
		}
		sk_str_add_char(out, point);
	}
}

/* Add a key, as its characters are, to the map of its object. */
static bool map_key(struct level *level, const struct key *key)
{
	struct sk_str text = SK_STR_INIT;
	bool added;

	unescape(&text, key);
	sk_map_add(&level->map, text.ptr, text.len, 0, &added);
	sk_str_free(&text);
	return added;
}

/* Remember a key of the innermost object. Returns false for a twin. */
static bool note_key(struct scan *s, const struct key *key, bool escaped)
{
	struct level *level = &s->levels[s->depth - 1];
	struct key *keys = s->keys[s->depth - 1];
	unsigned i;

	if (!level->mapped && (escaped || level->count == FEW_KEYS)) {
		level->mapped = true;
		for (i = 0; i < level->count; i++)
			map_key(level, &keys[i]);
	}
	if (level->mapped)
		return map_key(level, key);
	for (i = 0; i < level->count; i++) {
		if (keys[i].len == key->len &&
		    memcmp(keys[i].ptr, key->ptr, key->len) == 0)
			return false;
	}
	keys[level->count++] = *key;
	return true;
}

static bool scan_key(struct scan *s)
{
	const char *start = s->at;
	struct key key;
	bool escaped;

	if (s->at == s->end || *s->at != '"')
		return refuse(s, "a key is missing");
	if (!scan_string(s, &escaped))
		return false;
	key.ptr = start + 1;
	key.len = (size_t)(s->at - start) - 2;
	if (!note_key(s, &key, escaped)) {
		s->at = start;
		return refuse(s, "the same key twice");
	}
	skip_space(s);
	if (!skip_char(s, ':'))
		return refuse(s, "':' is missing");
	skip_space(s);
	return true;
}

static bool open_level(struct scan *s, bool object)
{
	struct level *level;

	if (s->depth == SK_JSON_MAX_DEPTH)
		return refuse(s, "nested too deep");
	s->at++;
	level = &s->levels[s->depth++];
	*level = (struct level){.object = object};
	return true;
}

static void close_level(struct scan *s)
{
	struct level *level = &s->levels[--s->depth];

	if (level->mapped)
		sk_map_free(&level->map);
}

/*
 * The start of a value: a whole scalar, or the bracket that opens a level.
 * *opened says which.
 */
static bool scan_value(struct scan *s, bool *opened)
{
	bool escaped;

	*opened = false;
	if (s->at == s->end)
		return refuse(s, "a value is missing");
	switch (*s->at) {
	case '{':
	case '[':
		*opened = true;
		return open_level(s, *s->at == '{');
	case '"':
		return scan_string(s, &escaped);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		if (*s->at == '-' || (*s->at >= '0' && *s->at <= '9'))
			return scan_number(s);
		return refuse(s, "a value is missing");
	}
}

/* What may follow a value: a comma and the next, or brackets that close. */
static bool scan_after(struct scan *s)
{
	while (s->depth) {
		bool object = s->levels[s->depth - 1].object;

		skip_space(s);
		if (skip_char(s, ',')) {
			skip_space(s);
			return !object || scan_key(s);
		}
		if (!skip_char(s, object ? '}' : ']'))
			return refuse(s, object ? "',' or '}' is missing"
						: "',' or ']' is missing");
		close_level(s);
	}
	return true;
}

static bool scan_document(struct scan *s)
{
	bool opened;

	skip_space(s);
	do {
		if (!scan_value(s, &opened))
			return false;
		if (opened) {
			bool object = s->levels[s->depth - 1].object;

			skip_space(s);
			if (skip_char(s, object ? '}' : ']'))
				close_level(s);
			else if (!object || scan_key(s))
				continue;
			else
				return false;
		}
		if (!scan_after(s))
			return false;
	} while (s->depth);
	skip_space(s);
	return s->at == s->end || refuse(s, "bytes behind the value");
}

int sk_json_check(const char *data, size_t len, struct sk_err *err)
{
	struct scan s;
	bool fine;

	s.start = s.at = data;
	s.end = data + len;
	s.problem = NULL;
	s.depth = 0;
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		fine = refuse(&s, "byte order mark");
	else
		fine = scan_document(&s);
	while (s.depth)
		close_level(&s);
	if (fine)
		return 0;
	return sk_fail(err, SK_EDATA, "not valid JSON: %s at byte %zu",
		       s.problem, (size_t)(s.at - s.start));
}
