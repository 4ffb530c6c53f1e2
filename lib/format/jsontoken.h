/* SPDX-License-Identifier: MIT */
/*
 * The smallest parts of JSON text: strings, numbers, words. Private to this
 * folder, whose scans know what may stand where.
 */
#ifndef SK_FORMAT_JSONTOKEN_H
#define SK_FORMAT_JSONTOKEN_H

#include "base/str.h"

/*
 * Where a scan is. A loose one takes what Python's json module takes: integers
 * of any size, numbers no double holds, NaN and the infinities, surrogates
 * without their other half, U+0000.
 */
struct sk_json_at {
	const char *start, *at, *end;
	const char *problem; /* of what was refused: at `at` */
	bool loose;
};

/* Set the problem. Returns false. */
bool sk_json_refuse(struct sk_json_at *s, const char *problem);

/* Pass over blanks, tabs and ends of lines. */
void sk_json_skip_space(struct sk_json_at *s);

/*
 * How many of these bytes, from the first on, stand in a string for themselves
 * and can be written so: ASCII without quotes, backslashes, controls and DEL.
 */
size_t sk_json_plain_len(const char *data, size_t len);

/* Go past `c` when it stands here. Returns whether it did. */
bool sk_json_skip_char(struct sk_json_at *s, char c);

/*
 * Go past a string with its quotes, the first of which stands here; *escaped
 * says whether there is a backslash in it. Returns false when refused.
 */
bool sk_json_scan_string(struct sk_json_at *s, bool *escaped);

/* Go past a string, a number or a word. Returns false when refused. */
bool sk_json_scan_scalar(struct sk_json_at *s);

/*
 * Append what the inside of a string that passed a scan stands for. U+0000 and
 * a surrogate without its other half, which only a loose scan lets pass, become
 * U+FFFD.
 */
void sk_json_unescape(struct sk_str *out, const char *data, size_t len);

/* The same with U+0000 as that byte, and half a pair as UTF-8 would have it. */
void sk_json_unescape_exact(struct sk_str *out, const char *data, size_t len);

/*
 * Append the escape of the character that begins at `data`, one that cannot
 * stand as it is; U+FFFD for what is no UTF-8. Returns the bytes used of it.
 */
size_t sk_json_add_escaped(struct sk_str *out, const char *data, size_t len);

#endif
