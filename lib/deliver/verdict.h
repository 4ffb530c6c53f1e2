/* SPDX-License-Identifier: MIT */
/*
 * What a verdict does to the queue: each call is one transaction, waited for
 * longer than a single writer may need, and then counted in the report.
 */
#ifndef SK_DELIVER_VERDICT_H
#define SK_DELIVER_VERDICT_H

#include "deliver/parcel.h"
#include "deliver/report.h"

/* What the last call left behind in the queue, for a good reason or none. */
struct sk_leftover {
	int64_t known;	    /* rejected or pending rows that stay sendable */
	int64_t unanswered; /* rows the answer says nothing of */
};

/*
 * Apply the answer for the items from `from` on: delivered rows leave, rejected
 * ones count one retry more, all others stay. Adds to *left. Counts what the
 * server said even when the queue could not be written.
 * Returns 0; -1 with SK_EBUSY, SK_EFULL or SK_EFAIL: then nothing was changed
 * and the next run will be told that the events are duplicates.
 */
int sk_verdict_apply(struct sk_outbox *box, const struct sk_parcel *parcel,
		     size_t from, const struct sk_answer *answer,
		     struct sk_report *report, struct sk_leftover *left,
		     struct sk_err *err) SK_NODISCARD;

/* Park the rows that are no events. Returns 0 or -1. */
int sk_verdict_park_misfits(struct sk_outbox *box,
			    const struct sk_parcel *parcel,
			    struct sk_report *report,
			    struct sk_err *err) SK_NODISCARD;

/* Park one item, which is too large. Returns 0 or -1. */
int sk_verdict_park_oversized(struct sk_outbox *box,
			      const struct sk_parcel *parcel, size_t item,
			      const char *reason, struct sk_report *report,
			      struct sk_err *err) SK_NODISCARD;

#endif
