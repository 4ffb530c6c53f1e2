/* SPDX-License-Identifier: MIT */
#include "deliver/sender.h"

#include <unistd.h>

static int open_queue(struct sk_sender *sender, const char *path,
		      enum sk_sender_state *state, struct sk_err *err)
{
	int rc = sk_clearance_take(&sender->clearance, path, &sender->creds,
				   err);

	*state = SK_SENDER_TAKEN;
	if (rc)
		return rc < 0 ? -1 : 0;
	*state = SK_SENDER_READY;
	if (sk_outbox_open(&sender->box, path, err) < 0)
		return -1;
	return sk_http_new(&sender->http, sender->creds.server.ptr, err);
}

/* Rows that wait without an account make a queue when they are taken along. */
static int has_queue(const char *path, struct sk_err *err)
{
	struct sk_str legacy = SK_STR_INIT;
	int ret = access(path, F_OK) == 0;

	if (!ret && sk_scope_queue_path(&legacy, NULL, err) < 0)
		ret = -1;
	else if (!ret)
		ret = access(legacy.ptr, F_OK) == 0;
	sk_str_free(&legacy);
	return ret;
}

int sk_sender_open(struct sk_sender *sender, enum sk_sender_state *state,
		   struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = sk_credentials_load(&sender->creds, err);

	if (ret == 1) {
		*state = SK_SENDER_LOGGED_OUT;
		ret = 0;
	} else if (ret == 0 && (ret = sk_scope_queue_path(&path, &sender->creds,
							  err)) == 0) {
		*state = SK_SENDER_NO_QUEUE;
		ret = has_queue(path.ptr, err);
		if (ret > 0)
			ret = open_queue(sender, path.ptr, state, err);
	}
	if (ret < 0)
		sk_sender_close(sender);
	sk_str_free(&path);
	return ret;
}

void sk_sender_close(struct sk_sender *sender)
{
	sk_http_free(sender->http);
	sk_outbox_close(sender->box);
	sk_clearance_release(sender->clearance);
	sk_credentials_free(&sender->creds);
	*sender = (struct sk_sender)SK_SENDER_INIT;
}
