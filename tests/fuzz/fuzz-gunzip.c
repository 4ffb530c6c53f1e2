/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "format/gzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX 100000

/*
 * Any bytes: never more than was asked for, nothing left behind by a failure,
 * and what we compress comes back.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_str out = SK_STR_INIT, zip = SK_STR_INIT;
	const char *bytes = (const char *)data;
	struct sk_err err = {0};
	int rc = sk_gunzip(&out, bytes, size, MAX, &err);

	if (rc < 0 ? out.len : out.len > MAX)
		abort();
	sk_str_clear(&out);
	rc = sk_inflate(&out, bytes, size, MAX, &err);
	if (rc < 0 ? out.len : out.len > MAX)
		abort();
	sk_str_clear(&out);
	sk_gzip(&zip, bytes, size, 1);
	if (sk_gunzip(&out, zip.ptr, zip.len, size, &err) < 0 ||
	    out.len != size || (size && memcmp(out.ptr, bytes, size) != 0))
		abort();
	sk_str_free(&zip);
	sk_str_free(&out);
	return 0;
}
