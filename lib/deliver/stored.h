/* SPDX-License-Identifier: MIT */
/*
 * The last look at a stored event before it is sent. Works on the bytes: what
 * was stored is what is sent, to the letter.
 */
#ifndef SK_DELIVER_STORED_H
#define SK_DELIVER_STORED_H

#include "base/err.h"
#include "base/str.h"

/*
 * Check that the bytes are one JSON object whose `event_id` is this one.
 * Returns 0; -1 with SK_EDATA saying what is wrong.
 */
int sk_stored_check(const char *data, size_t len, const char *event_id,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Append a checked envelope without the member `drain_blocked_reason`, a note
 * that spec-kitty's client leaves for itself. Returns whether it had one.
 */
bool sk_stored_add(struct sk_str *out, const char *data, size_t len);

#endif
