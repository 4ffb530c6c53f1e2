/* SPDX-License-Identifier: MIT */
#include "deliver/sender.h"

#include <unistd.h>

/* Rows that wait without an account make a queue when they are taken along. */
static bool has_queue(const struct sk_account *account)
{
	return access(account->queue_path.ptr, F_OK) == 0 ||
	       access(account->unowned_path.ptr, F_OK) == 0;
}

static int open_queue(struct sk_sender *sender, enum sk_sender_state *state,
		      struct sk_err *err)
{
	const struct sk_account *account = sender->account;
	int rc = sk_clearance_take(&sender->clearance, account, err);

	*state = SK_SENDER_TAKEN;
	if (rc)
		return rc < 0 ? -1 : 0;
	*state = SK_SENDER_READY;
	if (!sender->box &&
	    sk_outbox_open(&sender->box, account->queue_path.ptr, err) < 0)
		return -1;
	return sk_http_new(&sender->http, account->creds.server.ptr, err);
}

int sk_sender_open(struct sk_sender *sender, struct sk_account *account,
		   enum sk_sender_state *state, struct sk_err *err)
{
	int ret = 0;

	sender->account = account;
	if (!account->is_logged_in)
		*state = SK_SENDER_LOGGED_OUT;
	else if (!has_queue(account))
		*state = SK_SENDER_NO_QUEUE;
	else
		ret = open_queue(sender, state, err);
	if (ret < 0)
		sk_sender_close(sender);
	return ret;
}

void sk_sender_close(struct sk_sender *sender)
{
	sk_http_free(sender->http);
	sk_outbox_close(sender->box);
	sk_clearance_release(sender->clearance);
	*sender = (struct sk_sender)SK_SENDER_INIT;
}
