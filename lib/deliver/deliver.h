/* SPDX-License-Identifier: MIT */
/*
 * Delivery: the events of the queue go to the server in batches, oldest first,
 * in one forward pass. A row leaves the queue only when the server names it in
 * an explicit verdict; whatever goes wrong with a batch as a whole changes no
 * event. While the server answers one batch the next is read, checked and
 * compressed, so that at most two are in memory.
 *
 *	a verdict for each event   one transaction applies it
 *	refused, guilty unknown    the batch is halved, in order, until the
 *				   guilty stand alone; only they are rejected
 *	too large		   halved, and the smaller size stays for the
 *				   run; an event too large alone is parked
 *	401			   the token is refreshed once, then a new
 *				   login is needed and the run ends
 *	anything else		   the run ends, the rows are as they were
 *
 * Killed at any point, the worst is that the server is sent events again that
 * it has, and says `duplicate`.
 */
#ifndef SK_DELIVER_DELIVER_H
#define SK_DELIVER_DELIVER_H

#include <signal.h>

#include "deliver/report.h"
#include "deliver/sender.h"

/*
 * A sender that nobody watches makes so many attempts, a second apart, and
 * looks so often again after letting go of the lease: whoever queued an event
 * in the meantime woke a sender that left at once.
 */
enum { SK_DELIVER_ATTEMPTS = 3, SK_DELIVER_ROUNDS = 20 };

/* Called after each batch; `total` events were sendable at the start. */
typedef void sk_deliver_fn(void *ctx, const struct sk_report *report,
			   int64_t total);

struct sk_deliver_options {
	unsigned attempts; /* while repeating may help, a second apart; 0 = 1 */
	bool respect_wait; /* leave at once while the backoff lasts */
	/* set from a signal handler: end after the batch in flight; or NULL */
	const volatile sig_atomic_t *stop;
	sk_deliver_fn *progress; /* or NULL */
	void *ctx;
};

/*
 * Send what can be sent. The sender is READY; the tokens of its account are
 * refreshed as needed. *report, initialised, is filled in every
 * case; also keeps the backoff and the wake-up marker up to date.
 *
 * Returns 0 when the run came to its end, which may be an early one: the report
 * says so; 1 when it is not time yet; -1 when the queue cannot be read or
 * written, or with SK_EBOUNDARY when the clearance is not for this queue and
 * account.
 */
int sk_deliver(struct sk_sender *sender,
	       const struct sk_deliver_options *options,
	       struct sk_report *report, struct sk_err *err) SK_NODISCARD;

#endif
