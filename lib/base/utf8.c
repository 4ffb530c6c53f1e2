/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t sk_utf8_decode(uint32_t *point, const char *data, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)data;
	size_t need, i;
	uint32_t c;

	if (!len)
		return 0;
	c = p[0];
	need = c < 0x80		    ? 1
	       : (c & 0xe0) == 0xc0 ? 2
	       : (c & 0xf0) == 0xe0 ? 3
	       : (c & 0xf8) == 0xf0 ? 4
				    : 0;
	if (!need || need > len)
		return 0;
	if (need > 1)
		c &= 0x7fu >> need;
	for (i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*point = c;
	return need;
}
