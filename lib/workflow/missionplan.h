/* SPDX-License-Identifier: MIT */
/*
 * The plan of a mission: begun, by a template, once its spec says something and
 * is committed; committed itself once it says something.
 */
#ifndef SK_WORKFLOW_MISSIONPLAN_H
#define SK_WORKFLOW_MISSIONPLAN_H

#include "mission/lifecycle.h"
#include "workflow/edit.h"
#include "workflow/template.h"

/* What it came to. */
enum sk_mission_plan_state {
	SK_PLAN_DONE,	  /* it is committed, and says something */
	SK_PLAN_NO_SPEC,  /* there is no spec.md */
	SK_PLAN_BAD_SPEC, /* it says nothing yet, or is not committed */
	SK_PLAN_EMPTY,	  /* plan.md says nothing yet */
};

struct sk_mission_plan {
	/* to be set; borrowed, and NULL where it cannot be told */
	const char *actor;
	const char *project_uuid;
	const char *project_slug;

	/* what was found */
	enum sk_mission_plan_state state;
	bool spec_committed;   /* as it is when it says something */
	bool spec_substantive; /* as the work tree has it */
	bool plan_made;	       /* of the template, just now */
	struct sk_template template;
	struct sk_str message;
};

#define SK_MISSION_PLAN_INIT                                                   \
	{                                                                      \
		.template = SK_TEMPLATE_INIT, .message = SK_STR_INIT           \
	}

/*
 * Do it, edit->repo and edit->handle being set. With a spec that does not do
 * nothing is written; a plan that says nothing is left in the work tree, and
 * committed where there is none. Both are owned, also after a failure.
 * Returns 0; 1 when there was nothing to be written or committed; -1.
 */
int sk_mission_plan_run(struct sk_mission_plan *plan, struct sk_edit *edit,
			struct sk_err *err) SK_NODISCARD;
void sk_mission_plan_free(struct sk_mission_plan *plan);

#endif
