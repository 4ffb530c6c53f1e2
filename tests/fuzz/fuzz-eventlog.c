/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are an event log: every line with something on it is a row, a
 * fault or passed by; what is kept stays inside the input and in its order.
 */
#include <stdlib.h>

#include "mission/eventlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *ctx, const char *wp_id, enum sk_lane lane,
		  int64_t at_us)
{
	(void)at_us;
	if (!wp_id[0] || lane == SK_LANE_NONE)
		abort();
	++*(size_t *)ctx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t last = 0, states = 0;
	struct sk_log log;

	sk_log_read(&log, (const char *)data, size);
	for (size_t i = 0; i < log.row_count; i++) {
		const struct sk_log_row *row = &log.rows[i];

		if (row->line <= last || row->offset + row->len > size ||
		    row->to == SK_LANE_NONE)
			abort();
		last = row->line;
	}
	for (size_t i = 0; i < log.fault_count; i++) {
		if (log.faults[i].offset + log.faults[i].len > size ||
		    !log.faults[i].reason[0])
			abort();
	}
	sk_log_reduce(&log, count, &states);
	if (states > log.row_count || (log.is_empty && log.row_count))
		abort();
	sk_log_free(&log);
	return 0;
}
