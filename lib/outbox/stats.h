/* SPDX-License-Identifier: MIT */
/* The queue in numbers, and the rows that stand still by name. */
#ifndef SK_OUTBOX_STATS_H
#define SK_OUTBOX_STATS_H

#include "outbox/outbox.h"

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

/* Rows of `queue`, counted. -1 with *err filled on failure. */
int64_t sk_queue_depth(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

/*
 * When the oldest row of `queue` was added: one step in an index, however many
 * there are. Returns 0; 1 when the queue is empty; -1.
 */
int sk_queue_oldest(struct sk_outbox *box, int64_t *timestamp,
		    struct sk_err *err) SK_NODISCARD;

#endif
