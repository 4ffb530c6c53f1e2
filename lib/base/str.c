/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

char sk_str_empty[1]; /* what every empty string points to; stays "" */

void sk_str_free(struct sk_str *str)
{
	if (str->cap)
		free(str->ptr);
	*str = (struct sk_str)SK_STR_INIT;
}

/* explicit_bzero: a plain memset before free() may be optimised away. */
void sk_str_wipe(struct sk_str *str)
{
	if (str->cap)
		explicit_bzero(str->ptr, str->cap);
	sk_str_free(str);
}

bool sk_secret_is(const char *said, const char *secret)
{
	size_t len = strlen(secret);
	unsigned char differ = 0;

	if (strlen(said) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		differ |= (unsigned char)(said[i] ^ secret[i]);
	return differ == 0;
}

bool sk_str_equal(const struct sk_str *a, const struct sk_str *b)
{
	return a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0;
}

void sk_str_clear(struct sk_str *str)
{
	sk_str_cut(str, 0);
}

static void grow(struct sk_str *str, size_t extra)
{
	size_t need = str->len + extra + 1;
	size_t cap = str->cap ? str->cap : 64;

	if (need <= extra)
		abort();
	while (cap < need)
		cap *= 2;
	str->ptr = sk_realloc(str->cap ? str->ptr : NULL, cap, 1);
	str->cap = cap;
	str->ptr[str->len] = '\0';
}

void sk_str_reserve(struct sk_str *str, size_t extra)
{
	if (extra >= str->cap - str->len)
		grow(str, extra);
}

void sk_str_add(struct sk_str *str, const char *data, size_t len)
{
	if (!len)
		return;
	sk_str_reserve(str, len);
	memcpy(str->ptr + str->len, data, len);
	str->len += len;
	str->ptr[str->len] = '\0';
}

void sk_str_puts(struct sk_str *str, const char *s)
{
	sk_str_add(str, s, strlen(s));
}

void sk_str_putc(struct sk_str *str, char c)
{
	sk_str_reserve(str, 1);
	str->ptr[str->len++] = c;
	str->ptr[str->len] = '\0';
}

void sk_str_add_char(struct sk_str *str, uint32_t point)
{
	if (point < 0x80) {
		sk_str_putc(str, (char)point);
		return;
	}
	if (point < 0x800) {
		sk_str_putc(str, (char)(0xc0 | point >> 6));
	} else if (point < 0x10000) {
		sk_str_putc(str, (char)(0xe0 | point >> 12));
		sk_str_putc(str, (char)(0x80 | (point >> 6 & 0x3f)));
	} else {
		sk_str_putc(str, (char)(0xf0 | point >> 18));
		sk_str_putc(str, (char)(0x80 | (point >> 12 & 0x3f)));
		sk_str_putc(str, (char)(0x80 | (point >> 6 & 0x3f)));
	}
	sk_str_putc(str, (char)(0x80 | (point & 0x3f)));
}

void sk_str_add_utf8(struct sk_str *str, const char *data, size_t len)
{
	while (len) {
		uint32_t point = 0xfffd;
		size_t used = sk_utf8_decode(&point, data, len);

		sk_str_add_char(str, point);
		used += !used;
		data += used;
		len -= used;
	}
}

void sk_str_addf(struct sk_str *str, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sk_str_vaddf(str, fmt, args);
	va_end(args);
}

void sk_str_vaddf(struct sk_str *str, const char *fmt, va_list args)
{
	size_t room = str->cap - str->len; /* 0 where nothing may be written */
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(str->ptr + str->len, room, fmt, args);
	if (len < 0)
		abort();
	if ((size_t)len >= room) {
		sk_str_reserve(str, (size_t)len);
		vsnprintf(str->ptr + str->len, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	str->len += (size_t)len;
}

void sk_str_add_int(struct sk_str *str, int64_t value, int width)
{
	char text[21], *end = text + sizeof(text), *at = end;
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest || end - at < width);
	if (value < 0)
		*--at = '-';
	sk_str_add(str, at, (size_t)(end - at));
}

void sk_str_set(struct sk_str *str, const char *s)
{
	sk_str_clear(str);
	sk_str_puts(str, s);
}

void sk_str_cut(struct sk_str *str, size_t len)
{
	if (len >= str->len)
		return;
	str->len = len;
	str->ptr[len] = '\0';
}

void sk_str_rtrim(struct sk_str *str)
{
	size_t len = str->len;

	while (len && isspace((unsigned char)str->ptr[len - 1]))
		len--;
	sk_str_cut(str, len);
}

char *sk_str_take(struct sk_str *str)
{
	char *ptr;

	sk_str_reserve(str, 0);
	ptr = str->ptr;
	*str = (struct sk_str)SK_STR_INIT;
	return ptr;
}

/* Bidirectional overrides and isolates reorder what the reader sees. */
static bool is_deceptive(uint32_t c)
{
	return (c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
	       c == 0x2028 || c == 0x2029;
}

/*
 * One character of input: how many bytes it has. *form is what to show instead,
 * in `room`; NULL for most, which are shown as they are.
 */
static size_t visible_char(const char **form, char room[16], const char *data,
			   size_t len)
{
	unsigned char c = (unsigned char)data[0];
	uint32_t point;
	size_t used = sk_utf8_decode(&point, data, len);

	*form = room;
	if (c == '\n' || c == '\t' || c == '\r')
		snprintf(room, 16, "\\%c",
			 c == '\n' ? 'n' : (c == '\t' ? 't' : 'r'));
	else if (!used || c < 0x20 || c == 0x7f)
		snprintf(room, 16, "\\x%02x", c);
	else if (is_deceptive(point))
		snprintf(room, 16, "\\u{%x}", (unsigned)point);
	else
		*form = NULL;
	return used ? used : 1;
}

void sk_str_add_visible(struct sk_str *str, const char *data, size_t len,
			size_t max)
{
	size_t start = str->len, room = str->len;
	char made[16];

	while (len) {
		const char *form;
		size_t used = visible_char(&form, made, data, len);
		size_t shown = form ? strlen(form) : used;

		if (str->len + shown - start > max) {
			sk_str_cut(str, room);
			sk_str_puts(str, "...");
			return;
		}
		sk_str_add(str, form ? form : data, shown);
		if (str->len - start + 3 <= max)
			room = str->len;
		data += used;
		len -= used;
	}
}

void sk_str_add_quoted(struct sk_str *str, const char *s)
{
	sk_str_putc(str, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			sk_str_puts(str, "'\\''");
		else
			sk_str_putc(str, *s);
	}
	sk_str_putc(str, '\'');
}

const char *sk_plural(int64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}
