/* SPDX-License-Identifier: MIT */
/*
 * The Lamport clock of this user and machine, ~/.spec-kitty/clock.json, shared
 * with spec-kitty: {value, node_id, updated_at}. Ours is safe between processes
 * (a lock beside it) and never runs backwards: the highest value used is kept
 * in the queue as well, should the file be lost or damaged.
 */
#ifndef SK_CAPTURE_CLOCK_H
#define SK_CAPTURE_CLOCK_H

#include "outbox/outbox.h"

/*
 * Take `count` ticks; the first of them is *first (1 or more). Sets *node_id to
 * the file's, else to 12 hexadecimal digits of SHA-256 over host:user. Needs a
 * transaction on `box`; ticks of one that is rolled back stay unused.
 * Returns 0 or -1.
 */
int sk_clock_take(struct sk_outbox *box, int64_t count, int64_t *first,
		  struct sk_str *node_id, struct sk_err *err) SK_NODISCARD;

#endif
