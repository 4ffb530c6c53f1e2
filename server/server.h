/* SPDX-License-Identifier: MIT */
/*
 * What every request of sk-ingestd shares: the settings of this run, the store
 * and the two counters. Filled before the first request, released after the
 * last; in between only what says so below changes, from any thread.
 */
#ifndef SK_SERVER_SERVER_H
#define SK_SERVER_SERVER_H

#include <stdatomic.h>

#include "server/deadline.h"
#include "server/store.h"
#include "server/throttle.h"

#define SK_RETRY_MIN_S 1
#define SK_RETRY_MAX_S 60

struct sk_server {
	struct sk_store *store; /* locks itself */
	struct sk_throttle *throttle;
	struct sk_deadline *deadline;
	char *decoy;	   /* hash to compare with when there is no such user */
	size_t max_events; /* in one batch */
	size_t max_bytes;  /* of one batch, decompressed */
	int64_t access_lifetime_s;
	int64_t refresh_lifetime_s;
	atomic_bool stopping; /* new requests are turned away */
	atomic_int active;    /* requests begun and not answered */
};

/* One line on stderr, with the time in front. */
void sk_log(const char *fmt, ...) SK_PRINTF(1, 2);

#endif
