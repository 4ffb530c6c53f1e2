/* SPDX-License-Identifier: MIT */
/*
 * Everything a sender needs, opened in the right order and closed again: leave
 * to send with its lease, the queue, a connection.
 */
#ifndef SK_DELIVER_SENDER_H
#define SK_DELIVER_SENDER_H

#include "guard/clearance.h"
#include "outbox/outbox.h"
#include "wire/http.h"

struct sk_sender {
	struct sk_account *account; /* borrowed; its tokens are renewed */
	struct sk_clearance *clearance;
	struct sk_outbox *box; /* may be set before: then it is taken over */
	struct sk_http *http;
};

#define SK_SENDER_INIT                                                         \
	{                                                                      \
		NULL, NULL, NULL, NULL                                         \
	}

enum sk_sender_state {
	SK_SENDER_READY,
	SK_SENDER_LOGGED_OUT, /* nobody is logged in */
	SK_SENDER_NO_QUEUE,   /* nothing was ever queued for this account */
	SK_SENDER_TAKEN,      /* another process is sending */
};

/*
 * Open it all for this account, which must stay until sk_sender_close(). Makes
 * no request yet.
 * Returns 0 with *state set, and everything open when that is READY; -1 with
 * SK_EBOUNDARY, SK_EBUSY, SK_EDATA, SK_EUSAGE (the server's URL), SK_EFAIL.
 */
int sk_sender_open(struct sk_sender *sender, struct sk_account *account,
		   enum sk_sender_state *state,
		   struct sk_err *err) SK_NODISCARD;

/* Close what is open; the lease goes last. */
void sk_sender_close(struct sk_sender *sender);

#endif
