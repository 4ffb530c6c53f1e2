/* SPDX-License-Identifier: MIT */
/*
 * One forward pass over the queue behind a position: fill, send, read the
 * answer, apply it, and so on. Private to delivery; deliver.h is the border.
 */
#ifndef SK_DELIVER_PASS_H
#define SK_DELIVER_PASS_H

#include "deliver/deliver.h"
#include "deliver/limits.h"
#include "deliver/parcel.h"
#include "deliver/verdict.h"

/* Items of the parcel in hand that are still to be sent. */
struct sk_span {
	size_t from, to;
};

/* A parcel and, when it is to go out whole, its compressed body. */
struct sk_load {
	struct sk_parcel parcel;
	struct sk_str packed;
	bool is_packed;
};

struct sk_pass {
	/* what it was given, and does not own */
	struct sk_sender *sender;
	const struct sk_deliver_options *options;
	struct sk_report *report;
	int64_t total; /* sendable at the start: for who watches */

	/* where it stands, for the next attempt and for who began it */
	struct sk_queue_pos resume; /* rows up to here have been dealt with */
	struct sk_leftover left;
	struct sk_map refused; /* ids, when there may be a second attempt */
	bool may_repeat;       /* the failure may be gone in a second */

	/* its own: what is on the way, and memory that is used again */
	struct sk_batch_limits limits;
	struct sk_str batch_url;
	struct sk_load loads[2];
	struct sk_load
		*ahead; /* that of them filled while the server answers */
	bool is_filled; /* it is */
	struct sk_span *spans; /* a stack: the top is next */
	size_t span_count, span_cap;
	struct sk_str scratch, packed; /* of a part of a load */
	struct sk_map ids;
	unsigned passed_over; /* in a row */
	bool has_refreshed;   /* for the batch in hand */
};

/* Begin one, with what it is given, which must stay. *pass is to be freed. */
void sk_pass_init(struct sk_pass *pass, struct sk_sender *sender,
		  const struct sk_deliver_options *options,
		  struct sk_report *report);

/*
 * Make sure there is a token, ask for the limits, and send what is behind
 * `resume`, which follows what has been dealt with.
 * Returns 0 at the end of the queue; 1 when the run ended before, with the
 * reason in the report; -1.
 */
int sk_pass_run(struct sk_pass *pass, struct sk_err *err) SK_NODISCARD;

/* Whether the user wants the run to end. */
bool sk_pass_is_stopped(const struct sk_pass *pass);

/* Release what the pass made for itself; what it was given stays. */
void sk_pass_free(struct sk_pass *pass);

#endif
