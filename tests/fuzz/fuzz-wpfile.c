/* SPDX-License-Identifier: MIT */
/* Any bytes are a work package file: its id is one, or empty. */
#include <stdlib.h>

#include "mission/wpfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_wp_file file;

	sk_wp_file_read(&file, (const char *)data, size);
	if (file.id[0] && !sk_wp_id_is_valid(file.id))
		abort();
	if (file.lane >= SK_LANE_COUNT || file.lane == SK_LANE_GENESIS)
		abort();
	return 0;
}
