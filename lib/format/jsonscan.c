/* SPDX-License-Identifier: MIT */
#include "format/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "format/jsontoken.h"

/* Objects with more keys than this look for twins in a hash map. */
#define FEW_KEYS 32

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
	struct sk_json_at in;
	unsigned depth;
	struct level levels[SK_JSON_MAX_DEPTH];
	struct key keys[SK_JSON_MAX_DEPTH][FEW_KEYS];
};

/* Add a key, as its characters are, to the map of its object. */
static bool map_key(struct level *level, const struct key *key)
{
	struct sk_str text = SK_STR_INIT;
	bool added;

	sk_json_unescape(&text, key->ptr, key->len);
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
	const char *start = s->in.at;
	struct key key;
	bool escaped;

	if (s->in.at == s->in.end || *s->in.at != '"')
		return sk_json_refuse(&s->in, "a key is missing");
	if (!sk_json_scan_string(&s->in, &escaped))
		return false;
	key.ptr = start + 1;
	key.len = (size_t)(s->in.at - start) - 2;
	if (!note_key(s, &key, escaped)) {
		s->in.at = start;
		return sk_json_refuse(&s->in, "the same key twice");
	}
	sk_json_skip_space(&s->in);
	if (!sk_json_skip_char(&s->in, ':'))
		return sk_json_refuse(&s->in, "':' is missing");
	sk_json_skip_space(&s->in);
	return true;
}

static bool open_level(struct scan *s, bool object)
{
	struct level *level;

	if (s->depth == SK_JSON_MAX_DEPTH)
		return sk_json_refuse(&s->in, "nested too deep");
	s->in.at++;
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
	char c = s->in.at < s->in.end ? *s->in.at : '\0';

	*opened = c == '{' || c == '[';
	return *opened ? open_level(s, c == '{') : sk_json_scan_scalar(&s->in);
}

/* What may follow a value: a comma and the next, or brackets that close. */
static bool scan_after(struct scan *s)
{
	while (s->depth) {
		bool object = s->levels[s->depth - 1].object;

		sk_json_skip_space(&s->in);
		if (sk_json_skip_char(&s->in, ',')) {
			sk_json_skip_space(&s->in);
			return !object || scan_key(s);
		}
		if (!sk_json_skip_char(&s->in, object ? '}' : ']'))
			return sk_json_refuse(&s->in,
					      object ? "',' or '}' is missing"
						     : "',' or ']' is missing");
		close_level(s);
	}
	return true;
}

static bool scan_document(struct scan *s)
{
	bool opened;

	sk_json_skip_space(&s->in);
	do {
		if (!scan_value(s, &opened))
			return false;
		if (opened) {
			bool object = s->levels[s->depth - 1].object;

			sk_json_skip_space(&s->in);
			if (sk_json_skip_char(&s->in, object ? '}' : ']'))
				close_level(s);
			else if (!object || scan_key(s))
				continue;
			else
				return false;
		}
		if (!scan_after(s))
			return false;
	} while (s->depth);
	sk_json_skip_space(&s->in);
	return s->in.at == s->in.end ||
	       sk_json_refuse(&s->in, "bytes behind the value");
}

int sk_json_check(const char *data, size_t len, struct sk_err *err)
{
	struct scan s;
	bool fine;

	s.in = (struct sk_json_at){
		.start = data, .at = data, .end = data + len};
	s.depth = 0;
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		fine = sk_json_refuse(&s.in, "byte order mark");
	else
		fine = scan_document(&s);
	while (s.depth)
		close_level(&s);
	if (fine)
		return 0;
	return sk_fail(err, SK_EDATA, "not valid JSON: %s at byte %zu",
		       s.in.problem, (size_t)(s.in.at - s.in.start));
}
