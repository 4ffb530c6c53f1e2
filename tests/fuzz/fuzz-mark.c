/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are a tasks.md; the first line is the id. Only the reported lines
 * change, marking again changes nothing, and all of it would be committed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/markcheck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = NULL, *fault = NULL;
	char id[32];
	size_t len;

	if (size)
		end = memchr(text, '\n', size);
	if (!end || (size_t)(end - text) >= sizeof(id))
		return 0;
	len = (size_t)(end - text);
	memcpy(id, text, len);
	id[len] = '\0';
	for (int done = 0; done < 2 && !fault; done++)
		fault = check_marking(end + 1, size - len - 1, id, done);
	if (fault) {
		fprintf(stderr, "%s\n", fault);
		abort();
	}
	return 0;
}
