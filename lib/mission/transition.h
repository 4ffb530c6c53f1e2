/* SPDX-License-Identifier: MIT */
/*
 * The rules of lanes: the 27 ways a work package may go, what each of them
 * asks for, and what force stands above. Who records a transition asks here;
 * what is recorded already is never judged by it.
 */
#ifndef SK_MISSION_TRANSITION_H
#define SK_MISSION_TRANSITION_H

#include "base/err.h"
#include "mission/lane.h"

/* What a transition may be asked for; text that is NULL or blank is not given.
 */
struct sk_transition_inputs {
	const char *actor;	  /* who moves it */
	const char *claimant;	  /* who has it now */
	const char *workspace;	  /* where the work is done */
	bool are_subtasks_done;	  /* no box of it in tasks.md is open */
	bool is_work_seen;	  /* something was recorded of it before */
	const char *reviewer;	  /* the evidence of a review */
	const char *reference;	  /* what that review can be found by */
	const char *review_ref;	  /* the feedback it is sent back with */
	const char *reason;	  /* why */
	const char *result_by;	  /* the result of a review: reviewer, */
	const char *verdict;	  /* `approved` or `changes_requested`, */
	const char *result_where; /* and reference */
	bool force;
};

/*
 * Whether the work package may go that way. SK_LANE_NONE is taken for genesis:
 * what has no transition yet starts as planned. Force takes every way but the
 * one into genesis, and asks for actor and reason.
 *
 * Returns 0; -1 with SK_EDATA, what is missing and a hint what to give.
 */
int sk_transition_check(enum sk_lane from, enum sk_lane to,
			const struct sk_transition_inputs *inputs,
			struct sk_err *err) SK_NODISCARD;

/* Text that says something: not NULL, and not white space alone. */
bool sk_text_is_given(const char *text);

/*
 * The lanes on the way from one to the other, the target last: forward through
 * planned, claimed, in_progress, for_review, in_review, approved and done one
 * by one, from blocked back into in_progress and on; any other way is one hop.
 * Returns how many; 0 when they are the same.
 */
size_t sk_transition_path(enum sk_lane hops[SK_LANE_COUNT], enum sk_lane from,
			  enum sk_lane to);

/* How far work in that lane is, of 100. */
unsigned sk_lane_weight(enum sk_lane lane);

#endif
