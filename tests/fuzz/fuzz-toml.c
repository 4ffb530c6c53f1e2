/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "format/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *ctx, const char *path, const char *value)
{
	size_t *sum = ctx;

	*sum += strlen(path) + strlen(value) + 1;
}

/*
 * Any bytes: a document that can be read can still be read when a key was set,
 * and then holds the value; a document that cannot be read is not changed.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char value[] = "\"new\" \\ \xc3\xa9\n";
	struct sk_str changed = SK_STR_INIT, got = SK_STR_INIT;
	const char *text = (const char *)data;
	struct sk_err err = {0};
	size_t sum = 0;
	bool readable = sk_toml_each(text, size, count, &sum, &err) == 0;

	if (sk_toml_set(&changed, text, size, "tokens", "access", value, &err) <
	    0) {
		if (changed.len || err.code != SK_EDATA)
			abort();
	} else if (!readable ||
		   sk_toml_get(&got, changed.ptr, changed.len, "tokens.access",
			       &err) != 0 ||
		   strcmp(got.ptr, value) != 0) {
		abort();
	}
	sk_str_free(&changed);
	sk_str_free(&got);
	return 0;
}
