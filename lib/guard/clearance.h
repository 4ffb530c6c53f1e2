/* SPDX-License-Identifier: MIT */
/*
 * Leave to send, or to take another scope's rows. Only these functions make
 * one, after the preflight has found the boundary clean, and sending wants it
 * as an argument, so that no path can forget to ask. It holds the drain lease:
 * the flock beside the queue that keeps senders one at a time; while it is held
 * the owner record names this process.
 */
#ifndef SK_GUARD_CLEARANCE_H
#define SK_GUARD_CLEARANCE_H

#include "base/err.h"
#include "guard/account.h"
#include "outbox/adopt.h"

struct sk_clearance;

/*
 * Ask whether this process may send the account's queue, and take the lease.
 * The account is borrowed for the call: what it was then is what counts. *out
 * is owned. On the way, with the lease held, a record that a sender of ours
 * left when it was killed is replaced, and rows that waited without an account
 * are taken along.
 *
 * Returns 0; 1 when another sender holds the lease (then there is nothing to
 * do: it is sending); -1 with SK_EBOUNDARY when the preflight refuses, or as
 * sk_outbox_open().
 */
int sk_clearance_take(struct sk_clearance **out,
		      const struct sk_account *account,
		      struct sk_err *err) SK_NODISCARD;

/*
 * The same to migrate: rows that wait without an account are no reason to
 * refuse, and are not touched. Waits up to two seconds for the lease.
 * Where another sender holds it, *err says which.
 */
int sk_clearance_take_to_migrate(struct sk_clearance **out,
				 const struct sk_account *account,
				 struct sk_err *err) SK_NODISCARD;

/*
 * Take the rows that wait without an account into the cleared queue, as
 * sk_adopt_run() says, and returns what that does.
 */
int sk_clearance_migrate(const struct sk_clearance *clearance,
			 bool want_unknown, struct sk_adoption *out,
			 struct sk_err *err) SK_NODISCARD;

/*
 * Say in the owner record where this process listens, and the token that
 * requests must carry. Returns 0 or -1.
 */
int sk_clearance_announce(struct sk_clearance *clearance, int port,
			  const char *token, struct sk_err *err) SK_NODISCARD;

/* Remove the record and give the lease back. Accepts NULL. */
void sk_clearance_release(struct sk_clearance *clearance);

/* The queue this clearance is for; borrowed. */
const char *sk_clearance_queue(const struct sk_clearance *clearance);

/*
 * Whether `creds` are still those of the account it was given for: tokens may
 * change while it is held (another process may even have logged in as somebody
 * else), the account may not. Returns 0; -1 with SK_EBOUNDARY.
 */
int sk_clearance_confirm(const struct sk_clearance *clearance,
			 const struct sk_credentials *creds,
			 struct sk_err *err) SK_NODISCARD;

#endif
