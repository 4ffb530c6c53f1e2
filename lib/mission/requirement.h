/* SPDX-License-Identifier: MIT */
/*
 * Requirements, FR-1, NFR-1 and C-1, and whether spec.md and plan.md say
 * something yet or still are the templates they were made from. What stands in
 * brackets and is no link is a placeholder. Fenced code says nothing.
 */
#ifndef SK_MISSION_REQUIREMENT_H
#define SK_MISSION_REQUIREMENT_H

#include "base/words.h"

/* Append each id once that stands in the bytes as a word, in upper case. */
void sk_requirements_add(struct sk_words *out, const char *data, size_t len);

struct sk_spec {
	struct sk_words known;	    /* ids that occur anywhere */
	struct sk_words functional; /* FR ids with a row, item or heading */
	bool is_substantive;	    /* one of these says something */
};

/* Read the bytes of a spec.md. *out is owned, sk_spec_free() it. */
void sk_spec_read(struct sk_spec *out, const char *data, size_t len);
void sk_spec_free(struct sk_spec *spec);

/*
 * Whether a plan.md says something: its section "Technical Context" has a
 * language and version, and one more of its fields.
 */
bool sk_plan_is_substantive(const char *data, size_t len);

#endif
