/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), by libmd. */
#ifndef SK_FORMAT_SHA256_H
#define SK_FORMAT_SHA256_H

#include "base/base.h"

#define SK_SHA256_LEN 32

/* The digest of `len` bytes; `data` may be NULL for none. */
void sk_sha256(unsigned char out[SK_SHA256_LEN], const void *data, size_t len);

/* Lower-case hexadecimal of `len` bytes and a NUL: 2 * len + 1 characters. */
void sk_hex(char *out, const unsigned char *data, size_t len);

#endif
