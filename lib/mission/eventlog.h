/* SPDX-License-Identifier: MIT */
/*
 * The event log of a mission, status.events.jsonl: one JSON object a line. What
 * a line is, is decided here for all who read it. One with `wp_id`, `to_lane`
 * and `event_id` is a lane transition, whatever Python's json module takes in
 * its other members; other rows (lifecycle, decisions, retrospectives) are
 * passed by; a line that should be one of these and cannot be read, or is a
 * transition without an id, is named with the reason.
 */
#ifndef SK_MISSION_EVENTLOG_H
#define SK_MISSION_EVENTLOG_H

#include "format/jsonmember.h"
#include "mission/lane.h"

/* The name of the file, at exactly kitty-specs/<mission>/. */
#define SK_EVENT_LOG_NAME "status.events.jsonl"

/* A longer line is not read. */
#define SK_EVENT_LINE_MAX (1u << 20)

/* A longer log is not read: places in it have 32 bits. */
#define SK_EVENT_LOG_MAX (256u << 20)

/* With their NUL: an id of an event, a work package (a word, no document). */
#define SK_LOG_ID_SIZE 37
#define SK_LOG_WP_SIZE 65

/* What a transition tells besides, for those who send it. */
enum sk_log_told {
	SK_LOG_MISSION, /* `mission_slug`, else `feature_slug` */
	SK_LOG_AT,	/* `at`, else `timestamp` */
	SK_LOG_ACTOR,
	SK_LOG_REASON,
	SK_LOG_REVIEW_REF,
	SK_LOG_EXECUTION_MODE,
	SK_LOG_EVIDENCE,
	SK_LOG_TOLD, /* how many there are */
};

/* A part of the log's bytes; of length 0 when it is absent. */
struct sk_log_part {
	uint32_t offset, len;
};

struct sk_log_row {
	struct sk_log_part line; /* without its end */
	char event_id[SK_LOG_ID_SIZE];
	char wp_id[SK_LOG_WP_SIZE];
	enum sk_lane from; /* SK_LANE_NONE for null */
	enum sk_lane to;
	int64_t at_us; /* `at`, else `timestamp`; INT64_MIN when unreadable */
	bool force;
	struct sk_log_part told[SK_LOG_TOLD]; /* values, as they stand */
};

struct sk_log_fault {
	struct sk_log_part line;
	char *reason; /* owned by the log */
};

/* A row that is no transition. */
struct sk_log_other {
	struct sk_log_part line;
	struct sk_log_part kind; /* what it calls itself, as it stands */
};

struct sk_log {
	size_t at;		 /* so far it is read */
	struct sk_log_row *rows; /* in file order */
	size_t row_count, row_cap;
	struct sk_log_fault *faults;
	size_t fault_count, fault_cap;
	struct sk_log_other *others;
	size_t other_count, other_cap;
};

#define SK_LOG_INIT                                                            \
	{                                                                      \
		0, NULL, 0, 0, NULL, 0, 0, NULL, 0, 0                          \
	}

/*
 * Read on from the line at log->at, up to the end of the bytes or until `most`
 * more rows are there; no line stops it. *log is owned: sk_log_free(). Rows
 * move when more are read.
 */
void sk_log_read(struct sk_log *log, const char *data, size_t len, size_t most);
void sk_log_free(struct sk_log *log);

/* Whether there is nothing on any line. */
bool sk_log_is_blank(const char *data, size_t len);

/* The number of the line at that place, from 1. */
size_t sk_log_line_number(const char *data, size_t offset);

/* A value that a row tells, as it stands in the log's bytes. */
struct sk_json_span sk_log_value(const char *data, const struct sk_log_row *row,
				 enum sk_log_told told);

#endif
