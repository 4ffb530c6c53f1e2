/* SPDX-License-Identifier: MIT */
/*
 * The members of one object, read where they stand, without a tree: for lines
 * that others wrote, of which we want a few values and nobody asked us to judge
 * the rest. What Python's json module reads is read: integers of any size,
 * surrogates without their other half, keys that come twice.
 */
#ifndef SK_FORMAT_JSONMEMBER_H
#define SK_FORMAT_JSONMEMBER_H

#include "base/err.h"
#include "base/str.h"

/* Deeper than Python goes. */
#define SK_JSON_MEMBER_DEPTH 1024

/* The text of a value within the bytes that are read; ptr NULL: absent. */
struct sk_json_span {
	const char *ptr;
	size_t len;
};

/*
 * Gets each member in order. A key that comes twice counts the last time.
 * Returns whether it wants to see the next one.
 */
typedef bool sk_json_member_fn(void *ctx, const char *key, size_t len,
			       const struct sk_json_span *value);

/*
 * Visit the members of the object that the bytes are. They are one JSON value
 * in UTF-8, without a byte order mark. What stands behind the last member that
 * was wanted is not read.
 *
 * Returns 0; 1 when it is a value of another kind; -1 with SK_EDATA naming
 * reason and byte offset (some members may have been visited).
 */
int sk_json_members(const char *data, size_t len, sk_json_member_fn *each,
		    void *ctx, struct sk_err *err) SK_NODISCARD;

/*
 * Append the text of a string. U+0000 and halves of surrogates become U+FFFD.
 * Returns false, with nothing appended, for a value that is none.
 */
bool sk_json_span_text(struct sk_str *out, const struct sk_json_span *value);

/* Whether the value is this word, `null` or `true`. */
bool sk_json_span_is(const struct sk_json_span *value, const char *word);

/*
 * Append the value so that a strict reader takes it: halves of surrogates and
 * U+0000 are U+FFFD, an integer beyond 2^53 is the double next to it, a number
 * that no double holds is null.
 */
void sk_json_span_tame(struct sk_str *out, const struct sk_json_span *value);

#endif
