/* SPDX-License-Identifier: MIT */
/* Words that were probably meant by one that is mistyped. */
#ifndef SK_FRONT_NEARMISS_H
#define SK_FRONT_NEARMISS_H

#include "base/base.h"

/* The best candidate so far; `word` is NULL while there is none. Borrowed. */
struct sk_near_miss {
	const char *word;
	unsigned distance;
};

/*
 * Compare `typed` (its first `len` bytes) with one candidate, which is kept
 * when it is near, and nearer than those before. Near is one that begins with
 * what was typed, or differs in one letter of three: missing, too many, another
 * one, or changed places with its neighbour.
 */
void sk_near_miss_try(struct sk_near_miss *miss, const char *typed, size_t len,
		      const char *candidate);

#endif
