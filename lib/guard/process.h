/* SPDX-License-Identifier: MIT */
/*
 * Processes of this machine, as /proc has them. Private to lib/guard, but for
 * what owner.h hands on.
 */
#ifndef SK_GUARD_PROCESS_H
#define SK_GUARD_PROCESS_H

#include "base/base.h"

struct sk_process {
	bool is_alive;	 /* a zombie is not */
	int64_t start;	 /* clock ticks since boot; 0 = not known */
	int64_t start_s; /* seconds since the epoch; 0 = not known */
};

/* Look at one; one that may not be looked at is alive. Never fails. */
void sk_process_look(struct sk_process *out, int64_t pid);

#endif
