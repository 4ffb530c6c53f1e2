/* SPDX-License-Identifier: MIT */
/*
 * What became of the events of one run, as data: counts, failures with their
 * reasons, and why the run ended early if it did. Text in it is safe to show:
 * control characters are escaped and it is cut at SK_REPORT_MAX_TEXT.
 */
#ifndef SK_DELIVER_REPORT_H
#define SK_DELIVER_REPORT_H

#include "base/map.h"
#include "base/str.h"
#include "wire/batch.h"

#define SK_REPORT_MAX_TEXT 2048

#define SK_REPORT_CATEGORIES (SK_CAT_UNKNOWN + 1)

/* An event that the server refused, or that cannot be sent as it is. */
struct sk_failure {
	char *event_id;	   /* owned */
	const char *error; /* borrowed from the report's texts */
	enum sk_category category;
};

/* All failures of one category. */
struct sk_failure_group {
	enum sk_category category;
	int64_t count;
	struct sk_str sample; /* the reason of the first of them */
};

struct sk_report {
	int64_t synced;
	int64_t duplicates;
	int64_t pending; /* taken by the server, not yet processed */
	int64_t failed;	 /* rejected or parked */
	int64_t parked;	 /* how many of the failed */

	struct sk_failure_group groups[SK_REPORT_CATEGORIES]; /* as seen */
	size_t group_count;

	bool want_failures; /* set by the caller: collect the following */
	struct sk_failure *failures;
	size_t failure_count;
	size_t failure_cap;

	/* Events that could have been sent and got no verdict: they wait. */
	int64_t queued;
	enum sk_category queued_category;
	struct sk_str queued_error;
	int64_t retry_after_s; /* what the server asked for; -1 = nothing */
	int64_t next_ms;    /* when the background tries again; 0 = any time */
	bool stopped;	    /* the run ended before the queue did */
	bool interrupted;   /* ... because the user wanted it to */
	bool is_refreshing; /* ... because another process logs in anew */

	char **texts; /* different reasons, owned */
	size_t text_count;
	size_t text_cap;
	struct sk_map text_index;
};

#define SK_REPORT_INIT                                                         \
	{                                                                      \
		.queued_error = SK_STR_INIT, .retry_after_s = -1,              \
		.text_index = SK_MAP_INIT                                      \
	}

/* Release the memory; the report is empty and usable again. */
void sk_report_free(struct sk_report *report);

/* Count one failure; id and text may come from outside. */
void sk_report_fail(struct sk_report *report, const char *event_id,
		    enum sk_category category, const char *text);

/* Say why events stay in the queue; the first reason is kept. */
void sk_report_hold_back(struct sk_report *report, enum sk_category category,
			 const char *text);

/* Events the server has now because of this run, or had before it. */
int64_t sk_report_delivered(const struct sk_report *report);

/*
 * Whether all that could be sent was accepted: nothing failed and nothing was
 * left behind without a verdict.
 */
bool sk_report_is_clean(const struct sk_report *report);

/*
 * The groups, most frequent first, ties as seen: fills `order` with pointers
 * into the report and returns how many.
 */
size_t
sk_report_groups(const struct sk_report *report,
		 const struct sk_failure_group *order[SK_REPORT_CATEGORIES]);

/*
 * The one error text to show of a run: why events stay in the queue, else what
 * the server said most often; "" when there is nothing. Borrowed.
 */
const char *sk_report_detail(const struct sk_report *report);

#endif
