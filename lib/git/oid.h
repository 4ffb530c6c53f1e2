/* SPDX-License-Identifier: MIT */
/*
 * Ids of objects, of either format: SHA-1's 20 bytes, SHA-256's 32. What a
 * shorter id leaves free is zero, so that ids can be compared, and be keys,
 * by all SK_OID_LEN bytes. Libc alone: hooks use it before anything else.
 */
#ifndef SK_GIT_OID_H
#define SK_GIT_OID_H

#include "base/base.h"

#define SK_OID_LEN 32 /* room for the longer one */
#define SK_HEX_LEN 64 /* and for its digits */

#define SK_SHA1_OID_LEN	  20
#define SK_SHA256_OID_LEN 32

struct sk_oid {
	unsigned char id[SK_OID_LEN];
	unsigned char len; /* 20 or 32 */
};

/* The bytes of an id of this length; borrowed for the call. */
void sk_oid_set(struct sk_oid *oid, const void *bytes, size_t len);

/* Its 40 or 64 hexadecimal digits, and a NUL. */
void sk_oid_hex(char out[SK_HEX_LEN + 1], const struct sk_oid *oid);

/* Parse 40 or 64 hexadecimal digits. Returns 0 or -1. */
int sk_oid_parse(struct sk_oid *oid, const char *hex) SK_NODISCARD;

/* Whether both name the same object. */
bool sk_oid_equal(const struct sk_oid *a, const struct sk_oid *b);

#endif
