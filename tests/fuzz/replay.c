/* SPDX-License-Identifier: MIT */
/*
 * Feeds every file named to the fuzz target it is linked with, so that the
 * corpora run where there is no libFuzzer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define MAX_INPUT (1 << 24)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	uint8_t *exact;
	int rc = sk_file_read(&text, path, MAX_INPUT, &err);

	if (rc != 0) {
		fprintf(stderr, "replay: %s\n", rc < 0 ? err.msg : path);
		sk_str_free(&text);
		return -1;
	}
	/* memory of just this size: a read past it is seen */
	exact = malloc(text.len ? text.len : 1);
	if (!exact)
		abort();
	memcpy(exact, text.ptr, text.len);
	LLVMFuzzerTestOneInput(exact, text.len);
	free(exact);
	sk_str_free(&text);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]) < 0;
	return failed;
}
