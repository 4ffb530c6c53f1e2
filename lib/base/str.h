/* SPDX-License-Identifier: MIT */
/*
 * A growing string of bytes. `ptr` is never NULL and always NUL-terminated, so
 * it can be passed where a C string is wanted; `len` does not count the NUL.
 * Bytes may hold NUL themselves. Out of memory aborts.
 */
#ifndef SK_BASE_STR_H
#define SK_BASE_STR_H

#include <stdarg.h>

#include "base/base.h"

struct sk_str {
	char *ptr;
	size_t len;
	size_t cap;
};

/* What every empty string points to: "", for ever. */
extern char sk_str_empty[1];

#define SK_STR_INIT                                                            \
	{                                                                      \
		sk_str_empty, 0, 0                                             \
	}

/* Release the memory; the string is empty and usable again. */
void sk_str_free(struct sk_str *str);

/* The same for a secret: what it held is overwritten before. */
void sk_str_wipe(struct sk_str *str);

/*
 * Whether both texts are the same; takes as long wherever they first differ.
 */
bool sk_secret_is(const char *said, const char *secret);

/* Whether both hold the same bytes. */
bool sk_str_equal(const struct sk_str *a, const struct sk_str *b);

/* Make it empty, keeping the memory. */
void sk_str_clear(struct sk_str *str);

/* Make room for `extra` more bytes and the NUL behind them. */
void sk_str_reserve(struct sk_str *str, size_t extra);

/* Append bytes, a C string, or one byte; none may be of the string itself. */
void sk_str_add(struct sk_str *str, const char *data, size_t len);
void sk_str_puts(struct sk_str *str, const char *s);
void sk_str_putc(struct sk_str *str, char c);

/* Append a character, U+0000 to U+10FFFF, as UTF-8. */
void sk_str_add_char(struct sk_str *str, uint32_t point);

/* Append text from outside as UTF-8: each byte that is none as U+FFFD. */
void sk_str_add_utf8(struct sk_str *str, const char *data, size_t len);

/* Append what printf() would print; no argument may be of the string itself. */
void sk_str_addf(struct sk_str *str, const char *fmt, ...) SK_PRINTF(2, 3);
void sk_str_vaddf(struct sk_str *str, const char *fmt, va_list args)
	SK_PRINTF(2, 0);

/*
 * Append a number in decimal, with zeros in front up to `width` digits, of 20
 * at most; for what is written often, as printf() takes its time.
 */
void sk_str_add_int(struct sk_str *str, int64_t value, int width);

/* Replace the content. `s` must not point into the string itself. */
void sk_str_set(struct sk_str *str, const char *s);

/* Cut to `len` bytes; longer than it is changes nothing. */
void sk_str_cut(struct sk_str *str, size_t len);

/* Drop white space at the end. */
void sk_str_rtrim(struct sk_str *str);

/* Hand the bytes over: owned by the caller, free() them; `str` is empty. */
char *sk_str_take(struct sk_str *str);

/*
 * Append text from outside so that it is safe on a terminal and in one line:
 * control characters, DEL and bytes that are not UTF-8 as \n, \t, \xNN, C1
 * controls and bidirectional overrides as \u{NNNN}. At most `max` bytes are
 * appended, "..." the last three of them when it was cut.
 */
void sk_str_add_visible(struct sk_str *str, const char *data, size_t len,
			size_t max);

/* Append `s` in POSIX single quotes, so that a shell reads it back. */
void sk_str_add_quoted(struct sk_str *str, const char *s);

/* What so many are called: `one` or `many`, as given. */
const char *sk_plural(int64_t count, const char *one, const char *many);

#endif
