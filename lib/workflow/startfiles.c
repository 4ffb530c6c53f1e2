/* SPDX-License-Identifier: MIT */
#include "workflow/startfiles.h"

#include <string.h>

#include "base/file.h"
#include "base/now.h"
#include "format/time.h"
#include "mission/activity.h"
#include "mission/frontedit.h"
#include "mission/meta.h"
#include "mission/workspace.h"

enum { NOTE_MAX = 1 << 20 };

/* What is set in both texts of the file. */
struct values {
	const struct sk_start *start;
	struct sk_str pid;     /* "": unknown */
	struct sk_str created; /* "": stays as it is */
	struct sk_str entry;   /* of the activity log */
};

static bool is_text(const char *text, const char *other)
{
	return text && other && strcmp(text, other) == 0;
}

int sk_start_read_front(struct sk_wp *out, const struct sk_str *text,
			struct sk_err *err)
{
	int rc = sk_wp_read(out, text->ptr, text->len, err);

	if (rc <= 0)
		return rc;
	sk_fail(err, SK_EDATA, "it has no front matter");
	return sk_hint(err, "begin it with the lines '---', 'work_package_id:"
			    " WPnn' and '---'");
}

/*
 * What a run that was cut off has written already is what it was; a second run
 * has another shell and another clock.
 */
static int find_values(struct values *v, const struct sk_str *work,
		       struct sk_err *err)
{
	const struct sk_start *start = v->start;
	const char *created;
	struct sk_wp wp;
	int rc = sk_start_read_front(&wp, work, err);

	if (rc == 0 && start->agent) {
		if (is_text(wp.agent, start->agent) && wp.shell_pid &&
		    strstr(work->ptr, v->entry.ptr))
			sk_str_puts(&v->pid, wp.shell_pid);
		else if (start->pid)
			sk_str_puts(&v->pid, start->pid);
	}
	if (rc == 0 && start->base_commit) {
		created = sk_form_get_text(wp.form, "created_at");
		if (is_text(wp.base_commit, start->base_commit) && created)
			sk_str_puts(&v->created, created);
		else
			sk_time_add(&v->created, sk_now_ms() * 1000);
	}
	sk_wp_free(&wp);
	return rc;
}

static int set(struct sk_str *text, const char *key, const char *value,
	       struct sk_err *err)
{
	return value && *value && sk_front_set(text, key, value, err) < 0
		       ? sk_within(err, "'%s'", key)
		       : 0;
}

/* Set the agent unless it is said, as a text or as a mapping. */
static int set_agent(struct sk_str *text, const char *agent, struct sk_err *err)
{
	struct sk_wp wp;
	int rc = sk_wp_read(&wp, text->ptr, text->len, err);

	if (rc == 0 && !is_text(wp.agent, agent))
		rc = set(text, "agent", agent, err);
	sk_wp_free(&wp);
	return rc < 0 ? -1 : 0;
}

static int edit_text(struct sk_str *text, const struct values *v,
		     struct sk_err *err)
{
	const struct sk_start *start = v->start;
	struct sk_str entry = SK_STR_INIT;

	if (start->base_commit &&
	    (set(text, "base_branch", start->base_branch, err) < 0 ||
	     set(text, "base_commit", start->base_commit, err) < 0 ||
	     set(text, "created_at", v->created.ptr, err) < 0))
		return -1;
	if (!start->agent)
		return 0;
	if (set_agent(text, start->agent, err) < 0 ||
	    set(text, "shell_pid", v->pid.ptr, err) < 0)
		return -1;
	if (strstr(text->ptr, v->entry.ptr))
		return 0; /* by a run that was cut off */
	sk_activity_entry(&entry, start->at_us, start->agent,
			  v->pid.len ? v->pid.ptr : NULL, start->note);
	sk_activity_add(text, entry.ptr);
	sk_str_free(&entry);
	return 0;
}

/* How the entry begins: "- <time> - <agent> -". */
static void add_entry_begin(struct sk_str *out, const struct sk_start *start)
{
	struct sk_str entry = SK_STR_INIT;

	sk_activity_entry(&entry, start->at_us, start->agent, NULL, "");
	sk_str_addf(out, "- %s", entry.ptr);
	sk_str_free(&entry);
}

int sk_start_put_file(struct sk_edit *edit, const char *name,
		      const struct sk_start *start, struct sk_err *err)
{
	struct values v = {start, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT};
	struct sk_str work = SK_STR_INIT, head = SK_STR_INIT;
	struct sk_str new_work = SK_STR_INIT, new_head = SK_STR_INIT;
	int rc = sk_edit_read(edit, name, &work, &head, err);

	if (start->agent)
		add_entry_begin(&v.entry, start);
	if (rc == 0)
		rc = find_values(&v, &work, err);
	sk_str_add(&new_work, work.ptr, work.len);
	sk_str_add(&new_head, head.ptr, head.len);
	if (rc == 0)
		rc = edit_text(&new_work, &v, err);
	if (rc == 0)
		rc = edit_text(&new_head, &v, err);
	if (rc == 0 &&
	    !(sk_str_equal(&work, &new_work) && sk_str_equal(&head, &new_head)))
		sk_edit_put(edit, name, &new_work, &new_head);
	if (rc < 0)
		sk_within(err, "'%s'", name);
	sk_str_free(&new_work);
	sk_str_free(&new_head);
	sk_str_free(&work);
	sk_str_free(&head);
	sk_str_free(&v.pid);
	sk_str_free(&v.created);
	sk_str_free(&v.entry);
	return rc < 0 ? -1 : 0;
}

/*
 * Have it in one text; *since is what the other one says, and becomes what this
 * one does. Returns whether the text was changed.
 */
static bool lock_vcs(struct sk_str *text, struct sk_str *since)
{
	struct sk_meta meta = SK_META_INIT;
	struct sk_err ignored = {0};
	bool is_changed = false;

	if (sk_meta_read(&meta, text->ptr, text->len, &ignored) < 0)
		return false;
	if (sk_form_get_text(meta.form, "vcs")) {
		const char *at = sk_form_get_text(meta.form, "vcs_locked_at");

		if (at)
			sk_str_set(since, at);
	} else {
		sk_form_set(meta.form, "vcs", sk_form_text("git"));
		sk_form_set(meta.form, "vcs_locked_at",
			    sk_form_text(since->ptr));
		sk_str_clear(text);
		sk_meta_add(text, meta.form);
		is_changed = true;
	}
	sk_meta_free(&meta);
	return is_changed;
}

int sk_start_put_meta(struct sk_edit *edit, int64_t at_us, struct sk_err *err)
{
	static const char name[] = "meta.json";
	struct sk_str work = SK_STR_INIT, head = SK_STR_INIT;
	struct sk_str since = SK_STR_INIT;
	bool is_changed;
	int rc = sk_edit_read_head(edit, name, &head, err);

	if (rc == 0)
		rc = sk_edit_read_work(edit, name, &work, err);
	if (rc == 0) {
		sk_time_add(&since, at_us);
		is_changed = lock_vcs(&work, &since);
		is_changed |= lock_vcs(&head, &since);
		if (is_changed)
			sk_edit_put(edit, name, &work, &head);
	}
	sk_str_free(&since);
	sk_str_free(&work);
	sk_str_free(&head);
	return rc < 0 ? -1 : 0;
}

static struct sk_form *make_note(const struct sk_edit *edit,
				 const struct sk_start_place *place)
{
	struct sk_str created = SK_STR_INIT;
	struct sk_workspace note = {
		.wp_id = place->wp,
		.mission_slug = edit->mission->slug,
		.worktree_path = place->workspace,
		.branch_name = place->branch,
		.base_branch = place->base_branch,
		.base_commit = place->base_commit,
		.lane_id = place->lane->id,
		.current_wp = place->wp,
		.dependencies = *place->dependencies, /* borrowed */
		.lane_wp_ids = place->lane->wp_ids,
	};
	struct sk_form *form;

	sk_time_add(&created, sk_now_ms() * 1000);
	note.created_at = created.ptr;
	form = sk_workspace_make(&note);
	sk_str_free(&created);
	return form;
}

int sk_start_write_note(struct sk_form **note, const struct sk_edit *edit,
			const struct sk_start_place *place, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, old = SK_STR_INIT, now = SK_STR_INIT;
	struct sk_workspace there = {.form = NULL};
	int rc;

	sk_str_addf(&path, "%s/", place->main_folder);
	sk_workspace_path_add(&path, edit->mission->slug, place->lane->id);
	rc = sk_file_read(&old, path.ptr, NOTE_MAX, err);
	if (rc == 0 && !place->is_new &&
	    sk_workspace_read(&there, old.ptr, old.len) &&
	    is_text(there.lane_id, place->lane->id)) {
		*note = sk_form_copy(there.form);
		sk_workspace_turn_to(*note, place->wp, place->dependencies);
	} else {
		*note = make_note(edit, place);
	}
	sk_workspace_free(&there);
	sk_workspace_add(&now, *note);
	if (rc >= 0 && !(rc == 0 && sk_str_equal(&old, &now))) {
		rc = sk_mkdir_for(path.ptr, err);
		if (rc == 0)
			rc = sk_file_write(path.ptr, now.ptr, now.len, 0644,
					   err);
	}
	sk_str_free(&path);
	sk_str_free(&old);
	sk_str_free(&now);
	return rc < 0 ? -1 : 0;
}
