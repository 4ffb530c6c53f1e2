/* SPDX-License-Identifier: MIT */
#include "format/sha256.h"

#include <sha2.h>

void sk_sha256(unsigned char out[SK_SHA256_LEN], const void *data, size_t len)
{
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	if (len)
		SHA256Update(&ctx, data, len);
	SHA256Final(out, &ctx);
}

void sk_hex(char *out, const unsigned char *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
	*out = '\0';
}
