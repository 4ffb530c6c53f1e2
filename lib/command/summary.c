/* SPDX-License-Identifier: MIT */
#include "command/summary.h"

#include "format/json.h"
#include "format/time.h"

/* One sample of a reason; the rest is in the report file. */
enum { MAX_SAMPLE = 300 };

static void add_category(struct sk_str *out, enum sk_category category,
			 int64_t count)
{
	const char *action = sk_category_action(category);

	sk_str_addf(out, "  %s: %lld", sk_category_name(category),
		    (long long)count);
	if (*action)
		sk_str_addf(out, "  -- %s", action);
	sk_str_putc(out, '\n');
}

static void add_sample(struct sk_str *out, const char *label,
		       const struct sk_str *text)
{
	if (text->len == 0)
		return;
	sk_str_addf(out, "    %s: ", label);
	sk_str_add_visible(out, text->ptr, text->len, MAX_SAMPLE);
	sk_str_putc(out, '\n');
}

void sk_summary_add_text(struct sk_str *out, const struct sk_report *report)
{
	const struct sk_failure_group *groups[SK_REPORT_CATEGORIES];
	size_t count = sk_report_groups(report, groups);

	sk_str_addf(out, "Synced: %lld, Duplicates: %lld, ",
		    (long long)report->synced, (long long)report->duplicates);
	if (report->pending > 0)
		sk_str_addf(out, "Pending: %lld, ", (long long)report->pending);
	sk_str_addf(out, "Failed: %lld\n", (long long)report->failed);
	for (size_t i = 0; i < count; i++) {
		add_category(out, groups[i]->category, groups[i]->count);
		add_sample(out, groups[i]->count > 1 ? "the first" : "reason",
			   &groups[i]->sample);
	}
	if (report->queued == 0)
		return;
	sk_str_addf(out, "Still queued: %lld\n", (long long)report->queued);
	if (report->interrupted || report->queued_category == SK_CAT_NONE)
		return;
	add_category(out, report->queued_category, report->queued);
	add_sample(out, "reason", &report->queued_error);
}

static void add_counts(struct sk_jsonw *w, const struct sk_report *report)
{
	const struct sk_failure_group *groups[SK_REPORT_CATEGORIES];
	size_t count = sk_report_groups(report, groups);

	sk_jsonw_object(w, "summary");
	sk_jsonw_int(w, "total_events",
		     sk_report_delivered(report) + report->pending +
			     report->failed + report->queued);
	sk_jsonw_int(w, "synced", report->synced);
	sk_jsonw_int(w, "duplicates", report->duplicates);
	sk_jsonw_int(w, "pending", report->pending);
	sk_jsonw_int(w, "failed", report->failed);
	sk_jsonw_int(w, "queued", report->queued);
	sk_jsonw_object(w, "categories");
	for (size_t i = 0; i < count; i++)
		sk_jsonw_int(w, sk_category_name(groups[i]->category),
			     groups[i]->count);
	sk_jsonw_end_object(w);
	sk_jsonw_end_object(w);
}

static void add_queued(struct sk_jsonw *w, const struct sk_report *report)
{
	if (report->queued == 0) {
		sk_jsonw_null(w, "queued");
		return;
	}
	sk_jsonw_object(w, "queued");
	sk_jsonw_int(w, "count", report->queued);
	sk_jsonw_bool(w, "interrupted", report->interrupted);
	if (report->queued_category == SK_CAT_NONE) {
		sk_jsonw_null(w, "category");
		sk_jsonw_null(w, "error");
		sk_jsonw_null(w, "action");
	} else {
		sk_jsonw_text(w, "category",
			      sk_category_name(report->queued_category));
		sk_jsonw_text(w, "error", report->queued_error.ptr);
		sk_jsonw_text(w, "action",
			      sk_category_action(report->queued_category));
	}
	sk_jsonw_end_object(w);
}

/* The same two members that every document of a failure has. */
static void add_error(struct sk_jsonw *w, const struct sk_err *error)
{
	bool failed = error && error->code != SK_OK;

	sk_jsonw_text(w, "error", failed ? error->msg : NULL);
	sk_jsonw_text(w, "hint", failed && error->hint[0] ? error->hint : NULL);
}

void sk_summary_add_json(struct sk_str *out, const struct sk_report *report,
			 int64_t now, const struct sk_err *error,
			 const struct sk_preflight *refused)
{
	struct sk_jsonw w = SK_JSONW(out);
	struct sk_str at = SK_STR_INIT;

	sk_time_add(&at, now * 1000000);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "generated_at", at.ptr);
	add_counts(&w, report);
	sk_jsonw_array(&w, "failures");
	for (size_t i = 0; i < report->failure_count; i++) {
		const struct sk_failure *failure = &report->failures[i];

		sk_jsonw_object(&w, NULL);
		sk_jsonw_text(&w, "event_id", failure->event_id);
		sk_jsonw_text(&w, "error", failure->error);
		sk_jsonw_text(&w, "category",
			      sk_category_name(failure->category));
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	add_queued(&w, report);
	add_error(&w, error);
	if (refused)
		sk_preflight_add_json(&w, "preflight", refused);
	else
		sk_jsonw_null(&w, "preflight");
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
	sk_str_free(&at);
}
