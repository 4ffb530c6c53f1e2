/* SPDX-License-Identifier: MIT */
/*
 * The sending side of the outbox: which rows are next, and what an answer of
 * the server does to them. Order is (`timestamp`, `id`), as spec-kitty's own
 * drain has it. A row leaves `queue` by sk_queue_settle() or sk_queue_park()
 * alone, never by age or number.
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

/* What the server said of one event it now has. */
enum sk_settled {
	SK_SETTLED_DELIVERED,
	SK_SETTLED_DUPLICATE,
};

/*
 * Take the row out and mark its id in the ledger. `data` is what was sent: a
 * row replaced since then is left alone. Needs a transaction.
 * Returns 0; 1 when the row is gone or was replaced; -1.
 */
int sk_queue_settle(struct sk_outbox *box, struct sk_queue_pos pos,
		    const char *event_id, const char *data, size_t data_len,
		    enum sk_settled how, int64_t now,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Add one to the row's retry count and remember category and error text, of
 * which the last stays. The same condition, and the same returns.
 */
int sk_queue_reject(struct sk_outbox *box, struct sk_queue_pos pos,
		    const char *event_id, const char *data, size_t data_len,
		    const char *category, const char *error, int64_t now,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Move the row to sk_parked: it cannot be sent as it is (too large, not JSON),
 * and `reason` says why. The event stays on disk until it is retried. The same
 * condition, and the same returns.
 */
int sk_queue_park(struct sk_outbox *box, struct sk_queue_pos pos,
		  const char *event_id, const char *data, size_t data_len,
		  const char *category, const char *reason, int64_t now,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Free the held or parked event with this id, or all of them for NULL: retry
 * count back to 0, parked rows back into `queue`. *count says how many.
 * Returns 0; 1 when `event_id` is neither held nor parked; -1.
 */
int sk_queue_retry(struct sk_outbox *box, const char *event_id, int64_t now,
		   int64_t *count, struct sk_err *err) SK_NODISCARD;

/* Rows that stand still: held in the queue, or parked. */
struct sk_stuck_row {
	bool parked; /* else held */
	const char *event_id;
	const char *event_type;
	const char *category;
	const char *error;
	int64_t size_bytes;
	int64_t retry_count;
};

/*
 * Visit the rows that stand still, the held ones first, until `each` returns
 * other than 0; text is borrowed for the callback. Returns 0 at the end; the
 * callback's value; -1.
 */
typedef int sk_stuck_fn(void *ctx, const struct sk_stuck_row *row);
int sk_stuck_each(struct sk_outbox *box, sk_stuck_fn *each, void *ctx,
		  struct sk_err *err) SK_NODISCARD;

#define SK_STATS_TYPES 5

/* Counted by SQL, never by reading rows. */
struct sk_queue_stats {
	int64_t depth; /* rows of `queue`, held ones included */
	int64_t held;
	int64_t parked;
	int64_t bodies;	       /* rows of body_upload_queue */
	int64_t body_failures; /* rows of body_upload_failure_log */
	int64_t unreadable;
	int64_t delivered;  /* ledger: settled, duplicates included */
	int64_t oldest;	    /* timestamp of the oldest row; 0 when empty */
	int64_t retried[3]; /* 0, 1-3, 4 and more retries */
	size_t types;	    /* how many of the following are filled */
	struct {
		char name[64];
		int64_t count;
	} type[SK_STATS_TYPES]; /* most frequent first */
};

/* Count, in one snapshot of the file. Returns 0; -1 with *out half filled. */
int sk_queue_stats(struct sk_outbox *box, struct sk_queue_stats *out,
		   struct sk_err *err) SK_NODISCARD;

/* Rows of `queue` that are not held. -1 with *err filled on failure. */
int64_t sk_queue_ready(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

#endif
