/* SPDX-License-Identifier: MIT */
#include "mission/logline.h"

#include "format/time.h"

void sk_logline_stamp(struct sk_logline *line, int64_t start_us, size_t i)
{
	sk_ulid_random(line->event_id);
	line->at_us = start_us + (int64_t)i;
}

static struct sk_form *lane_or_null(enum sk_lane lane)
{
	return sk_form_text(lane == SK_LANE_NONE ? NULL : sk_lane_name(lane));
}

static struct sk_form *copy_or_null(const struct sk_form *value)
{
	return value ? sk_form_copy(value) : sk_form_text(NULL);
}

void sk_logline_add(struct sk_str *out, const struct sk_logline *line)
{
	struct sk_form *row = sk_form_object();
	struct sk_str at = SK_STR_INIT;

	sk_time_add(&at, line->at_us);
	sk_form_set(row, "actor", sk_form_text(line->actor));
	sk_form_set(row, "at", sk_form_text(at.ptr));
	sk_form_set(row, "event_id", sk_form_text(line->event_id));
	sk_form_set(row, "evidence", copy_or_null(line->evidence));
	sk_form_set(row, "execution_mode", sk_form_text(line->execution_mode));
	sk_form_set(row, "force", sk_form_bool(line->force));
	sk_form_set(row, "from_lane", lane_or_null(line->from));
	if (line->mission_id)
		sk_form_set(row, "mission_id", sk_form_text(line->mission_id));
	sk_form_set(row, "mission_slug", sk_form_text(line->mission_slug));
	sk_form_set(row, "policy_metadata",
		    copy_or_null(line->policy_metadata));
	sk_form_set(row, "reason", sk_form_text(line->reason));
	sk_form_set(row, "review_ref", sk_form_text(line->review_ref));
	if (line->review_result)
		sk_form_set(row, "review_result",
			    sk_form_copy(line->review_result));
	sk_form_set(row, "to_lane", lane_or_null(line->to));
	sk_form_set(row, "wp_id", sk_form_text(line->wp_id));
	sk_form_add(out, row, SK_FORM_LINE);
	sk_str_putc(out, '\n');
	sk_form_free(row);
	sk_str_free(&at);
}
