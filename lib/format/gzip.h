/* SPDX-License-Identifier: MIT */
/* gzip (RFC 1952) and zlib (RFC 1950) streams, whole in memory, by zlib. */
#ifndef SK_FORMAT_GZIP_H
#define SK_FORMAT_GZIP_H

#include "base/err.h"
#include "base/str.h"

/* Append the compressed bytes as one gzip member; level 1 (fast) to 9. */
void sk_gzip(struct sk_str *out, const char *data, size_t len, int level);

/*
 * Append what a gzip stream holds, at most `max` bytes.
 * Returns 0; -1 with SK_EFULL past `max`, SK_EDATA when it is torn or no gzip.
 */
int sk_gunzip(struct sk_str *out, const char *data, size_t len, size_t max,
	      struct sk_err *err) SK_NODISCARD;

/*
 * Append what a zlib stream (a loose git object) holds, at most `max` bytes;
 * returns and codes as sk_gunzip().
 */
int sk_inflate(struct sk_str *out, const char *data, size_t len, size_t max,
	       struct sk_err *err) SK_NODISCARD;

/*
 * Append the first `max` bytes that a zlib stream holds, or fewer when the data
 * given are only its beginning. Returns 0; -1 when it is no zlib.
 */
int sk_inflate_head(struct sk_str *out, const char *data, size_t len,
		    size_t max) SK_NODISCARD;

/* Version of the zlib in use, "1.2.13"; borrowed for ever. */
const char *sk_gzip_library_version(void);

#endif
