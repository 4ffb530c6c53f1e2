/* SPDX-License-Identifier: MIT */
/*
 * The part of TOML 1.0 that spec-kitty's `credentials` and `config.toml` use:
 * tables, dotted and quoted keys, one-line strings, integers, floats, booleans
 * and date-times. Arrays, inline tables and multi-line strings are read past.
 */
#ifndef SK_FORMAT_TOML_H
#define SK_FORMAT_TOML_H

#include "base/err.h"
#include "base/str.h"

/*
 * Called for each scalar: table and key joined by dots ("server.url"), the
 * value as text (strings unescaped, the rest as written). Both borrowed. Part
 * of a key that is empty or has a dot inside keeps double quotes. Scalars in
 * the tables of an array ([[table]]) are not visited.
 */
typedef void sk_toml_fn(void *ctx, const char *path, const char *value);

/* Returns 0; -1 with SK_EDATA naming the line. */
int sk_toml_each(const char *data, size_t len, sk_toml_fn *each, void *ctx,
		 struct sk_err *err) SK_NODISCARD;

/*
 * Set *out to the scalar at `path`. Returns 0; 1 when there is none; -1 with
 * SK_EDATA when the document cannot be read.
 */
int sk_toml_get(struct sk_str *out, const char *data, size_t len,
		const char *path, struct sk_err *err) SK_NODISCARD;

/*
 * Append to *out the document `data` with `key` of `table` set to this string;
 * all other bytes, comments included, stay as they are. Returns 0; -1 with
 * SK_EDATA when the document cannot be read (then nothing may be written).
 */
int sk_toml_set(struct sk_str *out, const char *data, size_t len,
		const char *table, const char *key, const char *value,
		struct sk_err *err) SK_NODISCARD;

/*
 * Append `value` as a TOML basic string with its quotes; bytes that are not
 * UTF-8 become U+FFFD.
 */
void sk_toml_add_string(struct sk_str *out, const char *value);

#endif
