/* SPDX-License-Identifier: MIT */
#include "git/oid.h"

#include <string.h>

void sk_oid_set(struct sk_oid *oid, const void *bytes, size_t len)
{
	*oid = (struct sk_oid){.len = (unsigned char)len};
	memcpy(oid->id, bytes, len);
}

void sk_oid_hex(char out[SK_HEX_LEN + 1], const struct sk_oid *oid)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < oid->len; i++) {
		*out++ = digits[oid->id[i] >> 4];
		*out++ = digits[oid->id[i] & 15];
	}
	*out = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int sk_oid_parse(struct sk_oid *oid, const char *hex)
{
	size_t len = strlen(hex);
	struct sk_oid out = {.len = (unsigned char)(len / 2)};

	if (len != 2 * SK_SHA1_OID_LEN && len != 2 * SK_SHA256_OID_LEN)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int value = digit(hex[i]);

		if (value < 0)
			return -1;
		out.id[i / 2] = (unsigned char)(out.id[i / 2] << 4 | value);
	}
	*oid = out;
	return 0;
}

bool sk_oid_equal(const struct sk_oid *a, const struct sk_oid *b)
{
	return memcmp(a->id, b->id, SK_OID_LEN) == 0;
}
