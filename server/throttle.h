/* SPDX-License-Identifier: MIT */
/*
 * How often a password may be guessed: SK_THROTTLE_TRIES failures for a name in
 * SK_THROTTLE_WINDOW_S seconds, whether such a user exists or not. Kept in
 * memory, for a bounded number of names. Safe from any thread.
 */
#ifndef SK_SERVER_THROTTLE_H
#define SK_SERVER_THROTTLE_H

#include "base/base.h"

#define SK_THROTTLE_TRIES    5
#define SK_THROTTLE_WINDOW_S 60

struct sk_throttle;

/* Owned, free it with sk_throttle_free(). */
struct sk_throttle *sk_throttle_new(void);
void sk_throttle_free(struct sk_throttle *throttle);

/*
 * Count a try, before it is known how it ends: tries that run side by side
 * count too. Returns 0, or the seconds to wait before the next one.
 */
unsigned sk_throttle_try(struct sk_throttle *throttle, const char *name);

/* The try was good: forget what was counted for this name. */
void sk_throttle_forgive(struct sk_throttle *throttle, const char *name);

#endif
