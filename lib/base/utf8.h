/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, <= U+10FFFF. */
#ifndef SK_BASE_UTF8_H
#define SK_BASE_UTF8_H

#include "base/base.h"

/*
 * Decode the character that starts at `data`. Returns how many bytes it takes
 * (1-4) with *point set, or 0 when there is none or it is malformed.
 */
size_t sk_utf8_decode(uint32_t *point, const char *data, size_t len);

#endif
