/* SPDX-License-Identifier: MIT */
/*
 * The sending side of the outbox: which rows are next. Order is (`timestamp`,
 * `id`), as spec-kitty's own drain has it. A row leaves `queue` by
 * sk_queue_ack() or sk_queue_park() of settle.h alone, never by age or
 * number.
 */
#ifndef SK_OUTBOX_QUEUE_H
#define SK_OUTBOX_QUEUE_H

#include "outbox/outbox.h"

/* A place in the order of the queue; zeroed it is before the first row. */
struct sk_queue_pos {
	int64_t timestamp;
	int64_t id;
};

/* One row of `queue`; text borrowed for the callback. */
struct sk_queue_row {
	struct sk_queue_pos pos;
	const char *event_id;
	const char *event_type;
	const char *data;
	size_t data_len;
	int64_t retry_count;
};

/*
 * Visit the rows behind `after` that are not held, in order, until `each`
 * returns other than 0 or there is none. Reads in steps: memory stays flat.
 * Returns 0 at the end, the callback's value when that stopped it, -1.
 */
typedef int sk_queue_fn(void *ctx, const struct sk_queue_row *row);
int sk_queue_each(struct sk_outbox *box, struct sk_queue_pos after,
		  sk_queue_fn *each, void *ctx,
		  struct sk_err *err) SK_NODISCARD;

#endif
