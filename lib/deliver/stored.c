/* SPDX-License-Identifier: MIT */
#include "deliver/stored.h"

#include <string.h>

#include "format/json.h"

#define NOTE "drain_blocked_reason"

/* One member of the outermost object; offsets into the text. */
struct member {
	size_t key, key_end; /* with its quotes */
	size_t value, value_end;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const char *data, size_t len, size_t at)
{
	while (at < len && is_space(data[at]))
		at++;
	return at;
}

/* `at` is on the opening quote; returns the place behind the closing one. */
static size_t skip_string(const char *data, size_t len, size_t at)
{
	for (at++; at < len && data[at] != '"'; at++) {
		if (data[at] == '\\')
			at++;
	}
	return at < len ? at + 1 : len;
}

/* Behind any value; the text is known to be well-formed JSON. */
static size_t skip_value(const char *data, size_t len, size_t at)
{
	unsigned depth = 0;

	while (at < len) {
		char c = data[at];

		if (c == '"') {
			at = skip_string(data, len, at);
			if (depth == 0)
				return at;
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']' || c == ',') && depth == 0)
			return at;
		else if ((c == '}' || c == ']') && --depth == 0)
			return at + 1;
		at++;
	}
	return len;
}

/* *at starts at 0. Returns false behind the last member. */
static bool next_member(struct member *out, const char *data, size_t len,
			size_t *at)
{
	/* step over the opening brace, or the comma behind the one before */
	size_t i = skip_space(data, len, *at);

	i = skip_space(data, len, i + 1);
	if (i >= len || data[i] != '"')
		return false;
	out->key = i;
	out->key_end = skip_string(data, len, i);
	i = skip_space(data, len, out->key_end);
	out->value = skip_space(data, len, i + 1);
	out->value_end = skip_value(data, len, out->value);
	while (out->value_end > out->value &&
	       is_space(data[out->value_end - 1]))
		out->value_end--;
	*at = out->value_end;
	return true;
}

static bool is_quoted(const char *data, size_t from, size_t to,
		      const char *text)
{
	size_t len = strlen(text);

	return to - from == len + 2 && memcmp(data + from + 1, text, len) == 0;
}

/* The id spelt with escapes, or none at all: let the parser decide. */
static int check_parsed(const char *data, size_t len, const char *event_id,
			struct sk_err *err)
{
	struct sk_json *root;
	const char *id;
	int ret = 0;

	if (sk_json_parse(&root, data, len, err) < 0)
		return -1;
	id = sk_json_get_text(root, "event_id");
	if (!sk_json_is_object(root))
		ret = sk_fail(err, SK_EDATA, "is not a JSON object");
	else if (!id)
		ret = sk_fail(err, SK_EDATA, "has no event_id");
	else if (strcmp(id, event_id) != 0)
		ret = sk_fail(err, SK_EDATA, "its event_id is '%.64s'", id);
	sk_json_free(root);
	return ret;
}

int sk_stored_check(const char *data, size_t len, const char *event_id,
		    struct sk_err *err)
{
	struct member m;
	size_t at = 0;

	if (sk_json_check(data, len, err) < 0)
		return -1;
	if (data[skip_space(data, len, 0)] == '{') {
		while (next_member(&m, data, len, &at)) {
			if (is_quoted(data, m.key, m.key_end, "event_id") &&
			    is_quoted(data, m.value, m.value_end, event_id))
				return 0;
		}
	}
	return check_parsed(data, len, event_id, err);
}

bool sk_stored_add(struct sk_str *out, const char *data, size_t len)
{
	size_t at = 0, behind = 0, next;
	struct member m;

	/* hardly any row has it, and a search is fast */
	if (memmem(data, len, NOTE, strlen(NOTE))) {
		while (next_member(&m, data, len, &at)) {
			if (!is_quoted(data, m.key, m.key_end, NOTE)) {
				behind = m.value_end;
				continue;
			}
			next = skip_space(data, len, m.value_end);
			if (behind) /* its comma goes with it */
				sk_str_add(out, data, behind);
			else
				sk_str_add(out, data, m.key);
			if (!behind && data[next] == ',')
				next = skip_space(data, len, next + 1);
			sk_str_add(out, data + next, len - next);
			return true;
		}
	}
	sk_str_add(out, data, len);
	return false;
}
