/* SPDX-License-Identifier: MIT */
/* Small values of the queue itself. */
#ifndef SK_OUTBOX_STATE_H
#define SK_OUTBOX_STATE_H

#include "outbox/outbox.h"

/*
 * Small values that live as long as the queue: "last_delivery" (seconds),
 * "lamport" (highest clock used), "next_attempt_ms", "failures",
 * "last_error", ... Return 0; 1 for getting an absent one; -1.
 */
int sk_state_get(struct sk_outbox *box, const char *key, struct sk_str *out,
		 struct sk_err *err) SK_NODISCARD;
int sk_state_get_int(struct sk_outbox *box, const char *key, int64_t *out,
		     struct sk_err *err) SK_NODISCARD;
int sk_state_set(struct sk_outbox *box, const char *key, const char *value,
		 struct sk_err *err) SK_NODISCARD;
int sk_state_set_int(struct sk_outbox *box, const char *key, int64_t value,
		     struct sk_err *err) SK_NODISCARD;

#endif
