/* SPDX-License-Identifier: MIT */
#include "deliver/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void sk_report_free(struct sk_report *report)
{
	for (size_t i = 0; i < report->group_count; i++)
		sk_str_free(&report->groups[i].sample);
	for (size_t i = 0; i < report->failure_count; i++)
		free(report->failures[i].event_id);
	for (size_t i = 0; i < report->text_count; i++)
		free(report->texts[i]);
	free(report->failures);
	free(report->texts);
	sk_map_free(&report->text_index);
	sk_str_free(&report->queued_error);
	*report = (struct sk_report)SK_REPORT_INIT;
}

static struct sk_failure_group *find_group(struct sk_report *report,
					   enum sk_category category)
{
	struct sk_failure_group *group;

	for (size_t i = 0; i < report->group_count; i++) {
		if (report->groups[i].category == category)
			return &report->groups[i];
	}
	group = &report->groups[report->group_count++];
	*group = (struct sk_failure_group){category, 0, SK_STR_INIT};
	return group;
}

/* Thousands of events fail for the same few reasons: each is kept once. */
static const char *intern(struct sk_report *report, const struct sk_str *text)
{
	bool added;
	int64_t *at = sk_map_add(&report->text_index, text->ptr, text->len,
				 (int64_t)report->text_count, &added);

	if (added) {
		SK_GROW(report->texts, report->text_count, report->text_cap);
		report->texts[report->text_count++] = sk_strdup(text->ptr);
	}
	return report->texts[*at];
}

void sk_report_fail(struct sk_report *report, const char *event_id,
		    enum sk_category category, const char *text)
{
	struct sk_failure_group *group = find_group(report, category);
	struct sk_str seen = SK_STR_INIT;

	report->failed++;
	sk_str_add_visible(&seen, text, strlen(text), SK_REPORT_MAX_TEXT);
	if (group->count++ == 0)
		sk_str_set(&group->sample, seen.ptr);
	if (report->want_failures) {
		struct sk_str id = SK_STR_INIT;

		sk_str_add_visible(&id, event_id, strlen(event_id), 256);
		SK_GROW(report->failures, report->failure_count,
			report->failure_cap);
		report->failures[report->failure_count++] = (struct sk_failure){
			sk_str_take(&id), intern(report, &seen), category};
	}
	sk_str_free(&seen);
}

void sk_report_hold_back(struct sk_report *report, enum sk_category category,
			 const char *text)
{
	if (report->queued_category != SK_CAT_NONE)
		return;
	report->queued_category = category;
	sk_str_clear(&report->queued_error);
	sk_str_add_visible(&report->queued_error, text, strlen(text),
			   SK_REPORT_MAX_TEXT);
}

int64_t sk_report_delivered(const struct sk_report *report)
{
	return report->synced + report->duplicates;
}

bool sk_report_is_clean(const struct sk_report *report)
{
	return report->failed == 0 && report->queued == 0 && !report->stopped;
}

size_t
sk_report_groups(const struct sk_report *report,
		 const struct sk_failure_group *order[SK_REPORT_CATEGORIES])
{
	for (size_t i = 0; i < report->group_count; i++) {
		const struct sk_failure_group *group = &report->groups[i];
		size_t at = i;

		for (; at > 0 && order[at - 1]->count < group->count; at--)
			order[at] = order[at - 1];
		order[at] = group;
	}
	return report->group_count;
}

const char *sk_report_detail(const struct sk_report *report)
{
	const struct sk_failure_group *groups[SK_REPORT_CATEGORIES];

	if (!report->queued_error.ptr[0] &&
	    sk_report_groups(report, groups) > 0)
		return groups[0]->sample.ptr;
	return report->queued_error.ptr;
}
