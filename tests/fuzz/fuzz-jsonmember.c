/* SPDX-License-Identifier: MIT */
/*
 * Any bytes: what a strict reader takes as an object has members, each of them
 * a value; what Python alone takes can be tamed, unless it is too deep or has a
 * key twice.
 */
#include "format/jsonmember.h"

#include <stdlib.h>
#include <string.h>

#include "format/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look(void *ctx, const char *key, size_t len,
		 const struct sk_json_span *value)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	bool strict = *(bool *)ctx;

	if (!key || !value->len || len > 1u << 30)
		abort();
	if (strict && sk_json_check(value->ptr, value->len, &err) < 0)
		abort();
	sk_json_span_tame(&text, value);
	if (sk_json_check(text.ptr, text.len, &err) < 0 &&
	    (strict || (!strstr(err.msg, "nested too deep") &&
			!strstr(err.msg, "the same key twice"))))
		abort();
	sk_str_free(&text);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct sk_err err = {0};
	bool strict = sk_json_check(text, size, &err) == 0;
	int rc = sk_json_members(text, size, look, &strict, &err);

	if (rc < 0 && (strict || err.code != SK_EDATA))
		abort();
	return 0;
}
