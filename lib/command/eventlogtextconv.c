/* SPDX-License-Identifier: MIT */
/*
 * A log as people read it, for git's diffs: each line is made of one line of
 * the log alone, so that what was appended is what a diff shows.
 */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/eventlog.h"
#include "format/jsonform.h"
#include "format/time.h"

enum {
	ROWS_AT_A_TIME = 1024,
	WORD_MAX = 64, /* of an actor, a kind, a reference */
	REASON_MAX = 100,
	BROKEN_MAX = 400,
};

/* "2026-05-01 10:00:00", in UTC; what is no time is shown as none. */
static void add_time(struct sk_str *out, int64_t us)
{
	size_t start = out->len;

	if (us == INT64_MIN) {
		sk_str_puts(out, "(no time)          ");
		return;
	}
	sk_time_add(out, us);
	sk_str_cut(out, start + strlen("2026-05-01T10:00:00"));
	out->ptr[start + strlen("2026-05-01")] = ' ';
}

/* `  <label><text>`, when there is any. */
static void add_part(struct sk_str *out, const char *label, const char *text,
		     size_t max)
{
	if (!text || !*text)
		return;
	sk_str_addf(out, "  %s", label);
	sk_str_add_visible(out, text, strlen(text), max);
}

static struct sk_form *form_of(const char *data, const struct sk_log_row *row,
			       enum sk_log_told told)
{
	struct sk_json_span span = sk_log_value(data, row, told);
	struct sk_form *form = NULL;
	struct sk_err ignored = {0};

	if (span.ptr && sk_form_read(&form, span.ptr, span.len, &ignored) < 0)
		return NULL;
	return form;
}

static void add_told(struct sk_str *out, const char *label, const char *data,
		     const struct sk_log_row *row, enum sk_log_told told,
		     size_t max)
{
	struct sk_json_span span = sk_log_value(data, row, told);
	struct sk_str text = SK_STR_INIT;

	if (sk_json_span_text(&text, &span))
		add_part(out, label, text.ptr, max);
	sk_str_free(&text);
}

/* Text, or an object of which the parts that are known are shown. */
static void add_actor(struct sk_str *out, const char *data,
		      const struct sk_log_row *row)
{
	static const char *const parts[] = {"tool", "model", "profile",
					    "role", "kind",  "id"};
	struct sk_json_span span = sk_log_value(data, row, SK_LOG_ACTOR);
	struct sk_str text = SK_STR_INIT;
	struct sk_form *form;

	if (span.ptr && *span.ptr != '{') {
		add_told(out, "", data, row, SK_LOG_ACTOR, WORD_MAX);
		return;
	}
	form = form_of(data, row, SK_LOG_ACTOR);
	for (size_t i = 0; form && i < SK_COUNTOF(parts); i++) {
		const char *part = sk_form_get_text(form, parts[i]);

		if (part && *part && strcmp(part, "unknown") != 0)
			sk_str_addf(&text, "%s%s", text.len ? ":" : "", part);
	}
	add_part(out, "", text.ptr, WORD_MAX);
	sk_form_free(form);
	sk_str_free(&text);
}

/* Who reviewed it, and what can be found of that. */
static void add_evidence(struct sk_str *out, const char *data,
			 const struct sk_log_row *row)
{
	struct sk_form *form, *review;

	if (!row->told[SK_LOG_EVIDENCE].len)
		return;
	form = form_of(data, row, SK_LOG_EVIDENCE);
	review = sk_form_get(form, "review");
	add_part(out, "reviewer: ", sk_form_get_text(review, "reviewer"),
		 WORD_MAX);
	add_part(out, "reference: ", sk_form_get_text(review, "reference"),
		 WORD_MAX);
	sk_form_free(form);
}

static void add_row(struct sk_str *out, const char *data,
		    const struct sk_log_row *row)
{
	const char *from = sk_lane_name(row->from);

	add_time(out, row->at_us);
	add_part(out, "", row->wp_id, WORD_MAX);
	sk_str_addf(out, "  %s -> %s", from ? from : "-",
		    sk_lane_name(row->to));
	add_actor(out, data, row);
	if (row->force)
		sk_str_puts(out, "  (forced)");
	add_told(out, "reason: ", data, row, SK_LOG_REASON, REASON_MAX);
	add_told(out, "review: ", data, row, SK_LOG_REVIEW_REF, WORD_MAX);
	add_evidence(out, data, row);
}

/* A row of another kind: when, what, and of which work package. */
static void add_other(struct sk_str *out, const char *data,
		      const struct sk_log_other *other)
{
	struct sk_json_span kind = {data + other->kind.offset, other->kind.len};
	struct sk_form *form = NULL, *payload;
	struct sk_str text = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *at, *wp;
	int64_t us;

	if (sk_form_read(&form, data + other->line.offset, other->line.len,
			 &ignored) < 0)
		form = NULL;
	payload = sk_form_get(form, "payload");
	at = sk_form_get_text(form, "at");
	if (!at)
		at = sk_form_get_text(form, "timestamp");
	wp = sk_form_get_text(form, "wp_id");
	if (!wp)
		wp = sk_form_get_text(payload, "wp_id");
	add_time(out, at && sk_time_parse(&us, at) == 0 ? us : INT64_MIN);
	add_part(out, "", wp, WORD_MAX);
	if (!kind.len || !sk_json_span_text(&text, &kind))
		sk_str_puts(&text, "(a row of no known kind)");
	add_part(out, "", text.ptr, WORD_MAX);
	sk_form_free(form);
	sk_str_free(&text);
}

static void add_broken(struct sk_str *out, const char *data,
		       const struct sk_log_fault *fault)
{
	sk_str_puts(out, "unreadable: ");
	sk_str_add_visible(out, data + fault->line.offset, fault->line.len,
			   BROKEN_MAX);
}

/* What is next to be printed of each list of a log. */
struct places {
	size_t row, other, fault;
};

/* Append what stands first in the file. Returns false at the end. */
static bool add_next(struct sk_str *out, const char *data,
		     const struct sk_log *log, struct places *next)
{
	bool has_row = next->row < log->row_count;
	bool has_other = next->other < log->other_count;
	bool has_fault = next->fault < log->fault_count;
	size_t row = has_row ? log->rows[next->row].line.offset : SIZE_MAX;
	size_t other =
		has_other ? log->others[next->other].line.offset : SIZE_MAX;
	size_t fault =
		has_fault ? log->faults[next->fault].line.offset : SIZE_MAX;

	if (has_row && row < other && row < fault)
		add_row(out, data, &log->rows[next->row++]);
	else if (has_other && other < fault)
		add_other(out, data, &log->others[next->other++]);
	else if (has_fault)
		add_broken(out, data, &log->faults[next->fault++]);
	else
		return false;
	sk_str_putc(out, '\n');
	return true;
}

/* All that was read, in the order of the file. */
static void print_part(struct sk_str *text, const char *data,
		       const struct sk_log *log)
{
	struct places next = {0, 0, 0};

	sk_str_clear(text);
	while (add_next(text, data, log, &next))
		;
	fwrite(text->ptr, 1, text->len, stdout);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_str data = SK_STR_INIT, text = SK_STR_INIT;
	int ret = -1;
	size_t at = 0;

	(void)values;
	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "which event log?");
	if (sk_eventlog_bytes(&data, argv[0], err) < 0)
		goto out;
	while (at < data.len) {
		struct sk_log log = SK_LOG_INIT;

		log.at = at;
		sk_log_read(&log, data.ptr, data.len, ROWS_AT_A_TIME);
		print_part(&text, data.ptr, &log);
		at = log.at;
		sk_log_free(&log);
	}
	ret = 0;
out:
	sk_str_free(&text);
	sk_str_free(&data);
	return ret;
}

const struct sk_cmd sk_cmd_eventlog_textconv = {
	.name = "textconv",
	.operands = "<file>|-",
	.summary = "Print an event log in words, one line a transition.",
	.max_operands = 1,
	.run = run,
};
