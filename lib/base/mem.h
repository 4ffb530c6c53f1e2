/* SPDX-License-Identifier: MIT */
/*
 * Memory that is there or the process is not: every function aborts when the
 * system has none left. Sizes that come from outside are capped by callers.
 */
#ifndef SK_BASE_MEM_H
#define SK_BASE_MEM_H

#include "base/base.h"

/* Zeroed memory for `count` objects of `size` bytes; owned, free() it. */
void *sk_calloc(size_t count, size_t size);

/* Resize to `count` objects of `size` bytes; what is new is not zeroed. */
void *sk_realloc(void *ptr, size_t count, size_t size);

/* Owned copies; sk_strdup(NULL) is NULL. */
char *sk_strdup(const char *s);
char *sk_strndup(const char *s, size_t len);

/* Make room in the array `ptr` (of `cap` items) for one more than `len`. */
#define SK_GROW(ptr, len, cap)                                                 \
	do {                                                                   \
		if ((len) == (cap)) {                                          \
			(cap) = (cap) ? 2 * (cap) : 8;                         \
			(ptr) = sk_realloc((ptr), (cap), sizeof(*(ptr)));      \
		}                                                              \
	} while (0)

#endif
