/* SPDX-License-Identifier: MIT */
/*
 * The state of one queue, for `git sk-sync status`: gathered without changing
 * anything, shown to people or as a document.
 */
#ifndef SK_FRONT_QUEUESTATUS_H
#define SK_FRONT_QUEUESTATUS_H

#include "outbox/queue.h"
#include "wire/credentials.h"

struct sk_queue_status {
	struct sk_str path;
	struct sk_credentials creds;
	bool is_logged_in;
	struct sk_outbox *box; /* NULL: nothing was ever queued */
	struct sk_queue_stats stats;
	int64_t last_delivery; /* seconds; 0 = never */
	int64_t failures;
	int64_t next_ms;
	struct sk_str last_category;
	struct sk_str last_error;
};

#define SK_QUEUE_STATUS_INIT                                                   \
	{                                                                      \
		.path = SK_STR_INIT, .creds = SK_CREDENTIALS_INIT,             \
		.last_category = SK_STR_INIT, .last_error = SK_STR_INIT        \
	}

/* Look at the queue of whoever is logged in. Returns 0 or -1. */
int sk_queue_status_read(struct sk_queue_status *status,
			 struct sk_err *err) SK_NODISCARD;
void sk_queue_status_free(struct sk_queue_status *status);

/*
 * Append it for people; at most ten of each list, counts with bars beside them
 * when wanted. Returns 0 or -1.
 */
int sk_queue_status_add_text(struct sk_str *out,
			     const struct sk_queue_status *status,
			     int64_t now_ms, bool want_bars,
			     struct sk_err *err) SK_NODISCARD;

/* Append it whole, as one document with a newline. Returns 0 or -1. */
int sk_queue_status_add_json(struct sk_str *out,
			     const struct sk_queue_status *status,
			     int64_t now_ms, struct sk_err *err) SK_NODISCARD;

#endif
