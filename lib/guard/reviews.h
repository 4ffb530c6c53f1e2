/* SPDX-License-Identifier: MIT */
/*
 * Work packages that count as good while their newest review says otherwise:
 * approved or done, and the review-cycle-N.md with the highest N rejects them.
 * What an arbiter has overridden is rejected no more.
 */
#ifndef SK_GUARD_REVIEWS_H
#define SK_GUARD_REVIEWS_H

#include "git/repo.h"
#include "guard/blocker.h"
#include "mission/reduce.h"

/*
 * Look at the mission whose folder is this tree and whose log was reduced to
 * `state`, and append what is found. Returns 0; -1 when something could not be
 * read, all else having been looked at.
 */
int sk_reviews_look(struct sk_blockers *out, struct sk_repo *repo,
		    const char *slug, const struct sk_oid *mission,
		    const struct sk_reduced *state,
		    struct sk_err *err) SK_NODISCARD;

#endif
