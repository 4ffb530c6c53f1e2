/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/after.h"
#include "command/changeview.h"
#include "command/missionopt.h"
#include "command/planning.h"
#include "command/templatenote.h"
#include "front/cli.h"
#include "workflow/mission.h"
#include "workflow/missionplan.h"

struct opts {
	const char *mission, *feature;
	bool json;
};

struct view {
	const struct sk_planning *planning;
	const struct sk_mission_plan *plan;
	const struct sk_edit *edit;
};

/* What each state is called, and what is to be done about it. */
struct words {
	const char *code, *reason, *remedy;
};

static struct words words_of(const struct sk_mission_plan *plan)
{
	static const struct words no_spec = {
		"SPEC_FILE_MISSING", "there is no spec.md",
		"write it, beginning with 'git sk-mission template"
		" spec-template.md'"};
	static const struct words uncommitted = {
		"SPEC_NOT_SUBSTANTIVE_OR_UNCOMMITTED",
		"spec.md is not committed", "commit it"};
	static const struct words empty_spec = {
		"SPEC_NOT_SUBSTANTIVE_OR_UNCOMMITTED",
		"spec.md says nothing yet",
		"fill in a requirement, FR-001, and commit it"};
	static const struct words empty_plan = {
		"PLAN_NOT_SUBSTANTIVE", "plan.md says nothing yet",
		"fill in its Technical Context, and run this again"};

	if (plan->state == SK_PLAN_NO_SPEC)
		return no_spec;
	if (plan->state == SK_PLAN_EMPTY)
		return empty_plan;
	return plan->spec_substantive ? uncommitted : empty_spec;
}

static void add_path_json(struct sk_jsonw *w, const char *key,
			  const struct sk_edit *edit, const char *name)
{
	struct sk_str path = SK_STR_INIT;

	sk_change_add_path(&path, edit->home.plan.folder.ptr,
			   edit->mission->slug, name);
	sk_jsonw_text(w, key, path.ptr);
	sk_str_free(&path);
}

static void add_blocked(struct sk_jsonw *w, const struct sk_mission_plan *plan)
{
	struct words words = words_of(plan);

	sk_jsonw_text(w, "error_code", words.code);
	sk_jsonw_text(
		w, plan->state == SK_PLAN_NO_SPEC ? "error" : "blocked_reason",
		words.reason);
	sk_jsonw_array(w, "remediation");
	sk_jsonw_text(w, NULL, words.remedy);
	sk_jsonw_end_array(w);
}

static void add_document(struct sk_jsonw *w, void *ctx)
{
	const struct view *v = ctx;
	const struct sk_mission_plan *plan = v->plan;
	const struct sk_edit *edit = v->edit;
	bool is_done = plan->state == SK_PLAN_DONE;
	const struct sk_oid *commit =
		edit->plan_commit.len ? &edit->plan_commit : &edit->commit;

	sk_jsonw_text(w, "result", is_done ? "success" : "blocked");
	sk_jsonw_bool(w, "phase_complete", is_done);
	if (!is_done)
		add_blocked(w, plan);
	sk_jsonw_text(w, "mission_slug", edit->mission->slug);
	add_path_json(w, "feature_dir", edit, NULL);
	add_path_json(w, "spec_file", edit, "spec.md");
	add_path_json(w, "plan_file", edit, "plan.md");
	sk_jsonw_bool(w, "spec_committed", plan->spec_committed);
	sk_jsonw_bool(w, "spec_substantive", plan->spec_substantive);
	sk_jsonw_bool(w, "plan_substantive", is_done);
	sk_jsonw_bool(w, "plan_made", plan->plan_made);
	sk_change_add_commit(w, "commit_hash", commit);
	sk_planning_add_branches(w, v->planning, edit->home.plan.branch.ptr);
}

static void print_text(const struct view *v)
{
	struct words words = words_of(v->plan);
	struct sk_str path = SK_STR_INIT;

	if (v->plan->state == SK_PLAN_DONE) {
		printf("The plan of %s is committed on %s.\n",
		       v->edit->mission->slug, v->edit->home.plan.branch.ptr);
		return;
	}
	sk_change_add_path(&path, v->edit->home.plan.folder.ptr,
			   v->edit->mission->slug,
			   v->plan->plan_made ? "plan.md" : NULL);
	if (!v->edit->home.plan.folder.len)
		sk_str_addf(&path, " on %s, which is not checked out",
			    v->edit->home.plan.branch.ptr);
	if (v->plan->plan_made)
		printf("The plan of %s is begun, in %s.\n",
		       v->edit->mission->slug, path.ptr);
	else
		printf("The plan of %s is not done: %s, in %s.\n",
		       v->edit->mission->slug, words.reason, path.ptr);
	sk_advise("%s", words.remedy);
	sk_str_free(&path);
}

static int set_up(struct sk_planning *planning, const char *handle,
		  struct sk_err *err)
{
	struct sk_mission_plan plan = SK_MISSION_PLAN_INIT;
	struct sk_edit edit = SK_EDIT_INIT;
	struct view v = {planning, &plan, &edit};
	int rc;

	plan.actor = planning->actor.ptr;
	plan.project_uuid = planning->project_uuid;
	plan.project_slug = planning->project_slug;
	edit.repo = planning->repo;
	edit.handle = handle;
	rc = sk_mission_plan_run(&plan, &edit, err);
	if (rc >= 0) {
		sk_note_template(&plan.template);
		sk_change_warn(&edit);
		if (planning->json)
			sk_planning_print(add_document, &v);
		else
			print_text(&v);
		if (rc == 0)
			sk_after_edit(&edit, planning->json);
		rc = plan.state != SK_PLAN_DONE;
	}
	sk_mission_plan_free(&plan);
	sk_edit_free(&edit);
	return rc;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	const char *handle;
	struct sk_planning planning = SK_PLANNING_INIT;
	int rc;

	if (sk_mission_named(&handle, opts->mission, opts->feature, argc, argv,
			     err) < 0)
		return -1;
	rc = sk_planning_begin(&planning, opts->json, err);
	if (rc == 0)
		rc = sk_planning_find(&planning, handle,
				      "PLAN_CONTEXT_UNRESOLVED", err);
	if (rc == 0)
		rc = set_up(&planning, handle, err);
	sk_planning_end(&planning);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "the same as the operand"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_setup_plan = {
	.name = "setup-plan",
	.operands = "[<mission>]",
	.summary = "Begin the plan of a mission, or commit it.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
