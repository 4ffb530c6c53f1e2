/* SPDX-License-Identifier: MIT */
/*
 * The identity boundary as commands meet it: what is in the way is told whole,
 * on stderr, before the one line of the error.
 */
#ifndef SK_COMMAND_GATE_H
#define SK_COMMAND_GATE_H

#include "guard/preflight.h"

/*
 * Look before a command that sends. What sending itself puts right is no reason
 * to stop. *pre is what was found, owned: sk_preflight_free(). Returns 0; -1
 * with SK_EBOUNDARY, or when it cannot be looked at.
 */
int sk_gate_sending(struct sk_preflight *pre, const struct sk_account *account,
		    struct sk_err *err) SK_NODISCARD;

/* Look before a migration, or the plan of one. Returns 0 or -1 likewise. */
int sk_gate_migration(const struct sk_account *account,
		      struct sk_err *err) SK_NODISCARD;

#endif
