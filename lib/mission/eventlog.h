/* SPDX-License-Identifier: MIT */
/*
 * The event log of a mission, status.events.jsonl: one JSON object a line. A
 * line with `wp_id`, `to_lane` and `event_id` is a lane transition; other rows
 * (lifecycle, decisions, retrospectives) are skipped; a line that should be
 * one of these and cannot be read is named with its number and the reason.
 */
#ifndef SK_MISSION_EVENTLOG_H
#define SK_MISSION_EVENTLOG_H

#include "format/json.h"
#include "mission/lane.h"

/* The name of the file, at exactly kitty-specs/<mission>/. */
#define SK_EVENT_LOG_NAME "status.events.jsonl"

/* A longer line is not read. */
#define SK_EVENT_LINE_MAX (1u << 20)

struct sk_log_row {
	size_t line;	    /* 1-based */
	size_t offset, len; /* of the line in the log's bytes */
	char *event_id;	    /* owned by the log, as all of these */
	char *wp_id;
	enum sk_lane from; /* SK_LANE_NONE for null */
	enum sk_lane to;
	int64_t at_us; /* `at`, else `timestamp`; INT64_MIN when unreadable */
};

struct sk_log_fault {
	size_t line;
	size_t offset, len;
	char *reason;
};

struct sk_log {
	bool is_empty;		 /* no line with anything on it */
	struct sk_log_row *rows; /* in file order */
	size_t row_count, row_cap;
	struct sk_log_fault *faults;
	size_t fault_count, fault_cap;
};

#define SK_LOG_INIT                                                            \
	{                                                                      \
		true, NULL, 0, 0, NULL, 0, 0                                   \
	}

/* Read every line; nothing stops it. *log is owned: sk_log_free(). */
void sk_log_read(struct sk_log *log, const char *data, size_t len);
void sk_log_free(struct sk_log *log);

/*
 * The lane each work package is in after all rows, by spec-kitty's reducer:
 * repeated ids count once, rows in order of (`at`, event id), the last one
 * wins. Calls `each` once for each work package, in no order.
 */
typedef void sk_log_state_fn(void *ctx, const char *wp_id, enum sk_lane lane,
			     int64_t at_us);
void sk_log_reduce(const struct sk_log *log, sk_log_state_fn *each, void *ctx);

#endif
