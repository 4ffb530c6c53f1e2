/* SPDX-License-Identifier: MIT */
#include "mission/eventlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "format/time.h"
#include "format/ulid.h"

enum { TEXT_MAX = 64 }; /* a work package id is a word, not a document */

static void add_fault(struct sk_log *log, const struct sk_log_row *where,
		      const char *reason)
{
	SK_GROW(log->faults, log->fault_count, log->fault_cap);
	log->faults[log->fault_count++] = (struct sk_log_fault){
		where->line, where->offset, where->len, sk_strdup(reason)};
}

/* Sets *lane. Returns false when the value is no lane; null is none. */
static bool read_lane(enum sk_lane *lane, const struct sk_json *value)
{
	const char *name = sk_json_text(value);

	*lane = SK_LANE_NONE;
	if (!value || sk_json_is_null(value))
		return true;
	if (name)
		*lane = sk_lane_parse(name);
	return *lane != SK_LANE_NONE;
}

static int64_t read_at(const struct sk_json *object)
{
	const char *text = sk_json_get_text(object, "at");
	int64_t us;

	if (!text)
		text = sk_json_get_text(object, "timestamp");
	return text && sk_time_parse(&us, text) == 0 ? us : INT64_MIN;
}

static void lane_fault(struct sk_log *log, const struct sk_log_row *row,
		       const struct sk_json *object, const char *key)
{
	const char *name = sk_json_get_text(object, key);
	struct sk_str reason = SK_STR_INIT;

	sk_str_puts(&reason, "unknown lane '");
	sk_str_add_visible(&reason, name ? name : "", name ? strlen(name) : 0,
			   60);
	sk_str_addf(&reason, "' in %s", key);
	add_fault(log, row, reason.ptr);
	sk_str_free(&reason);
}

/* One parsed object: a lane row, another kind of row, or a fault. */
static void read_row(struct sk_log *log, struct sk_log_row *row,
		     const struct sk_json *object)
{
	const struct sk_json *wp = sk_json_get(object, "wp_id");
	const struct sk_json *to = sk_json_get(object, "to_lane");
	const struct sk_json *id = sk_json_get(object, "event_id");
	const char *wp_id = sk_json_text(wp), *event_id = sk_json_text(id);

	if (!wp || sk_json_is_null(wp) || !to || !id)
		return;
	if (!wp_id || !*wp_id || strlen(wp_id) > TEXT_MAX) {
		add_fault(log, row, "wp_id is not the id of a work package");
	} else if (!event_id || !sk_event_id_is_valid(event_id)) {
		add_fault(log, row, "event_id is neither a ULID nor a UUID");
	} else if (!read_lane(&row->to, to) || row->to == SK_LANE_NONE) {
		lane_fault(log, row, object, "to_lane");
	} else if (!read_lane(&row->from, sk_json_get(object, "from_lane"))) {
		lane_fault(log, row, object, "from_lane");
	} else {
		row->event_id = sk_strdup(event_id);
		row->wp_id = sk_strdup(wp_id);
		row->at_us = read_at(object);
		SK_GROW(log->rows, log->row_count, log->row_cap);
		log->rows[log->row_count++] = *row;
	}
}

static void read_line(struct sk_log *log, const char *data,
		      struct sk_log_row *row)
{
	struct sk_json *root = NULL;
	struct sk_err err = {0};
	char reason[64];

	if (row->len > SK_EVENT_LINE_MAX) {
		snprintf(reason, sizeof(reason), "longer than %u bytes",
			 SK_EVENT_LINE_MAX);
		add_fault(log, row, reason);
	} else if (sk_json_parse(&root, data + row->offset, row->len, &err) <
		   0) {
		add_fault(log, row, err.msg);
	} else if (!sk_json_is_object(root)) {
		add_fault(log, row, "not a JSON object");
	} else {
		read_row(log, row, root);
	}
	sk_json_free(root);
}

static bool is_blank(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!strchr(" \t\r", data[i]) || !data[i])
			return false;
	}
	return true;
}

void sk_log_read(struct sk_log *log, const char *data, size_t len)
{
	size_t at = 0, line = 0;

	*log = (struct sk_log)SK_LOG_INIT;
	while (at < len) {
		const char *eol = memchr(data + at, '\n', len - at);
		struct sk_log_row row = {
			.line = ++line,
			.offset = at,
			.len = eol ? (size_t)(eol - data) - at : len - at,
		};

		at += row.len + 1;
		if (is_blank(data + row.offset, row.len))
			continue;
		log->is_empty = false;
		read_line(log, data, &row);
	}
}

void sk_log_free(struct sk_log *log)
{
	for (size_t i = 0; i < log->row_count; i++) {
		free(log->rows[i].event_id);
		free(log->rows[i].wp_id);
	}
	for (size_t i = 0; i < log->fault_count; i++)
		free(log->faults[i].reason);
	free(log->rows);
	free(log->faults);
	*log = (struct sk_log)SK_LOG_INIT;
}

static bool is_later(const struct sk_log_row *a, const struct sk_log_row *b)
{
	if (a->at_us != b->at_us)
		return a->at_us > b->at_us;
	return strcmp(a->event_id, b->event_id) > 0;
}

void sk_log_reduce(const struct sk_log *log, sk_log_state_fn *each, void *ctx)
{
	struct sk_map last = SK_MAP_INIT; /* wp id -> its latest row */

	for (size_t i = 0; i < log->row_count; i++) {
		const struct sk_log_row *row = &log->rows[i];
		int64_t *at;
		bool added;

		at = sk_map_add(&last, row->wp_id, strlen(row->wp_id),
				(int64_t)i, &added);
		if (!added && is_later(row, &log->rows[*at]))
			*at = (int64_t)i;
	}
	for (size_t i = 0; i < log->row_count; i++) {
		const struct sk_log_row *row = &log->rows[i];
		int64_t *at = sk_map_get(&last, row->wp_id, strlen(row->wp_id));

		if (*at == (int64_t)i)
			each(ctx, row->wp_id, row->to, row->at_us);
	}
	sk_map_free(&last);
}
