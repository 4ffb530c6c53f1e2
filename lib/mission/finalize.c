/* SPDX-License-Identifier: MIT */
#include "mission/finalize.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/dependency.h"
#include "mission/finalcheck.h"
#include "mission/frontedit.h"
#include "mission/lanes.h"
#include "mission/manifest.h"
#include "mission/surface.h"

static int compare_wps(const void *a, const void *b)
{
	const struct sk_final_wp *x = a, *y = b;
	int order = strcmp(x->wp.id, y->wp.id);

	return order ? order : strcmp(x->file_name, y->file_name);
}

/* One file; what is no name of a work package's is none of ours. */
static void read_file(struct sk_final *out, const struct sk_bytes *file,
		      struct sk_faults *faults)
{
	struct sk_final_wp *wp = &out->wps[out->len];
	char id[SK_WP_ID_MAX];
	struct sk_err err = {0};
	int rc;

	if (!sk_wp_name_id(id, file->name))
		return;
	*wp = (struct sk_final_wp){.file_name = file->name,
				   .text = SK_STR_INIT};
	out->len++;
	rc = sk_wp_read(&wp->wp, file->data, file->len, &err);
	if (rc != 0)
		sk_fault_add(faults, SK_FAULT_FILE, id, "'%s': %s", file->name,
			     rc < 0 ? err.msg : "there is no front matter");
	else if (strcmp(wp->wp.id, id) != 0)
		sk_fault_add(faults, SK_FAULT_FILE, id,
			     "'%s' says that it is '%s'", file->name,
			     wp->wp.id[0] ? wp->wp.id : "no work package");
	/* go on by the name: it is what the other files are held against */
	memcpy(wp->wp.id, id, sizeof(id));
	sk_str_add(&wp->text, file->data, file->len);
}

static void read_files(struct sk_final *out, const struct sk_finalize *in,
		       struct sk_faults *faults)
{
	out->wps = sk_calloc(in->len + 1, sizeof(*out->wps));
	for (size_t i = 0; i < in->len; i++)
		read_file(out, &in->files[i], faults);
	if (out->len)
		qsort(out->wps, out->len, sizeof(*out->wps), compare_wps);
	for (size_t i = 1; i < out->len; i++) {
		if (strcmp(out->wps[i].wp.id, out->wps[i - 1].wp.id) == 0)
			sk_fault_add(faults, SK_FAULT_FILE, out->wps[i].wp.id,
				     "'%s' and '%s' are of one work package",
				     out->wps[i - 1].file_name,
				     out->wps[i].file_name);
	}
	if (!out->len)
		sk_fault_add(faults, SK_FAULT_FILE, "tasks",
			     "there is no work package below 'tasks'");
}

/* The manifest decides where there is one. */
static void read_tasks(struct sk_tasks *tasks, const struct sk_finalize *in,
		       struct sk_faults *faults)
{
	struct sk_err err = {0};

	if (in->manifest.data) {
		if (sk_manifest_read(tasks, in->manifest.data, in->manifest.len,
				     &err) < 0)
			sk_fault_add(faults, SK_FAULT_FILE, "wps.yaml",
				     "'wps.yaml': %s", err.msg);
	} else if (in->tasks.data) {
		sk_tasks_read(tasks, in->tasks.data, in->tasks.len);
	} else {
		sk_fault_add(faults, SK_FAULT_FILE, "tasks.md",
			     "there is neither 'tasks.md' nor 'wps.yaml'");
	}
}

/* What was said about it elsewhere, where its own file is silent. */
static void complete(struct sk_final_wp *wp, const struct sk_tasks_wp *said,
		     bool is_manifest, struct sk_faults *faults)
{
	const struct sk_words *own = &wp->wp.dependencies;
	const struct sk_words *refs = &wp->wp.requirement_refs;
	bool decides = said && (said->dependencies.len ||
				(is_manifest && said->says_dependencies));

	if (decides && !is_manifest && own->len &&
	    !sk_words_same_set(own, &said->dependencies))
		sk_fault_add(faults, SK_FAULT_CONFLICT, wp->wp.id,
			     "'%s' has other dependencies in its file than in "
			     "'tasks.md'",
			     wp->wp.id);
	/* the same set stays in the order, and the bytes, of the file */
	if (decides && !sk_words_same_set(own, &said->dependencies))
		sk_words_add_all(&wp->dependencies, &said->dependencies);
	else
		sk_words_add_all(&wp->dependencies, own);
	if (!refs->len && said)
		refs = &said->requirement_refs;
	sk_words_add_all(&wp->requirement_refs, refs);
}

static void infer(struct sk_final_wp *wp, const struct sk_tasks_wp *said)
{
	const char *mode = wp->wp.execution_mode;
	struct sk_ownership own;

	sk_ownership_infer(&own, wp->text.ptr, wp->text.len);
	wp->is_planning =
		mode ? strcmp(mode, "planning_artifact") == 0 : own.is_planning;
	if (wp->wp.owned_files.len) {
		sk_words_add_all(&wp->owned_files, &wp->wp.owned_files);
	} else if (said && said->owned_files.len) {
		sk_words_add_all(&wp->owned_files, &said->owned_files);
	} else {
		sk_words_add_all(&wp->owned_files, &own.files);
		wp->is_guess = own.is_guess;
	}
	sk_surfaces_infer(&wp->surfaces, wp->text.ptr, wp->text.len);
	sk_words_free(&own.files);
}

/* Note a change, or why it cannot be made. */
static void note(struct sk_final_wp *wp, const char *key, int rc,
		 const struct sk_err *err, struct sk_faults *faults)
{
	if (rc == 0)
		sk_words_add(&wp->changes, key);
	else if (rc < 0)
		sk_fault_add(faults, SK_FAULT_FILE, wp->wp.id, "'%s': %s",
			     wp->file_name, err->msg);
}

static void set_text(struct sk_final_wp *wp, const char *key, const char *value,
		     struct sk_faults *faults)
{
	struct sk_err err = {0};

	note(wp, key, sk_front_set(&wp->text, key, value, &err), &err, faults);
}

static void set_list(struct sk_final_wp *wp, const char *key,
		     const struct sk_words *now, const struct sk_words *values,
		     struct sk_faults *faults)
{
	struct sk_err err = {0};

	/* what says the same in other words is left alone */
	if (sk_form_get(wp->wp.form, key) && sk_words_same_set(now, values))
		return;
	note(wp, key, sk_front_set_list(&wp->text, key, values, &err), &err,
	     faults);
}

static void edit(struct sk_final_wp *wp, const struct sk_finalize *in,
		 struct sk_faults *faults)
{
	struct sk_str text = SK_STR_INIT;

	set_list(wp, "dependencies", &wp->wp.dependencies, &wp->dependencies,
		 faults);
	set_list(wp, "requirement_refs", &wp->wp.requirement_refs,
		 &wp->requirement_refs, faults);
	set_text(wp, "planning_base_branch", in->target_branch, faults);
	set_text(wp, "merge_target_branch", in->target_branch, faults);
	sk_str_addf(&text, "Planned on %s; what is done goes back into %s.",
		    in->target_branch, in->target_branch);
	if (!sk_form_get_text(wp->wp.form, "branch_strategy"))
		set_text(wp, "branch_strategy", text.ptr, faults);
	if (!wp->wp.execution_mode)
		set_text(wp, "execution_mode",
			 wp->is_planning ? "planning_artifact" : "code_change",
			 faults);
	if (wp->owned_files.len)
		set_list(wp, "owned_files", &wp->wp.owned_files,
			 &wp->owned_files, faults);
	sk_str_clear(&text);
	sk_ownership_surface(&text, &wp->owned_files);
	if (!wp->wp.authoritative_surface && text.len)
		set_text(wp, "authoritative_surface", text.ptr, faults);
	sk_str_free(&text);
}

static void make_lanes(struct sk_final *out, const struct sk_finalize *in,
		       struct sk_faults *faults)
{
	struct sk_lane_wp *wps = sk_calloc(out->len + 1, sizeof(*wps));
	struct sk_lane_plan plan = {
		.mission_slug = in->mission_slug,
		.mission_id = in->mission_id,
		.target_branch = in->target_branch,
		.computed_at = in->computed_at,
		.wps = wps,
		.len = out->len,
	};
	struct sk_form *form;

	for (size_t i = 0; i < out->len; i++)
		wps[i] = (struct sk_lane_wp){
			.id = out->wps[i].wp.id,
			.is_planning = out->wps[i].is_planning,
			.owned_files = &out->wps[i].owned_files,
			.dependencies = &out->wps[i].dependencies,
			.surfaces = &out->wps[i].surfaces,
		};
	if (sk_lanes_make(&form, &plan, faults) == 0)
		sk_lanes_add(&out->lanes, form);
	sk_form_free(form);
	free(wps);
}

int sk_finalize_plan(struct sk_final *out, const struct sk_finalize *in,
		     struct sk_faults *faults)
{
	struct sk_tasks tasks = SK_TASKS_INIT;
	size_t before = faults->len;
	bool sound;

	*out = (struct sk_final){.lanes = SK_STR_INIT};
	read_files(out, in, faults);
	read_tasks(&tasks, in, faults);
	for (size_t i = 0; i < out->len; i++) {
		struct sk_final_wp *wp = &out->wps[i];
		const struct sk_tasks_wp *said =
			sk_tasks_find(&tasks, wp->wp.id);

		complete(wp, said, in->manifest.data, faults);
		infer(wp, said);
	}
	/* without either file every work package would lack its section */
	if (in->manifest.data || in->tasks.data)
		sk_final_check_coverage(out, &tasks, faults);
	sk_final_check_dependencies(out, faults);
	sk_final_check_requirements(out, &in->spec, faults);
	sk_final_check_ownership(out, faults);
	make_lanes(out, in, faults);
	sound = faults->len == before;
	for (size_t i = 0; i < out->len && sound; i++)
		edit(&out->wps[i], in, faults);
	sk_tasks_free(&tasks);
	return faults->len > before;
}

void sk_final_free(struct sk_final *final)
{
	for (size_t i = 0; i < final->len; i++) {
		struct sk_final_wp *wp = &final->wps[i];

		sk_wp_free(&wp->wp);
		sk_str_free(&wp->text);
		sk_words_free(&wp->changes);
		sk_words_free(&wp->dependencies);
		sk_words_free(&wp->requirement_refs);
		sk_words_free(&wp->owned_files);
		sk_words_free(&wp->surfaces);
	}
	free(final->wps);
	sk_str_free(&final->lanes);
	*final = (struct sk_final){.lanes = SK_STR_INIT};
}
