/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are an event log: every line with something on it is a row, a
 * fault or passed by; what is kept stays inside the input and in its order, and
 * is the same when the log is read in two goes. Its status.json is one value.
 */
#include <stdlib.h>
#include <string.h>

#include "mission/reduce.h"
#include "mission/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rows(const struct sk_log *log, const char *data, size_t size)
{
	size_t end = 0;

	for (size_t i = 0; i < log->row_count; i++) {
		const struct sk_log_row *row = &log->rows[i];

		if (row->line.offset < end || !row->line.len ||
		    row->to == SK_LANE_NONE || !row->wp_id[0])
			abort();
		end = row->line.offset + (size_t)row->line.len;
		for (int j = 0; j < SK_LOG_TOLD; j++) {
			struct sk_json_span value = sk_log_value(data, row, j);

			if (value.ptr && (value.ptr < data + row->line.offset ||
					  value.ptr + value.len > data + end))
				abort();
		}
	}
	if (end > size)
		abort();
}

static void check_faults(const struct sk_log *log, size_t size)
{
	for (size_t i = 0; i < log->fault_count; i++) {
		const struct sk_log_fault *fault = &log->faults[i];

		if (fault->line.offset + (size_t)fault->line.len > size ||
		    !fault->reason[0])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_log log = SK_LOG_INIT, head = SK_LOG_INIT, tail = SK_LOG_INIT;
	struct sk_reduced state = SK_REDUCED_INIT;
	const char *text = (const char *)data;
	struct sk_str snapshot = SK_STR_INIT;
	struct sk_form *form = NULL;
	struct sk_err err = {0};

	sk_log_read(&log, text, size, SIZE_MAX);
	check_rows(&log, text, size);
	check_faults(&log, size);
	sk_log_read(&head, text, size, 1);
	tail.at = head.at;
	sk_log_read(&tail, text, size, SIZE_MAX);
	if (head.row_count + tail.row_count != log.row_count ||
	    head.fault_count + tail.fault_count != log.fault_count ||
	    head.other_count + tail.other_count != log.other_count)
		abort();
	sk_reduced_add(&state, &head);
	sk_reduced_add(&state, &tail);
	sk_reduced_fold(&state);
	if (state.count > log.row_count || state.wp_count > state.count ||
	    !state.wp_count != !log.row_count ||
	    (log.row_count && sk_log_is_blank(text, size)))
		abort();
	sk_snapshot_add(&snapshot, &log, text, NULL);
	if (sk_form_read(&form, snapshot.ptr, snapshot.len, &err) < 0)
		abort();
	sk_form_free(form);
	sk_str_free(&snapshot);
	sk_reduced_free(&state);
	sk_log_free(&tail);
	sk_log_free(&head);
	sk_log_free(&log);
	return 0;
}
