/* SPDX-License-Identifier: MIT */
#include "mission/eventlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/time.h"
#include "format/ulid.h"

/* The members a line is read for. */
enum member {
	EVENT_ID,
	WP_ID,
	TO_LANE,
	FROM_LANE,
	AT,
	TIMESTAMP,
	FORCE,
	EVENT_TYPE,
	EVENT_NAME,
	TYPE,
	KIND,
	MISSION_SLUG,
	FEATURE_SLUG,
	ACTOR,
	REASON,
	REVIEW_REF,
	EXECUTION_MODE,
	EVIDENCE,
	MEMBERS,
};

#define NAME(text)                                                             \
	{                                                                      \
		(text), sizeof(text) - 1                                       \
	}

static const struct {
	const char *text;
	size_t len;
} names[MEMBERS] = {
	[EVENT_ID] = NAME("event_id"),
	[WP_ID] = NAME("wp_id"),
	[TO_LANE] = NAME("to_lane"),
	[FROM_LANE] = NAME("from_lane"),
	[AT] = NAME("at"),
	[TIMESTAMP] = NAME("timestamp"),
	[FORCE] = NAME("force"),
	[EVENT_TYPE] = NAME("event_type"),
	[EVENT_NAME] = NAME("event_name"),
	[TYPE] = NAME("type"),
	[KIND] = NAME("kind"),
	[MISSION_SLUG] = NAME("mission_slug"),
	[FEATURE_SLUG] = NAME("feature_slug"),
	[ACTOR] = NAME("actor"),
	[REASON] = NAME("reason"),
	[REVIEW_REF] = NAME("review_ref"),
	[EXECUTION_MODE] = NAME("execution_mode"),
	[EVIDENCE] = NAME("evidence"),
};

/* A line being read. */
struct line {
	struct sk_log *log;
	const char *data; /* of the whole log */
	struct sk_log_part part;
	struct sk_json_span member[MEMBERS];
	struct sk_str text; /* of one of them, for a while */
};

static void add_fault(struct line *line, const char *reason)
{
	struct sk_log *log = line->log;

	SK_GROW(log->faults, log->fault_count, log->fault_cap);
	log->faults[log->fault_count++] =
		(struct sk_log_fault){line->part, sk_strdup(reason)};
}

/* The text of a member, until the next is asked for; NULL when it has none. */
static const char *text_of(struct line *line, enum member member)
{
	sk_str_clear(&line->text);
	return sk_json_span_text(&line->text, &line->member[member])
		       ? line->text.ptr
		       : NULL;
}

static bool is_null(const struct line *line, enum member member)
{
	return !line->member[member].ptr ||
	       sk_json_span_is(&line->member[member], "null");
}

/* Sets *lane. Returns false, and adds the fault, when the value is no lane. */
static bool read_lane(enum sk_lane *lane, struct line *line, enum member member)
{
	const char *name = text_of(line, member);
	struct sk_str reason = SK_STR_INIT;

	*lane = name ? sk_lane_parse(name) : SK_LANE_NONE;
	if (*lane != SK_LANE_NONE)
		return true;
	sk_str_puts(&reason, "unknown lane '");
	sk_str_add_visible(&reason, line->text.ptr, line->text.len, 60);
	sk_str_addf(&reason, "' in %s", names[member].text);
	add_fault(line, reason.ptr);
	sk_str_free(&reason);
	return false;
}

static int64_t read_at(struct line *line)
{
	const char *text = text_of(line, AT);
	int64_t us;

	if (!text)
		text = text_of(line, TIMESTAMP);
	return text && sk_time_parse(&us, text) == 0 ? us : INT64_MIN;
}

/* The place of a value; of length 0 when it is null or absent. */
static struct sk_log_part part_of(const struct line *line, enum member member)
{
	const struct sk_json_span *value = &line->member[member];

	if (is_null(line, member))
		return (struct sk_log_part){0, 0};
	return (struct sk_log_part){(uint32_t)(value->ptr - line->data),
				    (uint32_t)value->len};
}

static void tell(struct sk_log_row *row, const struct line *line,
		 enum sk_log_told told, enum member member)
{
	row->told[told] = part_of(line, member);
}

static void add_row(struct line *line, const struct sk_log_row *row)
{
	struct sk_log *log = line->log;

	SK_GROW(log->rows, log->row_count, log->row_cap);
	log->rows[log->row_count++] = *row;
}

/* What kind of row it is, the writers of each have said under a name of theirs.
 */
static void add_other(struct line *line)
{
	static const enum member kinds[] = {EVENT_TYPE, EVENT_NAME, TYPE, KIND};
	struct sk_log *log = line->log;
	struct sk_log_other other = {.line = line->part};

	for (size_t i = 0; i < SK_COUNTOF(kinds) && !other.kind.len; i++) {
		if (text_of(line, kinds[i]))
			other.kind = part_of(line, kinds[i]);
	}
	SK_GROW(log->others, log->other_count, log->other_cap);
	log->others[log->other_count++] = other;
}

/* Text that has to fit. Returns false when it is none, or does not. */
static bool read_word(char *out, size_t size, struct line *line,
		      enum member member)
{
	const char *text = text_of(line, member);

	if (!text || !*text || line->text.len >= size)
		return false;
	memcpy(out, text, line->text.len + 1);
	return true;
}

/* One object: a lane row, another kind of row, or a fault. */
static void read_row(struct line *line)
{
	struct sk_log_row row = {.line = line->part};
	bool has_id = line->member[EVENT_ID].ptr;

	if (is_null(line, WP_ID) || !line->member[TO_LANE].ptr ||
	    (!has_id && line->member[EVENT_TYPE].ptr)) {
		add_other(line);
		return;
	}
	if (!read_word(row.wp_id, sizeof(row.wp_id), line, WP_ID)) {
		add_fault(line, "wp_id is not the id of a work package");
		return;
	}
	if (!has_id) {
		add_fault(line, "event_id is missing");
		return;
	}
	if (!read_word(row.event_id, sizeof(row.event_id), line, EVENT_ID) ||
	    !sk_event_id_is_valid(row.event_id)) {
		add_fault(line, "event_id is neither a ULID nor a UUID");
		return;
	}
	if (!read_lane(&row.to, line, TO_LANE))
		return;
	row.from = SK_LANE_NONE;
	if (!is_null(line, FROM_LANE) && !read_lane(&row.from, line, FROM_LANE))
		return;
	row.at_us = read_at(line);
	row.force = sk_json_span_is(&line->member[FORCE], "true");
	tell(&row, line, SK_LOG_MISSION,
	     text_of(line, MISSION_SLUG) ? MISSION_SLUG : FEATURE_SLUG);
	tell(&row, line, SK_LOG_AT, text_of(line, AT) ? AT : TIMESTAMP);
	tell(&row, line, SK_LOG_ACTOR, ACTOR);
	tell(&row, line, SK_LOG_REASON, REASON);
	tell(&row, line, SK_LOG_REVIEW_REF, REVIEW_REF);
	tell(&row, line, SK_LOG_EXECUTION_MODE, EXECUTION_MODE);
	tell(&row, line, SK_LOG_EVIDENCE, EVIDENCE);
	add_row(line, &row);
}

static bool keep_member(void *ctx, const char *key, size_t len,
			const struct sk_json_span *value)
{
	struct line *line = ctx;

	for (int i = 0; i < MEMBERS; i++) {
		if (names[i].len == len && memcmp(names[i].text, key, len) == 0)
			line->member[i] = *value;
	}
	return true; /* a key may come twice, and a line is judged whole */
}

static void read_line(struct line *line)
{
	struct sk_err err = {0};
	char reason[64];
	int rc;

	if (line->part.len > SK_EVENT_LINE_MAX) {
		snprintf(reason, sizeof(reason), "longer than %u bytes",
			 SK_EVENT_LINE_MAX);
		add_fault(line, reason);
		return;
	}
	rc = sk_json_members(line->data + line->part.offset, line->part.len,
			     keep_member, line, &err);
	if (rc < 0)
		add_fault(line, err.msg);
	else if (rc > 0)
		add_fault(line, "not a JSON object");
	else
		read_row(line);
}

bool sk_log_is_blank(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!data[i] || !strchr(" \t\r\n", data[i]))
			return false;
	}
	return true;
}

void sk_log_read(struct sk_log *log, const char *data, size_t len, size_t most)
{
	struct sk_str text = SK_STR_INIT;
	size_t end = most > SIZE_MAX - log->row_count ? SIZE_MAX
						      : log->row_count + most;

	while (log->at < len && log->row_count < end) {
		const char *start = data + log->at;
		const char *eol = memchr(start, '\n', len - log->at);
		size_t used = eol ? (size_t)(eol - start) : len - log->at;
		struct line line = {
			.log = log,
			.data = data,
			.part = {(uint32_t)log->at, (uint32_t)used},
			.text = text,
		};

		log->at += used + 1;
		if (!sk_log_is_blank(start, used))
			read_line(&line);
		text = line.text;
	}
	sk_str_free(&text);
}

void sk_log_free(struct sk_log *log)
{
	for (size_t i = 0; i < log->fault_count; i++)
		free(log->faults[i].reason);
	free(log->rows);
	free(log->faults);
	free(log->others);
	*log = (struct sk_log)SK_LOG_INIT;
}

size_t sk_log_line_number(const char *data, size_t offset)
{
	const char *at = data, *end = data + offset;
	size_t line = 1;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		line++;
		at++;
	}
	return line;
}

struct sk_json_span sk_log_value(const char *data, const struct sk_log_row *row,
				 enum sk_log_told told)
{
	const struct sk_log_part *part = &row->told[told];

	return (struct sk_json_span){part->len ? data + part->offset : NULL,
				     part->len};
}
