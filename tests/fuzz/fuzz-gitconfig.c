/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "format/gitconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *ctx, const char *key, const char *value)
{
	size_t *room = ctx;
	size_t len = strlen(value);

	/* nothing is made up: a value is no longer than what it stands in */
	if (!strchr(key, '.') || (strcmp(value, "true") != 0 && len > *room))
		abort();
}

/* Any bytes: read, or refused as data. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_err err = {0};

	if (sk_gitconfig_each((const char *)data, size, check, &size, &err) <
		    0 &&
	    err.code != SK_EDATA)
		abort();
	return 0;
}
