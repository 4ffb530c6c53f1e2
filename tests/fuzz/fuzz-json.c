/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "format/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Any bytes: cJSON reads what passed the check, and what we print of it passes
 * again, is ASCII, and printed again is the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_str once = SK_STR_INIT, twice = SK_STR_INIT;
	struct sk_json *root = NULL;
	struct sk_err err = {0};

	if (sk_json_parse(&root, (const char *)data, size, &err) < 0) {
		if (root || err.code != SK_EDATA || !err.msg[0])
			abort();
		return 0;
	}
	sk_json_print(&once, root);
	sk_json_free(root);
	for (size_t i = 0; i < once.len; i++) {
		if (once.ptr[i] < ' ' || once.ptr[i] > '~')
			abort();
	}
	if (sk_json_parse(&root, once.ptr, once.len, &err) < 0)
		abort();
	sk_json_print(&twice, root);
	sk_json_free(root);
	if (strcmp(once.ptr, twice.ptr) != 0)
		abort();
	sk_str_free(&once);
	sk_str_free(&twice);
	return 0;
}
