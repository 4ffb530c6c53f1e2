/* SPDX-License-Identifier: MIT */
/* How the plan of a merge is shown, to people and programs. */
#ifndef SK_COMMAND_MERGEVIEW_H
#define SK_COMMAND_MERGEVIEW_H

#include "format/json.h"
#include "merge/state.h"

/* Append lines for a person. */
void sk_merge_plan_add_text(struct sk_str *out,
			    const struct sk_merge_plan *plan);

/* Append one JSON document, with the end of its line. */
void sk_merge_plan_add_json(struct sk_str *out,
			    const struct sk_merge_plan *plan);

/* The members of that document which say what is merged, `cleanup` apart. */
void sk_merge_plan_add_members(struct sk_jsonw *w,
			       const struct sk_merge_plan *plan);

/* Append a line for each lane. */
void sk_merge_plan_add_lanes(struct sk_str *out,
			     const struct sk_merge_plan *plan);

/* Append a name in quotes, fit for a line. */
void sk_merge_add_quoted(struct sk_str *out, const char *name);

/*
 * The same of a merge that is done, by this plan; NULL: it was resumed, and
 * there is none.
 */
void sk_merge_done_add_text(struct sk_str *out,
			    const struct sk_merge_state *state,
			    const struct sk_merge_plan *plan);
void sk_merge_done_add_json(struct sk_str *out,
			    const struct sk_merge_state *state,
			    const struct sk_merge_plan *plan);

/* The same of one that was aborted, be it before or after it had landed. */
void sk_merge_aborted_add_text(struct sk_str *out,
			       const struct sk_merge_state *state);
void sk_merge_aborted_add_json(struct sk_str *out,
			       const struct sk_merge_state *state);

#endif
