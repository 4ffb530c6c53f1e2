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

struct sk_form *sk_review_make(const char *reviewer, const char *reference,
			       const char *verdict)
{
	struct sk_form *review = sk_form_object();

	sk_form_set(review, "reference", sk_form_text(reference));
	sk_form_set(review, "reviewer", sk_form_text(reviewer));
	sk_form_set(review, "verdict", sk_form_text(verdict));
	return review;
}

struct sk_form *sk_review_as_evidence(struct sk_form *taken)
{
	struct sk_form *evidence = sk_form_object();

	sk_form_set(evidence, "review", taken);
	return evidence;
}

/* What one row has of it; owned, NULL: nothing. */
static struct sk_form *read_row(const char *log, const struct sk_log_row *row)
{
	struct sk_form *line = NULL, *evidence = NULL;
	const struct sk_form *told, *result;
	struct sk_err ignored = {0};

	if (sk_form_read(&line, log + row->line.offset, row->line.len,
			 &ignored) < 0)
		return NULL;
	told = sk_form_get(line, "evidence");
	result = sk_form_get(line, "review_result");
	if (is_complete(sk_form_get(told, "review")))
		evidence = sk_form_copy(told);
	else if (is_complete(result))
		evidence = sk_review_as_evidence(
			sk_review_make(sk_form_get_text(result, "reviewer"),
				       sk_form_get_text(result, "reference"),
				       sk_form_get_text(result, "verdict")));
	sk_form_free(line);
	return evidence;
}

struct sk_form *sk_approval_of(const struct sk_reduced *state, const char *log,
			       const char *wp)
{
	struct sk_form *evidence = NULL;

	for (size_t i = state->count; !evidence && i-- > 0;) {
		const struct sk_log_row *row = state->rows[i];

		if (strcmp(row->wp_id, wp) != 0)
			continue;
		if (row->to != SK_LANE_APPROVED)
			break; /* one before it has been taken back */
		evidence = read_row(log, row);
	}
	return evidence;
}

struct sk_form *sk_approval_by_file(const struct sk_wp *front, const char *wp)
{
	const char *status = sk_form_get_text(front->form, "review_status");
	const char *by = sk_form_get_text(front->form, "reviewed_by");
	bool is_said = status && strcmp(status, "approved") == 0 &&
		       sk_text_is_given(by);
	struct sk_str where = SK_STR_INIT;
	struct sk_form *evidence;

	if (!is_said)
		by = sk_text_is_given(front->agent) ? front->agent : "unknown";
	sk_str_puts(&where,
		    is_said ? "frontmatter-migration:" : "lane-approved:");
	sk_str_puts(&where, wp);
	evidence = sk_review_as_evidence(
		sk_review_make(by, where.ptr, "approved"));
	sk_str_free(&where);
	return evidence;
}
