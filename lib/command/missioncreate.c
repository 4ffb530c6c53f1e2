/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/after.h"
#include "command/changeview.h"
#include "command/planning.h"
#include "command/templatenote.h"
#include "front/cli.h"
#include "workflow/builtin.h"
#include "workflow/create.h"

struct opts {
	const char *mission_type;
	const char *target_branch;
	const char *friendly_name;
	const char *purpose_tldr;
	const char *purpose_context;
	const char *branch_strategy;
	bool is_pr_bound;
	bool json;
};

static const struct opts defaults = {.mission_type = SK_BUILTIN_MISSION};

/* What the document is made of. */
struct view {
	const struct sk_planning *planning;
	const struct sk_create *create;
};

static void add_path_json(struct sk_jsonw *w, const char *key,
			  const struct sk_create *c, const char *name)
{
	struct sk_str path = SK_STR_INIT;

	sk_change_add_path(&path, c->folder.ptr, c->mission_slug.ptr, name);
	sk_jsonw_text(w, key, path.ptr);
	sk_str_free(&path);
}

static void add_meta(struct sk_jsonw *w, const struct sk_create *c)
{
	static const char *const keys[] = {
		"slug",		"friendly_name",   "mission_type",
		"purpose_tldr", "purpose_context", "created_at",
	};

	for (size_t i = 0; i < SK_COUNTOF(keys); i++)
		sk_jsonw_text(w, keys[i], sk_form_get_text(c->meta, keys[i]));
}

/* spec-kitty can bind a mission to an issue; this is the answer for none. */
static void add_origin(struct sk_jsonw *w)
{
	sk_jsonw_object(w, "origin_binding");
	sk_jsonw_bool(w, "attempted", false);
	sk_jsonw_bool(w, "succeeded", false);
	sk_jsonw_null(w, "error");
	sk_jsonw_end_object(w);
}

static void add_document(struct sk_jsonw *w, void *ctx)
{
	const struct view *v = ctx;
	const struct sk_create *c = v->create;

	sk_jsonw_text(w, "result", "success");
	sk_jsonw_text(w, "mission_slug", c->mission_slug.ptr);
	sk_jsonw_null(w, "mission_number");
	sk_jsonw_text(w, "mission_id", c->mission_id);
	add_meta(w, c);
	add_path_json(w, "feature_dir", c, NULL);
	add_path_json(w, "spec_file", c, "spec.md");
	add_path_json(w, "meta_file", c, "meta.json");
	sk_jsonw_array(w, "created_files");
	for (size_t i = 0; sk_create_files[i]; i++)
		add_path_json(w, NULL, c, sk_create_files[i]);
	sk_jsonw_end_array(w);
	sk_jsonw_text(w, "write_mode", "update_existing_files");
	sk_jsonw_text(w, "next_step",
		      "write spec.md and commit it, then run"
		      " 'git sk-mission setup-plan'");
	sk_jsonw_bool(w, "is_checked_out", c->folder.len > 0);
	sk_jsonw_bool(w, "is_resumed", c->is_finished);
	sk_change_add_commit(w, "commit_hash", &c->commit);
	add_origin(w);
	sk_planning_add_branches(w, v->planning, c->target.ptr);
}

static void print_text(const struct sk_create *c)
{
	struct sk_str path = SK_STR_INIT;

	sk_change_add_path(&path, c->folder.ptr, c->mission_slug.ptr, NULL);
	printf("Mission %s %s on %s.\n", c->mission_slug.ptr,
	       c->is_finished ? "is there, as it was begun," : "created",
	       c->target.ptr);
	if (!c->folder.len)
		printf("Check out %s, which is checked out nowhere.\n",
		       c->target.ptr);
	printf("Write %s/spec.md and commit it, then run"
	       " 'git sk-mission setup-plan %s'.\n",
	       path.ptr, c->mission_slug.ptr);
	sk_str_free(&path);
}

static int create(struct sk_create *c, const struct sk_planning *planning,
		  struct sk_err *err)
{
	struct view v = {planning, c};
	int rc;

	c->repo = planning->repo;
	c->actor = planning->actor.ptr;
	c->project_uuid = planning->project_uuid;
	c->project_slug = planning->project_slug;
	rc = sk_create_check(c, err);
	if (rc == 1)
		sk_planning_print_faults(planning, &c->faults,
					 "the mission cannot be created", NULL,
					 NULL);
	if (rc == 0)
		rc = sk_create_run(c, err);
	if (rc != 0)
		return rc;
	sk_note_template(&c->spec);
	if (planning->json)
		sk_planning_print(add_document, &v);
	else
		print_text(c);
	sk_after_change(planning->repo, !c->worktree.len, planning->json);
	return 0;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_planning planning = SK_PLANNING_INIT;
	struct sk_create c = SK_CREATE_INIT;
	int rc;

	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "what is it to be called?");
	if (opts->branch_strategy &&
	    strcmp(opts->branch_strategy, "already-confirmed") != 0)
		return sk_fail(err, SK_EUSAGE,
			       "a branch strategy is 'already-confirmed', not"
			       " '%.40s'",
			       opts->branch_strategy);
	c.slug = argv[0];
	c.mission_type = opts->mission_type;
	c.target_branch = opts->target_branch;
	c.friendly_name = opts->friendly_name;
	c.purpose_tldr = opts->purpose_tldr;
	c.purpose_context = opts->purpose_context;
	c.is_pr_bound = opts->is_pr_bound;
	rc = sk_planning_begin(&planning, opts->json, err);
	if (rc == 0)
		rc = create(&c, &planning, err);
	sk_create_free(&c);
	sk_planning_end(&planning);
	return rc;
}

static const struct sk_opt table[] = {
	SK_TEXT(0, "mission-type", struct opts, mission_type, "type",
		"the type of the mission, " SK_BUILTIN_MISSION " by default"),
	SK_TEXT(0, "target-branch", struct opts, target_branch, "branch",
		"where it is planned and merged, not the current branch"),
	SK_TEXT(0, "friendly-name", struct opts, friendly_name, "text",
		"its name for people"),
	SK_TEXT(0, "purpose-tldr", struct opts, purpose_tldr, "text",
		"what it is for, in one line"),
	SK_TEXT(0, "purpose-context", struct opts, purpose_context, "text",
		"the same at length"),
	SK_FLAG(0, "pr-bound", struct opts, is_pr_bound,
		"note that it ends in a pull request"),
	SK_TEXT(0, "branch-strategy", struct opts, branch_strategy, "text",
		"'already-confirmed', which it is: nothing is asked here"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_create = {
	.name = "create",
	.old_name = "create-feature",
	.operands = "<slug>",
	.summary = "Begin a mission: its folder and its spec.",
	.opts = table,
	.size = sizeof(struct opts),
	.defaults = &defaults,
	.max_operands = 1,
	.run = run,
};
