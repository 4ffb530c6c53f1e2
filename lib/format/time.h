/* SPDX-License-Identifier: MIT */
/* Points in time as text: ISO 8601 as spec-kitty and its server write it. */
#ifndef SK_FORMAT_TIME_H
#define SK_FORMAT_TIME_H

#include "base/str.h"

/*
 * Parse `YYYY-MM-DDTHH:MM:SS[.f...](Z|+hh:mm|-hh:mm)`; a space may stand for
 * the T; no offset means UTC; digits past the microsecond are dropped. Returns
 * 0 with *us = microseconds since the epoch; -1 when it is no such text, or not
 * a real date and time of the years 1970 to 9999.
 */
int sk_time_parse(int64_t *us, const char *text) SK_NODISCARD;

/*
 * Append in UTC: `2026-05-25T07:16:00.123456+00:00`, without the fraction when
 * it is zero (Python's isoformat).
 */
void sk_time_add(struct sk_str *out, int64_t us);

/* Append a span in words, two units at most: "3 h 12 min", "45 s", "2 d". */
void sk_time_add_span(struct sk_str *out, int64_t seconds);

#endif
