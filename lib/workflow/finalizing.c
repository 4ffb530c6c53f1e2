/* SPDX-License-Identifier: MIT */
#include "workflow/finalizing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/now.h"
#include "format/time.h"
#include "mission/lifecycle.h"
#include "mission/snapshot.h"
#include "mission/taskstext.h"

#define LANES	 "lanes.json"
#define TASKS	 "tasks.md"
#define MANIFEST "wps.yaml"
#define SPEC	 "spec.md"

/* As spec-kitty's own log has the first row of a work package. */
#define SEED_ACTOR  "finalize-tasks"
#define SEED_REASON "canonical bootstrap"

static void forget(struct sk_finalizing *f)
{
	sk_faults_free(&f->faults);
	sk_final_free(&f->final);
	for (size_t i = 0; i < f->names.len; i++)
		sk_str_free(&f->texts[i]);
	sk_words_free(&f->names);
	sk_words_free(&f->seeded);
	sk_words_free(&f->written);
}

void sk_finalizing_free(struct sk_finalizing *f)
{
	forget(f);
	free(f->texts);
	sk_str_free(&f->message);
	*f = (struct sk_finalizing)SK_FINALIZING_INIT;
}

/* --- the files below tasks/ */

/* Not what somebody is just writing, nor folders of reviews. */
static void add_name(void *ctx, const char *name)
{
	struct sk_finalizing *f = ctx;
	size_t len = strlen(name);

	if (*name != '.' && len > 3 && strcmp(name + len - 3, ".md") == 0)
		sk_words_add(&f->names, name);
}

static int read_tasks(struct sk_finalizing *f, const struct sk_edit *edit,
		      struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;
	int rc = sk_edit_each_name(edit, "tasks", add_name, f, err);

	sk_words_sort(&f->names);
	free(f->texts);
	f->texts = sk_calloc(f->names.len + 1, sizeof(*f->texts));
	for (size_t i = 0; i < f->names.len; i++)
		f->texts[i] = (struct sk_str)SK_STR_INIT;
	for (size_t i = 0; rc >= 0 && i < f->names.len; i++) {
		sk_str_clear(&name);
		sk_str_addf(&name, "tasks/%s", f->names.items[i]);
		rc = sk_edit_read_work(edit, name.ptr, &f->texts[i], err);
	}
	sk_str_free(&name);
	return rc < 0 ? -1 : 0;
}

/* --- the plan */

/* The other files that it is made of. */
struct sources {
	struct sk_str tasks, manifest, spec, lanes;
	bool has_tasks, has_manifest, has_spec, has_lanes;
};

static int read_source(struct sk_str *out, bool *has,
		       const struct sk_edit *edit, const char *name,
		       struct sk_err *err)
{
	int rc = sk_edit_read_work(edit, name, out, err);

	*has = rc == 0;
	return rc < 0 ? -1 : 0;
}

static int read_sources(struct sources *s, const struct sk_edit *edit,
			struct sk_err *err)
{
	if (read_source(&s->tasks, &s->has_tasks, edit, TASKS, err) < 0 ||
	    read_source(&s->manifest, &s->has_manifest, edit, MANIFEST, err) <
		    0 ||
	    read_source(&s->spec, &s->has_spec, edit, SPEC, err) < 0)
		return -1;
	return read_source(&s->lanes, &s->has_lanes, edit, LANES, err);
}

static void free_sources(struct sources *s)
{
	sk_str_free(&s->tasks);
	sk_str_free(&s->manifest);
	sk_str_free(&s->spec);
	sk_str_free(&s->lanes);
}

static struct sk_bytes bytes_of(const struct sk_str *text, bool has)
{
	return (struct sk_bytes){NULL, has ? text->ptr : NULL, text->len};
}

/* When the lanes there are were computed; NULL: that is not known. */
static struct sk_form *read_lanes(const struct sources *s)
{
	struct sk_form *form = NULL;
	struct sk_err ignored = {0};

	if (s->has_lanes &&
	    sk_form_read(&form, s->lanes.ptr, s->lanes.len, &ignored) == 0 &&
	    sk_form_is_object(form))
		return form;
	sk_form_free(form);
	return NULL;
}

/* Lanes that are as they were keep the time at which they were computed. */
static int make_plan(struct sk_finalizing *f, const struct sk_edit *edit,
		     const struct sources *s)
{
	struct sk_bytes *files = sk_calloc(f->names.len + 1, sizeof(*files));
	struct sk_form *old = read_lanes(s);
	struct sk_str now = SK_STR_INIT;
	struct sk_finalize in = {
		.files = files,
		.len = f->names.len,
		.tasks = bytes_of(&s->tasks, s->has_tasks),
		.manifest = bytes_of(&s->manifest, s->has_manifest),
		.spec = bytes_of(&s->spec, s->has_spec),
		.mission_slug = edit->mission->slug,
		.mission_id = sk_form_get_text(edit->meta, "mission_id"),
		.target_branch = edit->home.plan.branch.ptr,
		.computed_at = sk_form_get_text(old, "computed_at"),
	};
	int rc;

	for (size_t i = 0; i < f->names.len; i++)
		files[i] = (struct sk_bytes){f->names.items[i], f->texts[i].ptr,
					     f->texts[i].len};
	sk_time_add(&now, sk_now_ms() * 1000);
	if (!in.computed_at)
		in.computed_at = now.ptr;
	rc = sk_finalize_plan(&f->final, &in, &f->faults);
	if (rc == 0 && in.computed_at != now.ptr &&
	    strcmp(f->final.lanes.ptr, s->lanes.ptr) != 0) {
		sk_final_free(&f->final);
		in.computed_at = now.ptr;
		rc = sk_finalize_plan(&f->final, &in, &f->faults);
	}
	sk_form_free(old);
	sk_str_free(&now);
	free(files);
	return rc;
}

/* --- what is to be written */

/* Whether the target branch has the file, with these bytes. */
static bool is_committed(const struct sk_edit *edit, const char *name,
			 const struct sk_str *text)
{
	struct sk_str old = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool is;

	is = sk_edit_read_head(edit, name, &old, &ignored) == 0 &&
	     sk_str_equal(&old, text);
	sk_str_free(&old);
	return is;
}

static void put(struct sk_finalizing *f, struct sk_edit *edit, const char *name,
		const struct sk_str *text)
{
	sk_edit_put(edit, name, text, text);
	if (!is_committed(edit, name, text))
		sk_words_add(&f->written, name);
}

/* The bytes that a file below tasks/ shall have. */
static const struct sk_str *text_of(const struct sk_finalizing *f, size_t i)
{
	for (size_t k = 0; k < f->final.len; k++) {
		if (strcmp(f->final.wps[k].file_name, f->names.items[i]) == 0)
			return &f->final.wps[k].text;
	}
	return &f->texts[i];
}

static void put_files(struct sk_finalizing *f, struct sk_edit *edit,
		      const struct sources *s)
{
	struct sk_str name = SK_STR_INIT, tasks = SK_STR_INIT;

	for (size_t i = 0; i < f->names.len; i++) {
		sk_str_clear(&name);
		sk_str_addf(&name, "tasks/%s", f->names.items[i]);
		put(f, edit, name.ptr, text_of(f, i));
	}
	sk_str_add(&tasks, s->tasks.ptr, s->tasks.len);
	if (s->has_manifest) {
		put(f, edit, MANIFEST, &s->manifest);
		sk_tasks_text_add(&tasks, edit->mission->name, s->manifest.ptr,
				  s->manifest.len);
	}
	put(f, edit, TASKS, &tasks);
	put(f, edit, LANES, &f->final.lanes);
	sk_str_free(&name);
	sk_str_free(&tasks);
}

static void add_rows(struct sk_finalizing *f, struct sk_edit *edit)
{
	const struct sk_lifecycle life = {
		.mission_slug = edit->mission->slug,
		.meta = edit->meta,
		.actor = f->actor,
		.project_uuid = f->project_uuid,
		.project_slug = f->project_slug,
		.at_us = edit->at_us,
		.log = &edit->log,
		.data = edit->log_text.ptr,
	};
	struct sk_str file = SK_STR_INIT;

	sk_lifecycle_add_started(&edit->lines, &life, "TasksStarted");
	for (size_t i = 0; i < f->final.len; i++) {
		const struct sk_final_wp *wp = &f->final.wps[i];

		sk_str_clear(&file);
		sk_str_addf(&file, "tasks/%s", wp->file_name);
		sk_lifecycle_add_wp(&edit->lines, &life,
				    &(struct sk_lifecycle_wp){
					    .id = wp->wp.id,
					    .title = wp->wp.title,
					    .file = file.ptr,
					    .dependencies = &wp->dependencies});
	}
	sk_lifecycle_add_completed(&edit->lines, &life, "TasksCompleted", TASKS,
				   (int64_t)f->final.len);
	sk_str_free(&file);
}

/* Work packages that stand nowhere stand in planned. */
static void seed(struct sk_finalizing *f, struct sk_edit *edit)
{
	for (size_t i = 0; i < f->final.len; i++) {
		const char *id = f->final.wps[i].wp.id;
		struct sk_logline line = {
			.wp_id = id,
			.from = SK_LANE_PLANNED,
			.to = SK_LANE_PLANNED,
			.actor = SEED_ACTOR,
			.execution_mode = "worktree",
			.reason = SEED_REASON,
			.force = true,
		};

		if (sk_reduced_find(&edit->state, id))
			continue;
		if (!f->validate_only)
			sk_edit_add_line(edit, &line);
		sk_words_add(&f->seeded, id);
	}
}

static int change(void *ctx, struct sk_edit *edit, struct sk_err *err)
{
	struct sk_finalizing *f = ctx;
	struct sources s = {.tasks = SK_STR_INIT,
			    .manifest = SK_STR_INIT,
			    .spec = SK_STR_INIT,
			    .lanes = SK_STR_INIT};
	int rc;

	forget(f);
	rc = read_tasks(f, edit, err);
	if (rc == 0)
		rc = read_sources(&s, edit, err);
	if (rc == 0) {
		f->is_looked = true;
		make_plan(f, edit, &s);
		seed(f, edit);
		if (f->faults.len || f->validate_only)
			rc = sk_fail(err, SK_EDATA, "nothing is to be written");
	}
	if (rc == 0) {
		put_files(f, edit, &s);
		add_rows(f, edit);
		sk_str_clear(&f->message);
		sk_str_addf(&f->message, "Add tasks for feature %s",
			    edit->mission->slug);
		edit->message = f->message.ptr;
	}
	free_sources(&s);
	return rc;
}

int sk_finalizing_run(struct sk_finalizing *f, struct sk_edit *edit,
		      struct sk_err *err)
{
	int rc = sk_edit_run(edit, change, f, err);

	if (rc == 0 && edit->commit.len && edit->lines.len) {
		sk_words_add(&f->written, SK_EVENT_LOG_NAME);
		sk_words_add(&f->written, SK_SNAPSHOT_NAME);
	}
	sk_words_sort(&f->written);

	/* that is an answer, no failure */
	if (rc < 0 && f->is_looked && (f->faults.len || f->validate_only))
		return 1;
	return rc;
}
