/* SPDX-License-Identifier: MIT */
/*
 * How a row ends, or stays: what an answer of the server, or a look at its
 * bytes, does to it.
 */
#ifndef SK_OUTBOX_OUTCOME_H
#define SK_OUTBOX_OUTCOME_H

#include "outbox/ledger.h"
#include "outbox/queue.h"

/*
 * Take the row out and mark its id in the ledger. `data` is what was sent: a
 * row replaced since then is left alone. Needs a transaction.
 * Returns 0; 1 when the row is gone or was replaced; -1.
 */
int sk_queue_ack(struct sk_outbox *box, struct sk_queue_pos pos,
		 const char *event_id, const char *data, size_t data_len,
		 enum sk_ack how, int64_t now, struct sk_err *err) SK_NODISCARD;

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

#endif
