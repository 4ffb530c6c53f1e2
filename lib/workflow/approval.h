/* SPDX-License-Identifier: MIT */
/* The approval that stands behind a work package, as its log or file has it. */
#ifndef SK_WORKFLOW_APPROVAL_H
#define SK_WORKFLOW_APPROVAL_H

#include "mission/frontmatter.h"
#include "mission/reduce.h"

/* A review as logs have it, and the evidence that it is. Owned. */
struct sk_form *sk_review_make(const char *reviewer, const char *reference,
			       const char *verdict);
struct sk_form *sk_review_as_evidence(struct sk_form *taken);

/*
 * The evidence of the review by which the work package is approved now, for the
 * line that moves it on: the `evidence` of the newest transition there that has
 * it, else made of its `review_result`. `log` is what the one log of `state`
 * was read from. Owned: sk_form_free(). NULL when it is not approved, or nobody
 * said by whom and where.
 */
struct sk_form *sk_approval_of(const struct sk_reduced *state, const char *log,
			       const char *wp);

/*
 * The evidence for one that is approved while its log does not say by whom, as
 * spec-kitty makes it of the work package's file: who reviewed it, where that
 * is told, else whose it is, or `unknown`. Owned, never NULL.
 */
struct sk_form *sk_approval_by_file(const struct sk_wp *front, const char *wp);

#endif
