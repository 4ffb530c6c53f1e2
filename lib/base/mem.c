/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void *sk_calloc(size_t count, size_t size)
{
	void *ptr = calloc(count ? count : 1, size ? size : 1);

	if (!ptr)
		abort();
	return ptr;
}

void *sk_realloc(void *ptr, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		abort();
	ptr = realloc(ptr, count && size ? count * size : 1);
	if (!ptr)
		abort();
	return ptr;
}

char *sk_strdup(const char *s)
{
	return s ? sk_strndup(s, strlen(s)) : NULL;
}

char *sk_strndup(const char *s, size_t len)
{
	char *copy = sk_realloc(NULL, len + 1, 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}
