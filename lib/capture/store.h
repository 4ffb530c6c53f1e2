/* SPDX-License-Identifier: MIT */
/* The queue of whoever is logged in, opened as configured. */
#ifndef SK_CAPTURE_STORE_H
#define SK_CAPTURE_STORE_H

#include "outbox/outbox.h"

/*
 * Open the queue of the current scope, made when absent, with the limit of
 * config.toml (`[sync] max_queue_size`). *out is owned: sk_outbox_close();
 * *logged_in may be NULL. Returns 0; -1 as sk_outbox_open().
 */
int sk_store_open(struct sk_outbox **out, bool *logged_in,
		  struct sk_err *err) SK_NODISCARD;

/* Open it only to look. Returns 0; 1 when there is no queue yet; -1. */
int sk_store_open_readonly(struct sk_outbox **out, bool *logged_in,
			   struct sk_err *err) SK_NODISCARD;

#endif
