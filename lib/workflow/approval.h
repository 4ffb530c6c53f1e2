/* SPDX-License-Identifier: MIT */
/* The approval that stands behind a work package, as its log has it. */
#ifndef SK_WORKFLOW_APPROVAL_H
#define SK_WORKFLOW_APPROVAL_H

#include "workflow/edit.h"

/* A review as logs have it, and the evidence that it is. Owned. */
struct sk_form *sk_review_make(const char *reviewer, const char *reference,
			       const char *verdict);
struct sk_form *sk_review_as_evidence(struct sk_form *taken);

/*
 * The evidence of the review by which the work package is approved now, for the
 * line that moves it on: the `evidence` of the newest transition there that has
 * it, else made of its `review_result`. Owned: sk_form_free(). NULL when it is
 * not approved, or nobody said by whom and where.
 */
struct sk_form *sk_approval_of(const struct sk_edit *edit, const char *wp);

#endif
