/* SPDX-License-Identifier: MIT */
#include "workflow/missionplan.h"

#include "mission/requirement.h"
#include "workflow/builtin.h"

#define SPEC "spec.md"
#define PLAN "plan.md"

static bool says_something(const struct sk_str *spec)
{
	struct sk_spec said;
	bool does;

	sk_spec_read(&said, spec->ptr, spec->len);
	does = said.is_substantive;
	sk_spec_free(&said);
	return does;
}

/*
 * What is committed has to say something: a work tree that does while the
 * commit has the template is one that was not committed.
 */
static int look_at_spec(struct sk_mission_plan *plan,
			const struct sk_edit *edit, struct sk_err *err)
{
	struct sk_str work = SK_STR_INIT, committed = SK_STR_INIT;
	int rc = sk_edit_read_work(edit, SPEC, &work, err);
	int is_absent =
		rc == 0 ? sk_edit_read_head(edit, SPEC, &committed, err) : rc;

	if (is_absent < 0)
		rc = -1;
	if (rc == 0) {
		bool does = is_absent == 0 && says_something(&committed);

		plan->spec_substantive = does || says_something(&work);
		plan->spec_committed =
			does || (is_absent == 0 && !plan->spec_substantive);
		plan->state = does ? SK_PLAN_DONE : SK_PLAN_BAD_SPEC;
	} else if (rc == 1) {
		plan->state = SK_PLAN_NO_SPEC;
		rc = 0;
	}
	sk_str_free(&work);
	sk_str_free(&committed);
	return rc;
}

/* Into the work tree; where there is none it can only be committed. */
static int put_template(struct sk_mission_plan *plan, struct sk_edit *edit,
			struct sk_err *err)
{
	const struct sk_mission *m = edit->mission;
	bool has_folder = edit->home.plan.folder.len > 0;
	int rc;

	sk_template_free(&plan->template);
	rc = sk_template_find(&plan->template, sk_repo_work_tree(edit->repo),
			      m->type ? m->type : SK_BUILTIN_MISSION,
			      "plan-template.md", err);
	if (rc < 0)
		return -1;
	sk_edit_put(edit, PLAN, &plan->template.text,
		    has_folder ? NULL : &plan->template.text);
	plan->plan_made = true;
	plan->state = SK_PLAN_EMPTY;
	return 0;
}

/* What the plan is now: the work tree's, where there is one. */
static int look_at_plan(struct sk_mission_plan *plan, struct sk_edit *edit,
			struct sk_err *err)
{
	struct sk_str work = SK_STR_INIT;
	int rc = sk_edit_read_work(edit, PLAN, &work, err);

	if (rc == 1)
		rc = put_template(plan, edit, err);
	else if (rc == 0 && !sk_plan_is_substantive(work.ptr, work.len))
		plan->state = SK_PLAN_EMPTY;
	else if (rc == 0)
		sk_edit_put(edit, PLAN, &work, &work);
	sk_str_free(&work);
	return rc;
}

static void add_rows(const struct sk_mission_plan *plan, struct sk_edit *edit)
{
	const struct sk_lifecycle life = {
		.mission_slug = edit->mission->slug,
		.meta = edit->meta,
		.actor = plan->actor,
		.project_uuid = plan->project_uuid,
		.project_slug = plan->project_slug,
		.at_us = edit->at_us,
		.log = &edit->log,
		.data = edit->log_text.ptr,
	};

	sk_lifecycle_add_completed(&edit->lines, &life, "SpecifyCompleted",
				   SPEC, -1);
	sk_lifecycle_add_started(&edit->lines, &life, "PlanStarted");
	if (plan->state == SK_PLAN_DONE)
		sk_lifecycle_add_completed(&edit->lines, &life, "PlanCompleted",
					   PLAN, -1);
}

static int change(void *ctx, struct sk_edit *edit, struct sk_err *err)
{
	struct sk_mission_plan *plan = ctx;

	plan->plan_made = false;
	if (look_at_spec(plan, edit, err) < 0)
		return -1;
	if (plan->state != SK_PLAN_DONE)
		return sk_fail(err, SK_EDATA, "the spec is not there yet");
	if (look_at_plan(plan, edit, err) < 0)
		return -1;
	add_rows(plan, edit);
	sk_str_clear(&plan->message);
	sk_str_addf(&plan->message, "%s plan for feature %s",
		    plan->state == SK_PLAN_DONE ? "Add" : "Begin",
		    edit->mission->slug);
	edit->message = plan->message.ptr;
	return 0;
}

int sk_mission_plan_run(struct sk_mission_plan *plan, struct sk_edit *edit,
			struct sk_err *err)
{
	int rc = sk_edit_run(edit, change, plan, err);

	/* refused by the spec, with nothing written: that is an answer */
	if (rc < 0 &&
	    (plan->state == SK_PLAN_NO_SPEC || plan->state == SK_PLAN_BAD_SPEC))
		return 1;
	return rc;
}

void sk_mission_plan_free(struct sk_mission_plan *plan)
{
	sk_template_free(&plan->template);
	sk_str_free(&plan->message);
	*plan = (struct sk_mission_plan)SK_MISSION_PLAN_INIT;
}
