/* SPDX-License-Identifier: MIT */
#include "workflow/approval.h"

#include <string.h>

#include "mission/transition.h"

/* Whether it says who has reviewed, and where that can be found. */
static bool is_complete(const struct sk_form *review)
{
	const char *verdict = sk_form_get_text(review, "verdict");

	return sk_text_is_given(sk_form_get_text(review, "reviewer")) &&
	       sk_text_is_given(sk_form_get_text(review, "reference")) &&
	       (!verdict || (strcmp(verdict, "changes_requested") != 0 &&
			     strcmp(verdict, "rejected") != 0));
}

/* The result of a review as evidence: the members that this has. */
static struct sk_form *evidence_of_result(const struct sk_form *result)
{
	static const char *const keys[] = {"reference", "reviewer", "verdict"};
	struct sk_form *review = sk_form_object(), *evidence = sk_form_object();

	for (size_t i = 0; i < SK_COUNTOF(keys); i++)
		sk_form_set(review, keys[i],
			    sk_form_text(sk_form_get_text(result, keys[i])));
	sk_form_set(evidence, "review", review);
	return evidence;
}

struct sk_form *sk_approval_of(const struct sk_edit *edit, const char *wp)
{
	const struct sk_reduced_wp *state = sk_reduced_find(&edit->state, wp);
	struct sk_form *line = NULL, *evidence = NULL;
	const struct sk_form *told, *result;
	struct sk_log_part part;
	struct sk_err ignored = {0};

	if (!state || state->row->to != SK_LANE_APPROVED)
		return NULL;
	part = state->row->line;
	if (sk_form_read(&line, edit->log_text.ptr + part.offset, part.len,
			 &ignored) < 0)
		return NULL;
	told = sk_form_get(line, "evidence");
	result = sk_form_get(line, "review_result");
	if (is_complete(sk_form_get(told, "review")))
		evidence = sk_form_copy(told);
	else if (is_complete(result))
		evidence = evidence_of_result(result);
	sk_form_free(line);
	return evidence;
}
