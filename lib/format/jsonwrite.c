/* SPDX-License-Identifier: MIT */
#include "format/json.h"

#include <string.h>

#include "base/utf8.h"
#include "format/jsontoken.h"

static void add_unit(struct sk_str *out, uint32_t unit)
{
	static const char digits[] = "0123456789abcdef";
	char text[6] = {'\\',
			'u',
			digits[unit >> 12 & 15],
			digits[unit >> 8 & 15],
			digits[unit >> 4 & 15],
			digits[unit & 15]};

	sk_str_add(out, text, sizeof(text));
}

size_t sk_json_add_escaped(struct sk_str *out, const char *data, size_t len)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = *data ? strchr(from, *data) : NULL;
	uint32_t point = 0xfffd;
	size_t used;

	if (at) {
		char text[2] = {'\\', to[at - from]};

		sk_str_add(out, text, sizeof(text));
		return 1;
	}
	used = sk_utf8_decode(&point, data, len);
	if (point > 0xffff) {
		add_unit(out, 0xd800 + ((point - 0x10000) >> 10));
		add_unit(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
	} else {
		add_unit(out, point);
	}
	return used ? used : 1;
}

static void add_text(struct sk_str *out, const char *text)
{
	size_t len = strlen(text), at = 0;

	sk_str_reserve(out, len + 2);
	sk_str_putc(out, '"');
	while (at < len) {
		size_t run = sk_json_plain_len(text + at, len - at);

		sk_str_add(out, text + at, run);
		at += run;
		if (at < len)
			at += sk_json_add_escaped(out, text + at, len - at);
	}
	sk_str_putc(out, '"');
}

static void begin(struct sk_jsonw *w, const char *key)
{
	if (w->comma)
		sk_str_add(w->out, ", ", 2);
	w->comma = true;
	if (key) {
		add_text(w->out, key);
		sk_str_add(w->out, ": ", 2);
	}
}

void sk_jsonw_object(struct sk_jsonw *w, const char *key)
{
	begin(w, key);
	sk_str_putc(w->out, '{');
	w->comma = false;
}

void sk_jsonw_end_object(struct sk_jsonw *w)
{
	sk_str_putc(w->out, '}');
	w->comma = true;
}

void sk_jsonw_array(struct sk_jsonw *w, const char *key)
{
	begin(w, key);
	sk_str_putc(w->out, '[');
	w->comma = false;
}

void sk_jsonw_end_array(struct sk_jsonw *w)
{
	sk_str_putc(w->out, ']');
	w->comma = true;
}

void sk_jsonw_text(struct sk_jsonw *w, const char *key, const char *value)
{
	begin(w, key);
	if (value)
		add_text(w->out, value);
	else
		sk_str_puts(w->out, "null");
}

void sk_jsonw_int(struct sk_jsonw *w, const char *key, int64_t value)
{
	begin(w, key);
	sk_str_add_int(w->out, value, 1);
}

void sk_jsonw_bool(struct sk_jsonw *w, const char *key, bool value)
{
	begin(w, key);
	sk_str_puts(w->out, value ? "true" : "false");
}

void sk_jsonw_null(struct sk_jsonw *w, const char *key)
{
	begin(w, key);
	sk_str_puts(w->out, "null");
}

void sk_jsonw_raw(struct sk_jsonw *w, const char *key, const char *data,
		  size_t len)
{
	begin(w, key);
	sk_str_add(w->out, data, len);
}
