/* SPDX-License-Identifier: MIT */
/*
 * ULIDs (github.com/ulid/spec): 26 characters of Crockford's base 32, a 48-bit
 * time in milliseconds and 80 bits that are random or a hash.
 */
#ifndef SK_FORMAT_ULID_H
#define SK_FORMAT_ULID_H

#include "base/base.h"

#define SK_ULID_LEN 26

/* Write the ULID and a NUL. Times below 0 count as 0. */
void sk_ulid_make(char out[SK_ULID_LEN + 1], int64_t ms,
		  const unsigned char bits[10]);

/* One made of the time now and 80 random bits. */
void sk_ulid_random(char out[SK_ULID_LEN + 1]);

/* `^[0-7][0-9A-HJKMNP-TV-Z]{25}$`, upper case only. */
bool sk_ulid_is_valid(const char *text);

/* 8-4-4-4-12 hexadecimal digits, of any case. */
bool sk_uuid_is_valid(const char *text);

/* An id of an event: ULID, UUID with hyphens, or 32 hexadecimal digits. */
bool sk_event_id_is_valid(const char *text);

#endif
