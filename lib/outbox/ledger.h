/* SPDX-License-Identifier: MIT */
/*
 * The ledger: every event id that was captured, or was in the history before,
 * and what became of it. It outlives the row of the queue.
 */
#ifndef SK_OUTBOX_LEDGER_H
#define SK_OUTBOX_LEDGER_H

#include "outbox/outbox.h"

/* What the ledger says of an id. */
enum sk_ledger_state {
	SK_LEDGER_UNKNOWN,
	SK_LEDGER_CAPTURED, /* queued once, whatever became of it since */
	SK_LEDGER_BEFORE,   /* in the history when the clone was set up */
};

/* Look an id up. Returns 0 or -1. */
int sk_ledger_look(struct sk_outbox *box, const char *event_id,
		   enum sk_ledger_state *state,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Remember that an event was there before: no walk queues it any more, only
 * sk_outbox_add() for who wants the history published. One that is captured
 * stays so. Returns 0 or -1.
 */
int sk_ledger_add_before(struct sk_outbox *box, const char *event_id,
			 const char *commit, struct sk_err *err) SK_NODISCARD;

/*
 * Forget that what this commit brought was there before. Needs a transaction.
 * *count is how many events it was. Returns 0 or -1.
 */
int sk_ledger_forget_before(struct sk_outbox *box, const char *commit,
			    int64_t *count, struct sk_err *err) SK_NODISCARD;

/*
 * Remember that an event was queued, now, for the account of the handle, in
 * place of what was known of it. Needs a transaction. Returns 0 or -1.
 */
int sk_ledger_add(struct sk_outbox *box, const struct sk_event *event,
		  int64_t now, struct sk_err *err) SK_NODISCARD;

/* What the server said of one event it now has. */
enum sk_ack {
	SK_ACK_DELIVERED,
	SK_ACK_DUPLICATE,
};

/*
 * Remember what became of an event, also of one that another program queued.
 * Needs a transaction. Returns 0 or -1.
 */
int sk_ledger_settle(struct sk_outbox *box, const char *event_id,
		     enum sk_ack how, int64_t now,
		     struct sk_err *err) SK_NODISCARD;

#endif
