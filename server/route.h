/* SPDX-License-Identifier: MIT */
/* The endpoints: which there are, and what a request must bring to be heard. */
#ifndef SK_SERVER_ROUTE_H
#define SK_SERVER_ROUTE_H

#include "server/exchange.h"

struct sk_route {
	const char *path;
	bool is_post; /* else GET and HEAD */
	bool is_open; /* needs no access token */
	bool is_batch;
	void (*run)(struct sk_exchange *x);
};

/*
 * Judge the request by its headers, before its body comes: fill x->route,
 * x->user and the limits of the body, or answer it.
 */
void sk_route_admit(struct sk_exchange *x);

/* The body is complete and nothing was answered yet: unpack it and answer. */
void sk_route_run(struct sk_exchange *x);

/* The endpoints; each answers. docs/wire.md tells what. */
void sk_token_issue(struct sk_exchange *x);
void sk_token_refresh(struct sk_exchange *x);
void sk_ingest_batch(struct sk_exchange *x);
void sk_feed_events(struct sk_exchange *x);
void sk_feed_health(struct sk_exchange *x);
void sk_feed_alive(struct sk_exchange *x);

/* The access token's user. Returns 0, 1 (and answers 401), -1 (503). */
int sk_token_authenticate(struct sk_exchange *x);

#endif
