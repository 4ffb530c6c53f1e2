/* SPDX-License-Identifier: MIT */
#include "mission/logkeys.h"

#include <string.h>

#include "mission/eventlog.h"

/* How much of a line without an id is shown. */
enum { SHOWN_MAX = 40 };

struct sk_line sk_log_bare_line(struct sk_line line)
{
	while (line.len && line.at[line.len - 1] &&
	       strchr(" \t\r", line.at[line.len - 1]))
		line.len--;
	return line;
}

static bool is_key(const char *key, size_t len, const char *name)
{
	return len == strlen(name) && memcmp(key, name, len) == 0;
}

static bool keep_member(void *ctx, const char *key, size_t len,
			const struct sk_json_span *value)
{
	struct sk_log_known *known = ctx;

	if (is_key(key, len, "event_id"))
		known->id = *value;
	else if (is_key(key, len, "at"))
		known->at = *value;
	else if (is_key(key, len, "timestamp"))
		known->timestamp = *value;
	return true; /* a key may come twice, and a line is judged whole */
}

/* Whether the id is one; the key is it, then. */
static bool take_id(struct sk_str *key, const struct sk_json_span *id)
{
	sk_str_clear(key);
	sk_str_putc(key, SK_LOG_KEY_ID);
	return id->ptr && sk_json_span_text(key, id) && key->len > 1;
}

bool sk_log_line_known(struct sk_log_known *out, struct sk_str *key,
		       struct sk_line line)
{
	const struct sk_json_span none = {NULL, 0};
	struct sk_err ignored = {0};
	int rc = 0;

	line = sk_log_bare_line(line);
	if (!line.len)
		return false;
	*out = (struct sk_log_known){SK_LOG_KEY_ID, none, none, none};
	/* too long to be read, and yet somebody's */
	if (line.len <= SK_EVENT_LINE_MAX)
		rc = sk_json_members(line.at, line.len, keep_member, out,
				     &ignored);
	if (rc == 0 && take_id(key, &out->id))
		return true;
	out->kind = rc == 0 ? SK_LOG_KEY_ROW : SK_LOG_KEY_BROKEN;
	out->id = none;
	sk_str_clear(key);
	sk_str_putc(key, (char)out->kind);
	sk_str_add(key, line.at, line.len);
	return true;
}

void sk_log_each_key(const char *data, size_t len, sk_log_key_fn *each,
		     void *ctx)
{
	const char *at = data, *end = len ? data + len : data;
	struct sk_str key = SK_STR_INIT;
	struct sk_log_known known;
	struct sk_line line;
	size_t number = 0;

	while (sk_line_next(&line, &at, end)) {
		number++;
		if (sk_log_line_known(&known, &key, line))
			each(ctx, key.ptr, key.len, number);
	}
	sk_str_free(&key);
}

static void remember(void *ctx, const char *key, size_t len, size_t number)
{
	(void)number;
	sk_map_add(ctx, key, len, 1, NULL);
}

void sk_log_keys_add(struct sk_map *keys, const char *data, size_t len)
{
	sk_log_each_key(data, len, remember, keys);
}

size_t sk_log_same_lines(const char *old, size_t old_len, const char *now,
			 size_t now_len)
{
	size_t most = old_len < now_len ? old_len : now_len, len = 0;

	while (len < most) {
		size_t step = most - len < 4096 ? most - len : 4096;

		if (memcmp(old + len, now + len, step) != 0)
			break;
		len += step;
	}
	while (len < most && old[len] == now[len])
		len++;
	if (len == old_len && (len == now_len || now[len] == '\n'))
		return len;
	while (len && old[len - 1] != '\n')
		len--;
	return len;
}

struct missing {
	struct sk_words *lost;
	struct sk_map *keys;
};

static void add_missing(void *ctx, const char *key, size_t len, size_t number)
{
	struct missing *missing = ctx;
	bool is_new;

	(void)number;
	if (key[0] == SK_LOG_KEY_BROKEN)
		return;
	sk_map_add(missing->keys, key, len, 1, &is_new);
	if (is_new)
		sk_words_add_len(missing->lost, key, len);
}

void sk_log_lost_add(struct sk_words *lost, const char *old, size_t old_len,
		     const char *now, size_t now_len)
{
	size_t same = sk_log_same_lines(old, old_len, now, now_len);
	struct sk_map keys = SK_MAP_INIT;
	struct missing missing = {lost, &keys};

	if (same == old_len)
		return;
	sk_log_keys_add(&keys, now, now_len);
	sk_log_each_key(old + same, old_len - same, add_missing, &missing);
	sk_map_free(&keys);
}

void sk_log_key_add_name(struct sk_str *out, const char *key)
{
	if (key[0] == SK_LOG_KEY_ID) {
		sk_str_add_visible(out, key + 1, strlen(key + 1), 64);
		return;
	}
	sk_str_putc(out, '\'');
	sk_str_add_visible(out, key + 1, strlen(key + 1), SHOWN_MAX);
	sk_str_putc(out, '\'');
}
