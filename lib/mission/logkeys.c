/* SPDX-License-Identifier: MIT */
#include "mission/logkeys.h"

#include <string.h>

#include "format/jsonmember.h"
#include "mission/eventlog.h"

/* How much of a line without an id is shown. */
enum { SHOWN_MAX = 40 };

static bool find_id(void *ctx, const char *key, size_t len,
		    const struct sk_json_span *value)
{
	static const char name[] = "event_id";

	if (len == sizeof(name) - 1 && memcmp(key, name, len) == 0)
		*(struct sk_json_span *)ctx = *value;
	return true; /* of two the last counts */
}

/* The line's key; `key` is filled anew. */
static void make_key(struct sk_str *key, const char *line, size_t len)
{
	struct sk_json_span id = {NULL, 0};
	struct sk_err ignored = {0};
	int rc = 0;

	sk_str_clear(key);
	/* too long to be read, and yet somebody's */
	if (len <= SK_EVENT_LINE_MAX)
		rc = sk_json_members(line, len, find_id, &id, &ignored);
	if (rc == 0 && id.ptr) {
		sk_str_putc(key, SK_LOG_KEY_ID);
		if (sk_json_span_text(key, &id) && key->len > 1)
			return;
		sk_str_clear(key);
	}
	sk_str_putc(key, rc == 0 ? SK_LOG_KEY_ROW : SK_LOG_KEY_BROKEN);
	sk_str_add(key, line, len);
}

void sk_log_each_key(const char *data, size_t len, sk_log_key_fn *each,
		     void *ctx)
{
	struct sk_str key = SK_STR_INIT;
	size_t at = 0, number = 0;

	while (at < len) {
		const char *line = data + at;
		const char *eol = memchr(line, '\n', len - at);
		size_t used = eol ? (size_t)(eol - line) : len - at;

		at += used + 1;
		number++;
		while (used && strchr(" \t\r", line[used - 1]) &&
		       line[used - 1])
			used--;
		if (!used)
			continue;
		make_key(&key, line, used);
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
