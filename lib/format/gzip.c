/* SPDX-License-Identifier: MIT */
#include "format/gzip.h"

#include <stdlib.h>
#include <zlib.h>

/* windowBits of zlib: the largest window; 16 more for the gzip wrapper */
#define ZLIB_BITS 15
#define GZIP_BITS (ZLIB_BITS + 16)

#define CHUNK 65536u

/* zlib counts its input in unsigned int: hand over at most this much. */
static uInt portion(size_t len)
{
	return len > 1u << 30 ? 1u << 30 : (uInt)len;
}

void sk_gzip(struct sk_str *out, const char *data, size_t len, int level)
{
	z_stream z = {0};
	int rc;

	if (deflateInit2(&z, level, Z_DEFLATED, GZIP_BITS, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = (Bytef *)(uintptr_t)data;
	do {
		if (z.avail_in == 0) {
			z.avail_in = portion(len);
			len -= z.avail_in;
		}
		sk_str_reserve(out, CHUNK);
		z.next_out = (Bytef *)out->ptr + out->len;
		z.avail_out = CHUNK;
		rc = deflate(&z, len ? Z_NO_FLUSH : Z_FINISH);
		out->len += CHUNK - z.avail_out;
	} while (rc == Z_OK);
	if (rc != Z_STREAM_END)
		abort();
	out->ptr[out->len] = '\0';
	deflateEnd(&z);
}

/* Inflate all members; Z_STREAM_END when the input ended with one. */
static int inflate_all(z_stream *z, struct sk_str *out, size_t left, size_t max,
		       bool members)
{
	size_t start = out->len;
	int rc = Z_OK;

	while (rc == Z_OK) {
		size_t room = max - (out->len - start);

		/* one byte more than allowed tells "full" from "just fits" */
		room = room < CHUNK ? room + 1 : CHUNK;
		if (z->avail_in == 0) {
			z->avail_in = portion(left);
			left -= z->avail_in;
		}
		sk_str_reserve(out, room);
		z->next_out = (Bytef *)out->ptr + out->len;
		z->avail_out = (uInt)room;
		rc = inflate(z, Z_NO_FLUSH);
		out->len += room - z->avail_out;
		if (out->len - start > max)
			return Z_MEM_ERROR;
		if (rc == Z_STREAM_END && (z->avail_in || left))
			rc = members ? inflateReset(z) : Z_DATA_ERROR;
	}
	return rc;
}

static int expand(struct sk_str *out, const char *data, size_t len, size_t max,
		  int bits, struct sk_err *err)
{
	const char *what = bits == GZIP_BITS ? "gzip" : "zlib";
	size_t start = out->len;
	z_stream z = {0};
	int rc;

	z.next_in = (Bytef *)(uintptr_t)data;
	if (inflateInit2(&z, bits) != Z_OK)
		abort();
	rc = inflate_all(&z, out, len, max, bits == GZIP_BITS);
	inflateEnd(&z);
	if (rc != Z_STREAM_END)
		out->len = start;
	if (out->cap)
		out->ptr[out->len] = '\0';
	if (rc == Z_STREAM_END)
		return 0;
	if (rc == Z_MEM_ERROR)
		return sk_fail(err, SK_EFULL,
			       "%s data hold more than %zu bytes", what, max);
	if (rc == Z_BUF_ERROR)
		return sk_fail(err, SK_EDATA, "%s data end too early", what);
	return sk_fail(err, SK_EDATA, "not valid %s data", what);
}

int sk_gunzip(struct sk_str *out, const char *data, size_t len, size_t max,
	      struct sk_err *err)
{
	return expand(out, data, len, max, GZIP_BITS, err);
}

int sk_inflate(struct sk_str *out, const char *data, size_t len, size_t max,
	       struct sk_err *err)
{
	return expand(out, data, len, max, ZLIB_BITS, err);
}

int sk_inflate_head(struct sk_str *out, const char *data, size_t len,
		    size_t max)
{
	z_stream z = {0};
	int rc;

	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = portion(len);
	if (inflateInit2(&z, ZLIB_BITS) != Z_OK)
		abort();
	sk_str_reserve(out, max);
	z.next_out = (Bytef *)out->ptr + out->len;
	z.avail_out = portion(max);
	rc = inflate(&z, Z_SYNC_FLUSH);
	out->len += portion(max) - z.avail_out;
	out->ptr[out->len] = '\0';
	inflateEnd(&z);
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ? 0 : -1;
}

const char *sk_gzip_library_version(void)
{
	return zlibVersion();
}
