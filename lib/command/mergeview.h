/* SPDX-License-Identifier: MIT */
/* How the plan of a merge is shown, to people and programs. */
#ifndef SK_COMMAND_MERGEVIEW_H
#define SK_COMMAND_MERGEVIEW_H

#include "merge/plan.h"

/* Append lines for a person. */
void sk_merge_plan_add_text(struct sk_str *out,
			    const struct sk_merge_plan *plan);

/* Append one JSON document, with the end of its line. */
void sk_merge_plan_add_json(struct sk_str *out,
			    const struct sk_merge_plan *plan);

#endif
