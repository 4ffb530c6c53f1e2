/* SPDX-License-Identifier: MIT */
/*
 * JSON in and out. Reading is strict RFC 8259: every input passes a scan of
 * our own before cJSON builds the tree, because cJSON accepts invalid UTF-8,
 * trailing bytes and numbers it cannot hold. Writing is ASCII with the
 * separators ", " and ": ", the form spec-kitty's own queue rows have.
 */
#ifndef SK_FORMAT_JSON_H
#define SK_FORMAT_JSON_H

#include "base/err.h"
#include "base/str.h"

#define SK_JSON_MAX_DEPTH 64

/*
 * Check that the bytes are one JSON value: grammar, UTF-8, no byte order mark,
 * no lone surrogate, no U+0000, nesting at most SK_JSON_MAX_DEPTH, no key twice
 * in one object, integers within +-2^53, numbers a double can hold.
 *
 * Returns 0; -1 with SK_EDATA naming reason and byte offset.
 */
int sk_json_check(const char *data, size_t len,
		  struct sk_err *err) SK_NODISCARD;

/* A value in a parsed tree, borrowed until the root is freed. */
struct sk_json;

/*
 * Check and parse. On success *out is owned, free it with sk_json_free().
 * Returns 0; -1 with SK_EDATA.
 */
int sk_json_parse(struct sk_json **out, const char *data, size_t len,
		  struct sk_err *err) SK_NODISCARD;
void sk_json_free(struct sk_json *root);

/* Overwrite every text in it first, for what may hold secrets. */
void sk_json_wipe(struct sk_json *root);

/*
 * Reading. Every function accepts NULL (an absent value) and values of another
 * type, and then answers NULL, false or 0, so that lookups can be chained.
 */
const struct sk_json *sk_json_get(const struct sk_json *object,
				  const char *key);
const char *sk_json_text(const struct sk_json *value); /* of a string */
bool sk_json_int(const struct sk_json *value, int64_t *out);
bool sk_json_is_true(const struct sk_json *value);
bool sk_json_is_null(const struct sk_json *value); /* null, not absent */
bool sk_json_is_bool(const struct sk_json *value);
bool sk_json_is_number(const struct sk_json *value);
bool sk_json_is_object(const struct sk_json *value);
bool sk_json_is_array(const struct sk_json *value);

/* Text of a member that is a string: sk_json_text(sk_json_get(object, key)). */
const char *sk_json_get_text(const struct sk_json *object, const char *key);

/* Members of an object or array, in order; the key is NULL in an array. */
const struct sk_json *sk_json_first(const struct sk_json *parent);
const struct sk_json *sk_json_next(const struct sk_json *value);
const char *sk_json_key(const struct sk_json *value);

/* Append the value in our written form. */
void sk_json_print(struct sk_str *out, const struct sk_json *value);

/*
 * A writer: appends to a string, takes care of commas. The key is NULL inside
 * an array and at the top.
 */
struct sk_jsonw {
	struct sk_str *out;
	bool comma; /* a value stands before the next one */
};

#define SK_JSONW(str)                                                          \
	(struct sk_jsonw)                                                      \
	{                                                                      \
		(str), false                                                   \
	}

/* Begin an object or array, as a value; what follows goes into it. Or end it.
 */
void sk_jsonw_object(struct sk_jsonw *w, const char *key);
void sk_jsonw_end_object(struct sk_jsonw *w);
void sk_jsonw_array(struct sk_jsonw *w, const char *key);
void sk_jsonw_end_array(struct sk_jsonw *w);

/* A string, escaped; bytes that are not UTF-8 become U+FFFD. NULL is null. */
void sk_jsonw_text(struct sk_jsonw *w, const char *key, const char *value);
void sk_jsonw_int(struct sk_jsonw *w, const char *key, int64_t value);
void sk_jsonw_bool(struct sk_jsonw *w, const char *key, bool value);
void sk_jsonw_null(struct sk_jsonw *w, const char *key);
void sk_jsonw_value(struct sk_jsonw *w, const char *key,
		    const struct sk_json *value); /* NULL is null */

/* Bytes that are one JSON value already. */
void sk_jsonw_raw(struct sk_jsonw *w, const char *key, const char *data,
		  size_t len);

/* Version of the cJSON in use, "1.7.15"; borrowed for ever. */
const char *sk_json_library_version(void);

#endif
