/* SPDX-License-Identifier: MIT */
/* Which work package depends on which: what is wrong with it, and an order. */
#ifndef SK_MISSION_DEPENDENCY_H
#define SK_MISSION_DEPENDENCY_H

#include "base/words.h"
#include "mission/faults.h"

struct sk_dependency {
	char *id;
	struct sk_words on;
};

struct sk_dependencies {
	struct sk_dependency *items;
	size_t len, cap;
};

#define SK_DEPENDENCIES_INIT                                                   \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* The kinds of faults. The subject is the work package that depends. */
#define SK_FAULT_UNKNOWN_DEPENDENCY "unknown_dependency"
#define SK_FAULT_SELF_DEPENDENCY    "self_dependency"
#define SK_FAULT_CYCLE		    "cycles"

/* Release the memory; it is empty and usable again. */
void sk_dependencies_free(struct sk_dependencies *all);

/* Add a work package, which depends on these. Both are copied. */
void sk_dependencies_add(struct sk_dependencies *all, const char *id,
			 const struct sk_words *on);

/*
 * Append every fault: those that depend on what is not there or on themselves,
 * and cycles, each once, written "WP01 -> WP02 -> WP01" from its smallest id.
 * Of cycles that share a part enough are named that none is left once each of
 * them is broken. The same graph gives the same faults, in whatever order it
 * was added.
 */
void sk_dependencies_check(const struct sk_dependencies *all,
			   struct sk_faults *faults);

/*
 * Append the ids so that each stands behind those it depends on, the smallest
 * first where there is a choice. What is in a cycle or behind one, comes last.
 */
void sk_dependencies_order(const struct sk_dependencies *all,
			   struct sk_words *out);

#endif
