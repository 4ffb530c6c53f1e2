/* SPDX-License-Identifier: MIT */
/*
 * The state of one queue, for `git sk-sync status`: gathered without changing
 * anything, described by one table, shown to people or as a document.
 */
#ifndef SK_FRONT_QUEUESTATUS_H
#define SK_FRONT_QUEUESTATUS_H

#include "front/members.h"
#include "outbox/queue.h"
#include "wire/credentials.h"

struct sk_queue_status {
	int64_t now_ms; /* when it was looked at */
	struct sk_str path;
	struct sk_credentials creds;
	bool is_logged_in;
	struct sk_outbox *box; /* NULL: nothing was ever queued */
	bool exists;	       /* there is a box */
	struct sk_queue_stats stats;
	int64_t ready;	      /* neither held nor parked */
	int64_t oldest_age_s; /* -1 = none */
	struct sk_counts types, retries;
	int64_t last_delivery; /* seconds; 0 = never */
	int64_t failures;
	int64_t next;	/* seconds; 0 = there is nothing to wait for */
	int64_t wait_s; /* until then */
	/* both are empty without failures */
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
			     bool want_bars, struct sk_err *err) SK_NODISCARD;

/* Append it whole to an output for programs. Returns 0 or -1. */
int sk_queue_status_add(struct sk_output *output,
			const struct sk_queue_status *status,
			struct sk_err *err) SK_NODISCARD;

#endif
