/* SPDX-License-Identifier: MIT */
#include "mission/transition.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

/* What a way asks for. */
enum guard {
	FREE,
	ACTOR,
	CLAIM, /* an actor, and nobody else who has it */
	WORKSPACE,
	SUBTASKS,
	EVIDENCE,
	REVIEW_REF,
	REASON,
	RESULT,
};

static const struct {
	enum sk_lane from, to;
	enum guard guard;
} ways[] = {
	{SK_LANE_PLANNED, SK_LANE_CLAIMED, ACTOR},
	{SK_LANE_PLANNED, SK_LANE_BLOCKED, FREE},
	{SK_LANE_PLANNED, SK_LANE_CANCELED, FREE},
	{SK_LANE_CLAIMED, SK_LANE_IN_PROGRESS, WORKSPACE},
	{SK_LANE_CLAIMED, SK_LANE_BLOCKED, FREE},
	{SK_LANE_CLAIMED, SK_LANE_CANCELED, FREE},
	{SK_LANE_IN_PROGRESS, SK_LANE_FOR_REVIEW, SUBTASKS},
	{SK_LANE_IN_PROGRESS, SK_LANE_APPROVED, EVIDENCE},
	{SK_LANE_IN_PROGRESS, SK_LANE_PLANNED, REASON},
	{SK_LANE_IN_PROGRESS, SK_LANE_BLOCKED, FREE},
	{SK_LANE_IN_PROGRESS, SK_LANE_CANCELED, FREE},
	{SK_LANE_FOR_REVIEW, SK_LANE_IN_REVIEW, CLAIM},
	{SK_LANE_FOR_REVIEW, SK_LANE_BLOCKED, FREE},
	{SK_LANE_FOR_REVIEW, SK_LANE_CANCELED, FREE},
	{SK_LANE_IN_REVIEW, SK_LANE_APPROVED, RESULT},
	{SK_LANE_IN_REVIEW, SK_LANE_DONE, RESULT},
	{SK_LANE_IN_REVIEW, SK_LANE_IN_PROGRESS, RESULT},
	{SK_LANE_IN_REVIEW, SK_LANE_PLANNED, RESULT},
	{SK_LANE_IN_REVIEW, SK_LANE_BLOCKED, RESULT},
	{SK_LANE_IN_REVIEW, SK_LANE_CANCELED, RESULT},
	{SK_LANE_APPROVED, SK_LANE_DONE, EVIDENCE},
	{SK_LANE_APPROVED, SK_LANE_IN_PROGRESS, REVIEW_REF},
	{SK_LANE_APPROVED, SK_LANE_PLANNED, REVIEW_REF},
	{SK_LANE_APPROVED, SK_LANE_BLOCKED, FREE},
	{SK_LANE_APPROVED, SK_LANE_CANCELED, FREE},
	{SK_LANE_BLOCKED, SK_LANE_IN_PROGRESS, FREE},
	{SK_LANE_BLOCKED, SK_LANE_CANCELED, FREE},
	/* the 28th, of newer logs: what each work package begins with */
	{SK_LANE_GENESIS, SK_LANE_PLANNED, FREE},
};

/* What a guard says when it is not content. */
static const struct {
	const char *wants, *hint;
} guards[] = {
	[ACTOR] = {"an actor", "say who moves it"},
	[CLAIM] = {"an actor", "say who reviews it"},
	[WORKSPACE] = {"a workspace", "say where the work is done"},
	[SUBTASKS] = {"its subtasks done, and work on it recorded",
		      "tick its boxes in tasks.md, or add '--force --reason'"},
	[EVIDENCE] = {"evidence of a review",
		      "add '--reviewer <name>' and '--reference <text>'"},
	[REVIEW_REF] = {"a reference to the review",
			"add '--review-ref <text>'"},
	[REASON] = {"a reason", "add '--reason <text>'"},
	[RESULT] = {"the result of the review: reviewer, verdict and"
		    " reference",
		    "add '--reviewer <name>' and '--reference <text>', or"
		    " '--review-ref <text>' to send it back"},
};

static const unsigned weights[] = {
	[SK_LANE_CLAIMED] = 5,	   [SK_LANE_IN_PROGRESS] = 30,
	[SK_LANE_FOR_REVIEW] = 60, [SK_LANE_IN_REVIEW] = 70,
	[SK_LANE_APPROVED] = 80,   [SK_LANE_DONE] = 100,
	[SK_LANE_CANCELED] = 0,
};

bool sk_text_is_given(const char *text)
{
	return text && text[strspn(text, " \t\r\n\v\f")];
}

/* Whether both say the same, apart from white space around it. */
static bool is_same(const char *a, const char *b)
{
	struct sk_str one = SK_STR_INIT, other = SK_STR_INIT;
	bool same;

	sk_str_puts(&one, a + strspn(a, " \t\r\n\v\f"));
	sk_str_puts(&other, b + strspn(b, " \t\r\n\v\f"));
	sk_str_rtrim(&one);
	sk_str_rtrim(&other);
	same = strcmp(one.ptr, other.ptr) == 0;
	sk_str_free(&one);
	sk_str_free(&other);
	return same;
}

static bool is_verdict(const char *text)
{
	return text && (strcmp(text, "approved") == 0 ||
			strcmp(text, "changes_requested") == 0);
}

static bool is_content(enum guard guard,
		       const struct sk_transition_inputs *inputs)
{
	switch (guard) {
	case FREE:
		return true;
	case ACTOR:
	case CLAIM:
		return sk_text_is_given(inputs->actor);
	case WORKSPACE:
		return sk_text_is_given(inputs->workspace);
	case SUBTASKS:
		return inputs->are_subtasks_done && inputs->is_work_seen;
	case EVIDENCE:
		return sk_text_is_given(inputs->reviewer) &&
		       sk_text_is_given(inputs->reference);
	case REVIEW_REF:
		return sk_text_is_given(inputs->review_ref);
	case REASON:
		return sk_text_is_given(inputs->reason);
	case RESULT:
		return sk_text_is_given(inputs->result_by) &&
		       is_verdict(inputs->verdict) &&
		       sk_text_is_given(inputs->result_where);
	}
	return false;
}

static const char *name_of(enum sk_lane lane)
{
	return sk_lane_name(lane == SK_LANE_NONE ? SK_LANE_GENESIS : lane);
}

/* The place of that way in the table; -1 when there is none. */
static int find_way(enum sk_lane from, enum sk_lane to)
{
	if (from == SK_LANE_NONE)
		from = SK_LANE_GENESIS;
	for (size_t i = 0; i < SK_COUNTOF(ways); i++) {
		if (ways[i].from == from && ways[i].to == to)
			return (int)i;
	}
	return -1;
}

static int fail_illegal(enum sk_lane from, enum sk_lane to, struct sk_err *err)
{
	struct sk_str known = SK_STR_INIT;

	sk_fail(err, SK_EDATA, "illegal transition: %s -> %s", name_of(from),
		name_of(to));
	for (enum sk_lane lane = SK_LANE_PLANNED; lane < SK_LANE_COUNT;
	     lane++) {
		if (find_way(from, lane) >= 0)
			sk_str_addf(&known, "%s%s", known.len ? ", " : "",
				    sk_lane_name(lane));
	}
	if (known.len)
		sk_hint(err,
			"from %s it may go to %s; elsewhere by"
			" '--force --reason <text>'",
			name_of(from), known.ptr);
	else
		sk_hint(err, "out of %s it goes by '--force --reason <text>'",
			name_of(from));
	sk_str_free(&known);
	return -1;
}

static int fail_claimed(enum sk_lane from, enum sk_lane to,
			const char *claimant, struct sk_err *err)
{
	struct sk_str who = SK_STR_INIT;

	sk_str_add_visible(&who, claimant, strlen(claimant), 100);
	sk_fail(err, SK_EDATA, "transition %s -> %s: '%s' has claimed it",
		name_of(from), name_of(to), who.ptr);
	sk_hint(err, "leave it to '%s', or add '--force --reason <text>'",
		who.ptr);
	sk_str_free(&who);
	return -1;
}

static int check_force(const struct sk_transition_inputs *inputs,
		       struct sk_err *err)
{
	if (sk_text_is_given(inputs->actor) && sk_text_is_given(inputs->reason))
		return 0;
	sk_fail(err, SK_EDATA, "force transitions require actor and reason");
	return sk_hint(err, "add '--reason <text>'%s",
		       sk_text_is_given(inputs->actor)
			       ? ""
			       : ", and say who moves it");
}

int sk_transition_check(enum sk_lane from, enum sk_lane to,
			const struct sk_transition_inputs *inputs,
			struct sk_err *err)
{
	int way = find_way(from, to);
	enum guard guard;

	if (to == SK_LANE_NONE || to == SK_LANE_GENESIS) {
		sk_fail(err, SK_EDATA, "illegal transition: %s -> %s",
			name_of(from), name_of(to));
		return sk_hint(err, "a work package starts as planned");
	}
	if (inputs->force)
		return check_force(inputs, err);
	if (way < 0)
		return fail_illegal(from, to, err);
	guard = ways[way].guard;
	if (!is_content(guard, inputs)) {
		sk_fail(err, SK_EDATA, "transition %s -> %s requires %s",
			name_of(from), name_of(to), guards[guard].wants);
		return sk_hint(err, "%s", guards[guard].hint);
	}
	if (guard == CLAIM && sk_text_is_given(inputs->claimant) &&
	    !is_same(inputs->claimant, inputs->actor))
		return fail_claimed(from, to, inputs->claimant, err);
	return 0;
}

size_t sk_transition_path(enum sk_lane hops[SK_LANE_COUNT], enum sk_lane from,
			  enum sk_lane to)
{
	size_t count = 0;

	if (from == SK_LANE_NONE)
		from = SK_LANE_GENESIS;
	if (from == to)
		return 0;
	if (from == SK_LANE_BLOCKED && to > SK_LANE_IN_PROGRESS &&
	    to <= SK_LANE_DONE)
		from = hops[count++] = SK_LANE_IN_PROGRESS;
	/* the lanes up to done are in the order of work */
	if (from < to && to <= SK_LANE_DONE) {
		while (from < to)
			hops[count++] = ++from;
	} else {
		if (from == SK_LANE_GENESIS)
			hops[count++] = SK_LANE_PLANNED;
		hops[count++] = to;
	}
	return count;
}

unsigned sk_lane_weight(enum sk_lane lane)
{
	static_assert(SK_COUNTOF(weights) == SK_LANE_COUNT, "one each");
	return weights[lane];
}
