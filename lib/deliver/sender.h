/* SPDX-License-Identifier: MIT */
/*
 * Everything a sender needs, opened in the right order and closed again: who we
 * are, leave to send with its lease, the queue, a connection.
 */
#ifndef SK_DELIVER_SENDER_H
#define SK_DELIVER_SENDER_H

#include "guard/clearance.h"
#include "outbox/outbox.h"
#include "wire/credentials.h"
#include "wire/http.h"

struct sk_sender {
	struct sk_credentials creds;
	struct sk_clearance *clearance;
	struct sk_outbox *box;
	struct sk_http *http;
};

#define SK_SENDER_INIT                                                         \
	{                                                                      \
		SK_CREDENTIALS_INIT, NULL, NULL, NULL                          \
	}

enum sk_sender_state {
	SK_SENDER_READY,
	SK_SENDER_LOGGED_OUT, /* nobody is logged in */
	SK_SENDER_NO_QUEUE,   /* nothing was ever queued for this account */
	SK_SENDER_TAKEN,      /* another process is sending */
};

/*
 * Open it all for the account that is logged in. Makes no request yet.
 * Returns 0 with *state set, and everything open when that is READY; -1 with
 * SK_EBOUNDARY, SK_EBUSY, SK_EDATA, SK_EUSAGE (the server's URL), SK_EFAIL.
 */
int sk_sender_open(struct sk_sender *sender, enum sk_sender_state *state,
		   struct sk_err *err) SK_NODISCARD;

/* Close what is open; the lease goes last. */
void sk_sender_close(struct sk_sender *sender);

#endif
