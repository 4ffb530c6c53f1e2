/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/time.h"
#include "format/ulid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Any text: a time that is read is written in a form that reads as the same,
 * and no text is both a time and an id.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = sk_strndup((const char *)data, size);
	struct sk_str out = SK_STR_INIT;
	int64_t us, again;

	if (sk_time_parse(&us, text) == 0) {
		sk_time_add(&out, us);
		if (sk_time_parse(&again, out.ptr) < 0 || again != us ||
		    sk_event_id_is_valid(text))
			abort();
	}
	sk_str_free(&out);
	free(text);
	return 0;
}
