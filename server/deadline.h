/* SPDX-License-Identifier: MIT */
/*
 * How long a connection may take for the headers of a request, and again for
 * its body and the answer. The HTTP library only ends silent connections: a
 * client that sends a byte now and then would keep its place for ever.
 * Connections are known by their descriptor.
 */
#ifndef SK_SERVER_DEADLINE_H
#define SK_SERVER_DEADLINE_H

#include "base/base.h"

struct sk_deadline;

/* Owned, free it with sk_deadline_free(). */
struct sk_deadline *sk_deadline_new(int64_t limit_ms);
void sk_deadline_free(struct sk_deadline *deadline);

/* A step is done: made, headers read, request answered. Its time starts. */
void sk_deadline_start(struct sk_deadline *deadline, int fd);

/* The connection is about to be closed; call it while `fd` is still open. */
void sk_deadline_end(struct sk_deadline *deadline, int fd);

/* Shut down every connection whose time is up. */
void sk_deadline_sweep(struct sk_deadline *deadline);

#endif
