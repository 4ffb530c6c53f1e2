/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/after.h"
#include "command/changeview.h"
#include "command/missionopt.h"
#include "command/planning.h"
#include "front/cli.h"
#include "workflow/finalizing.h"

struct opts {
	const char *mission, *feature;
	bool validate_only;
	bool json;
};

struct view {
	const struct sk_planning *planning;
	const struct sk_finalizing *f;
	const struct sk_edit *edit;
};

static void add_words(struct sk_jsonw *w, const char *key,
		      const struct sk_words *words)
{
	sk_jsonw_array(w, key);
	for (size_t i = 0; i < words->len; i++)
		sk_jsonw_text(w, NULL, words->items[i]);
	sk_jsonw_end_array(w);
}

/* Of each work package, a list under its id. */
static void add_by_wp(struct sk_jsonw *w, const char *key,
		      const struct sk_final *final, bool refs)
{
	sk_jsonw_object(w, key);
	for (size_t i = 0; i < final->len; i++) {
		const struct sk_final_wp *wp = &final->wps[i];

		add_words(w, wp->wp.id,
			  refs ? &wp->requirement_refs : &wp->dependencies);
	}
	sk_jsonw_end_object(w);
}

/*
 * The ids of those that are changed, or not; `preserved` asks for those whose
 * own file decided about what they depend on.
 */
enum which { CHANGED, UNCHANGED, PRESERVED };

static bool is_one(const struct sk_final_wp *wp, enum which which)
{
	if (which == CHANGED)
		return wp->changes.len > 0;
	if (which == UNCHANGED)
		return wp->changes.len == 0;
	return wp->wp.dependencies.len > 0 &&
	       sk_words_same_set(&wp->wp.dependencies, &wp->dependencies);
}

static size_t add_ids(struct sk_jsonw *w, const char *key,
		      const struct sk_final *final, enum which which)
{
	size_t count = 0;

	sk_jsonw_array(w, key);
	for (size_t i = 0; i < final->len; i++) {
		if (!is_one(&final->wps[i], which))
			continue;
		sk_jsonw_text(w, NULL, final->wps[i].wp.id);
		count++;
	}
	sk_jsonw_end_array(w);
	return count;
}

static void add_changes(struct sk_jsonw *w, const struct sk_final *final)
{
	sk_jsonw_array(w, "would_modify");
	for (size_t i = 0; i < final->len; i++) {
		const struct sk_final_wp *wp = &final->wps[i];

		if (!wp->changes.len)
			continue;
		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "wp_id", wp->wp.id);
		add_words(w, "changes", &wp->changes);
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
}

static size_t count_changed(const struct sk_final *final)
{
	size_t count = 0;

	for (size_t i = 0; i < final->len; i++)
		count += is_one(&final->wps[i], CHANGED);
	return count;
}

static void add_bootstrap(struct sk_jsonw *w, const char *key,
			  const struct sk_finalizing *f)
{
	sk_jsonw_object(w, key);
	sk_jsonw_int(w, "total_wps", (int64_t)f->final.len);
	sk_jsonw_int(w, "newly_seeded", (int64_t)f->seeded.len);
	sk_jsonw_int(w, "already_initialized",
		     (int64_t)(f->final.len - f->seeded.len));
	sk_jsonw_end_object(w);
}

/* What lanes.json says, in short. */
static void add_lanes(struct sk_jsonw *w, const char *key,
		      const struct sk_finalizing *f)
{
	const struct sk_form *list, *planning, *report;
	struct sk_form *form = NULL;
	struct sk_err ignored = {0};
	struct sk_str text = SK_STR_INIT;

	if (sk_form_read(&form, f->final.lanes.ptr, f->final.lanes.len,
			 &ignored) < 0)
		form = NULL;
	list = sk_form_get(form, "lanes");
	planning = sk_form_get(form, "planning_artifact_wps");
	report = sk_form_get(form, "collapse_report");
	sk_jsonw_object(w, key);
	sk_jsonw_bool(w, "computed", form);
	sk_jsonw_int(w, "count", (int64_t)sk_form_count(list));
	sk_jsonw_array(w, "lane_ids");
	for (size_t i = 0; i < sk_form_count(list); i++)
		sk_jsonw_text(w, NULL,
			      sk_form_get_text(sk_form_at(list, i), "lane_id"));
	sk_jsonw_end_array(w);
	sk_jsonw_array(w, "planning_artifact_wps");
	for (size_t i = 0; i < sk_form_count(planning); i++)
		sk_jsonw_text(w, NULL,
			      sk_form_as_text(sk_form_at(planning, i)));
	sk_jsonw_end_array(w);
	if (report)
		sk_form_add(&text, report, SK_FORM_LINE);
	sk_jsonw_raw(w, "collapse_report", report ? text.ptr : "null",
		     report ? text.len : strlen("null"));
	sk_jsonw_end_object(w);
	sk_str_free(&text);
	sk_form_free(form);
}

static void add_warnings(struct sk_jsonw *w, const struct sk_final *final)
{
	sk_jsonw_array(w, "ownership_warnings");
	for (size_t i = 0; i < final->len; i++) {
		struct sk_str text = SK_STR_INIT;

		if (!final->wps[i].is_guess)
			continue;
		sk_str_addf(&text,
			    "%s: nothing says what it owns, so it is all of"
			    " src/",
			    final->wps[i].wp.id);
		sk_jsonw_text(w, NULL, text.ptr);
		sk_str_free(&text);
	}
	sk_jsonw_end_array(w);
}

static void add_parsed(struct sk_jsonw *w, void *ctx)
{
	const struct view *v = ctx;

	sk_jsonw_text(w, "mission_slug", v->edit->mission->slug);
	add_by_wp(w, "dependencies_parsed", &v->f->final, false);
	add_by_wp(w, "requirement_refs_parsed", &v->f->final, true);
}

static void add_validated(struct sk_jsonw *w, void *ctx)
{
	const struct view *v = ctx;
	const struct sk_final *final = &v->f->final;

	sk_jsonw_text(w, "result", "validation_passed");
	sk_jsonw_bool(w, "validate_only", true);
	sk_jsonw_int(w, "wp_count", (int64_t) final->len);
	add_changes(w, final);
	add_ids(w, "would_preserve", final, PRESERVED);
	add_ids(w, "unchanged", final, UNCHANGED);
	sk_jsonw_int(w, "updated_wp_count", (int64_t)count_changed(final));
	add_warnings(w, final);
	sk_jsonw_object(w, "validation");
	add_bootstrap(w, "bootstrap_preview", v->f);
	add_lanes(w, "lanes_preview", v->f);
	sk_jsonw_end_object(w);
	sk_jsonw_text(w, "message", "all is well, and nothing was written");
	add_parsed(w, ctx);
}

static void add_finalized(struct sk_jsonw *w, void *ctx)
{
	const struct view *v = ctx;
	const struct sk_final *final = &v->f->final;
	const struct sk_edit *edit = v->edit;
	const struct sk_oid *commit =
		edit->plan_commit.len ? &edit->plan_commit : &edit->commit;

	sk_jsonw_text(w, "result", "success");
	sk_jsonw_int(w, "wp_count", (int64_t) final->len);
	sk_jsonw_int(w, "updated_wp_count", (int64_t)count_changed(final));
	add_ids(w, "modified_wps", final, CHANGED);
	add_ids(w, "unchanged_wps", final, UNCHANGED);
	add_ids(w, "preserved_wps", final, PRESERVED);
	if (edit->home.plan.folder.len) {
		struct sk_str dir = SK_STR_INIT;

		sk_str_addf(&dir, "%s/tasks", edit->home.plan.folder.ptr);
		sk_jsonw_text(w, "tasks_dir", dir.ptr);
		sk_str_free(&dir);
	} else {
		sk_jsonw_null(w, "tasks_dir");
	}
	sk_jsonw_bool(w, "commit_created", commit->len);
	sk_change_add_commit(w, "commit_hash", commit);
	add_words(w, "files_committed", &v->f->written);
	add_bootstrap(w, "bootstrap", v->f);
	add_lanes(w, "lanes", v->f);
	add_warnings(w, final);
	add_parsed(w, ctx);
}

static void warn_of_guesses(const struct sk_final *final)
{
	for (size_t i = 0; i < final->len; i++) {
		if (final->wps[i].is_guess)
			sk_warn("nothing says what %s owns, so it is all of"
				" src/: set its owned_files",
				final->wps[i].wp.id);
	}
}

static void print_text(const struct view *v, bool is_unchanged)
{
	const struct sk_final *final = &v->f->final;
	size_t changed = count_changed(final);
	struct sk_str where = SK_STR_INIT;

	sk_change_add_committed(&where, v->edit);
	printf("%zu work %s of %s %s", final->len,
	       sk_plural((int64_t) final->len, "package", "packages"),
	       v->edit->mission->slug,
	       v->f->validate_only ? "can be finalized"
	       : is_unchanged	   ? "finalized: nothing to do"
				   : "finalized");
	if (changed)
		printf(": %zu %s below tasks/ %s", changed,
		       sk_plural((int64_t)changed, "file", "files"),
		       v->f->validate_only ? "would change" : "changed");
	if (where.len)
		printf(", committed %s", where.ptr);
	puts(".");
	sk_str_free(&where);
	warn_of_guesses(final);
}

static int finalize(struct sk_finalizing *f, struct sk_planning *planning,
		    const char *handle, struct sk_err *err)
{
	struct sk_edit edit = SK_EDIT_INIT;
	struct view v = {planning, f, &edit};
	int rc;

	f->actor = planning->actor.ptr;
	f->project_uuid = planning->project_uuid;
	f->project_slug = planning->project_slug;
	edit.repo = planning->repo;
	edit.handle = handle;
	rc = sk_finalizing_run(f, &edit, err);
	if (rc < 0) {
		sk_edit_free(&edit);
		return -1;
	}
	sk_change_warn(&edit);
	if (f->faults.len)
		sk_planning_print_faults(planning, &f->faults,
					 "the tasks cannot be finalized",
					 add_parsed, &v);
	else if (planning->json)
		sk_planning_print(
			f->validate_only ? add_validated : add_finalized, &v);
	else
		print_text(&v, rc == 1);
	if (rc == 0)
		sk_after_edit(&edit, planning->json);
	sk_edit_free(&edit);
	return f->faults.len > 0;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_planning planning = SK_PLANNING_INIT;
	struct sk_finalizing f = SK_FINALIZING_INIT;
	const char *handle;
	int rc;

	if (sk_mission_named(&handle, opts->mission, opts->feature, argc, argv,
			     err) < 0)
		return -1;
	f.validate_only = opts->validate_only;
	rc = sk_planning_begin(&planning, opts->json, err);
	if (rc == 0)
		rc = sk_planning_find(&planning, handle,
				      "FEATURE_CONTEXT_UNRESOLVED", err);
	if (rc == 0)
		rc = finalize(&f, &planning, handle, err);
	sk_finalizing_free(&f);
	sk_planning_end(&planning);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "the same as the operand"),
	SK_FLAG(0, "validate-only", struct opts, validate_only,
		"say what would be done, and write nothing"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_finalize = {
	.name = "finalize",
	.old_name = "finalize-tasks",
	.operands = "[<mission>]",
	.summary = "Check the work packages of a mission, and commit them.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
