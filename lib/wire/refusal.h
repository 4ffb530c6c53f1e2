/* SPDX-License-Identifier: MIT */
/*
 * What a server says when it refuses a batch as a whole: one text, and maybe
 * reasons for single events. Private to lib/wire.
 */
#ifndef SK_WIRE_REFUSAL_H
#define SK_WIRE_REFUSAL_H

#include "format/json.h"
#include "wire/batch.h"

/* Append the server's words of an error body; nothing when it has none. */
void sk_refusal_text(struct sk_str *out, const struct sk_json *body);

/*
 * Read `error` and `details` of a 400: each may be a list of {event_id,
 * detail|error|reason} or the JSON text of one. Marks the events named there
 * as rejected, by id, never by position. Returns how many.
 */
size_t sk_refusal_details(struct sk_result *results, const struct sk_json *body,
			  const struct sk_map *ids);

/* Mark one event as rejected for this reason. */
void sk_result_reject(struct sk_result *result, const char *error);

#endif
