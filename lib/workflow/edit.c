/* SPDX-License-Identifier: MIT */
#include "workflow/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/now.h"
#include "git/commitfile.h"
#include "mission/logfile.h"
#include "workflow/editactivity.h"
#include "workflow/editsave.h"
#include "workflow/handle.h"
#include "workflow/state.h"

/* How often, and for how long, others may commit before we give up. */
#define TRIES  20
#define TRY_MS 5000

static void clear_plan(struct sk_edit *edit)
{
	for (size_t i = 0; i < edit->file_count; i++) {
		free(edit->files[i].name);
		sk_str_free(&edit->files[i].work);
		sk_str_free(&edit->files[i].head);
	}
	edit->file_count = 0;
	edit->line_count = 0;
	edit->keeps_status = false;
	sk_str_clear(&edit->lines);
}

/* Forget what was read, and what was to be made of it. */
static void forget(struct sk_edit *edit)
{
	clear_plan(edit);
	sk_reduced_free(&edit->state);
	sk_log_free(&edit->log);
	sk_str_clear(&edit->log_text);
	sk_str_clear(&edit->head_log);
	sk_str_clear(&edit->missing);
	sk_words_free(&edit->uncommitted);
	sk_form_free(edit->meta);
	edit->meta = NULL;
	sk_mission_home_free(&edit->home);
	sk_missions_free(&edit->missions);
	edit->mission = NULL;
}

void sk_edit_free(struct sk_edit *edit)
{
	forget(edit);
	free(edit->files);
	sk_str_free(&edit->log_text);
	sk_str_free(&edit->head_log);
	sk_str_free(&edit->missing);
	sk_str_free(&edit->lines);
	sk_str_free(&edit->aside);
	sk_str_free(&edit->picked);
	sk_unlock(edit->lock);
	*edit = (struct sk_edit)SK_EDIT_INIT;
}

static int find_mission(struct sk_edit *edit, struct sk_err *err)
{
	sk_missions_free(&edit->missions);
	if (sk_missions_find(&edit->missions, edit->repo, err) < 0)
		return -1;
	if (edit->handle || edit->picked.len)
		return sk_mission_resolve(
			&edit->mission, &edit->missions,
			edit->handle ? edit->handle : edit->picked.ptr, err);
	if (sk_mission_here(&edit->mission, &edit->missions, err) < 0)
		return -1;
	sk_str_set(&edit->picked, edit->mission->slug);
	return 0;
}

/* What the mission is cannot change any more once its lock is held. */
static int lock_mission(struct sk_edit *edit, struct sk_err *err)
{
	if (edit->lock >= 0)
		return find_mission(edit, err);
	if (find_mission(edit, err) < 0)
		return -1;
	edit->lock = sk_status_lock(sk_repo_common_dir(edit->repo),
				    edit->mission->slug, SK_STATUS_LOCK_WAIT_MS,
				    err);
	return edit->lock < 0 ? -1 : find_mission(edit, err);
}

/* A branch that only a remote has is not ours to commit to. */
static int check_place(const struct sk_edit *edit,
		       const struct sk_mission_place *place, struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;

	if (!place->is_remote)
		return 0;
	sk_mission_tip_add_name(
		&name, sk_missions_remote(&edit->missions, place->branch.ptr));
	sk_fail(err, SK_EFAIL, "branch '%s' is not in this clone yet",
		place->branch.ptr);
	sk_hint(err, "run 'git branch %s %s'", place->branch.ptr, name.ptr);
	sk_str_free(&name);
	return -1;
}

/* Append the file as the work tree has it. Returns 0; 1; -1. */
static int read_work(struct sk_str *out, const struct sk_mission_place *place,
		     const char *name, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = 1;

	if (place->folder.len) {
		sk_str_addf(&path, "%s/%s", place->folder.ptr, name);
		rc = sk_file_read(out, path.ptr, SK_EVENT_LOG_MAX, err);
	}
	sk_str_free(&path);
	return rc;
}

/* The same as it is committed. */
static int read_head(struct sk_str *out, const struct sk_edit *edit,
		     const struct sk_mission_place *place, const char *name,
		     struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = 1;

	if (place->branch.len) {
		sk_edit_add_path(&path, edit, name);
		rc = sk_commit_file_read(out, edit->repo, &place->tip, path.ptr,
					 SK_EVENT_LOG_MAX, err);
	}
	sk_str_free(&path);
	return rc;
}

/* Of what a reading of the log cannot use nothing is needed here. */
static void read_meta(struct sk_edit *edit)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err ignored = {0};

	if (sk_edit_read_work(edit, "meta.json", &text, &ignored) == 0 &&
	    sk_form_read(&edit->meta, text.ptr, text.len, &ignored) == 0 &&
	    !sk_form_is_object(edit->meta)) {
		sk_form_free(edit->meta);
		edit->meta = NULL;
	}
	sk_str_free(&text);
}

/* The ids of the rows of a log. */
static void add_ids(struct sk_map *ids, const struct sk_log *log)
{
	for (size_t i = 0; i < log->row_count; i++) {
		const char *id = log->rows[i].event_id;

		sk_map_add(ids, id, strlen(id), 1, NULL);
	}
}

/*
 * Where a branch was moved without its work tree, that lacks transitions which
 * are committed. They are not to be lost by a commit of ours. What it has more
 * goes along with that.
 */
static void compare_logs(struct sk_edit *edit)
{
	struct sk_log head = SK_LOG_INIT, work = SK_LOG_INIT;
	struct sk_map in_head = SK_MAP_INIT, in_work = SK_MAP_INIT;

	sk_log_read(&work, edit->log_text.ptr, edit->log_text.len, SIZE_MAX);
	sk_log_read(&head, edit->head_log.ptr, edit->head_log.len, SIZE_MAX);
	add_ids(&in_head, &head);
	add_ids(&in_work, &work);
	for (size_t i = 0; i < work.row_count; i++) {
		const char *id = work.rows[i].event_id;

		if (!sk_map_get(&in_head, id, strlen(id)))
			sk_words_add_new(&edit->uncommitted,
					 work.rows[i].wp_id);
	}
	for (size_t i = 0; i < head.row_count; i++) {
		const struct sk_log_row *row = &head.rows[i];
		bool is_new;

		sk_map_add(&in_work, row->event_id, strlen(row->event_id), 1,
			   &is_new);
		if (!is_new)
			continue;
		sk_str_add(&edit->missing,
			   edit->head_log.ptr + row->line.offset,
			   row->line.len);
		sk_str_putc(&edit->missing, '\n');
	}
	sk_map_free(&in_head);
	sk_map_free(&in_work);
	sk_log_free(&work);
	sk_log_free(&head);
}

static void name_torn(struct sk_edit *edit)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, &edit->home.status.tip);
	sk_str_set(&edit->aside, hex);
	sk_str_putc(&edit->aside, ':');
	sk_edit_add_path(&edit->aside, edit, SK_EVENT_LOG_NAME);
}

static int read_log(struct sk_edit *edit, struct sk_err *err)
{
	const struct sk_mission_place *place = &edit->home.status;
	struct sk_str torn = SK_STR_INIT;
	int rc =
		read_head(&edit->head_log, edit, place, SK_EVENT_LOG_NAME, err);

	if (rc >= 0 && place->folder.len) {
		rc = read_work(&edit->log_text, place, SK_EVENT_LOG_NAME, err);
		if (rc >= 0 && !sk_str_equal(&edit->log_text, &edit->head_log))
			compare_logs(edit);
	} else if (rc >= 0) {
		sk_str_add(&edit->log_text, edit->head_log.ptr,
			   edit->head_log.len);
	}
	if (rc < 0)
		return -1;
	sk_logfile_join(&edit->log_text, edit->missing.ptr, edit->missing.len,
			&torn);
	/* of a log that is no file the commit keeps it */
	if (torn.len && !place->folder.len)
		name_torn(edit);
	sk_log_read(&edit->log, edit->log_text.ptr, edit->log_text.len,
		    SIZE_MAX);
	sk_reduced_add(&edit->state, &edit->log);
	sk_reduced_fold(&edit->state);
	edit->at_us = sk_reduced_next_us(&edit->state, sk_now_ms() * 1000);
	sk_str_free(&torn);
	return 0;
}

static int load(struct sk_edit *edit, struct sk_err *err)
{
	if (lock_mission(edit, err) < 0 ||
	    sk_mission_home_find(&edit->home, edit->mission, &edit->missions,
				 err) < 0 ||
	    check_place(edit, &edit->home.status, err) < 0 ||
	    check_place(edit, &edit->home.plan, err) < 0)
		return -1;
	sk_edit_sweep(edit);
	read_meta(edit);
	return read_log(edit, err);
}

int sk_edit_run(struct sk_edit *edit, sk_edit_fn *change, void *ctx,
		struct sk_err *err)
{
	int64_t until = sk_mono_ms() + TRY_MS;

	for (int i = 0;; i++) {
		int rc = load(edit, err);

		if (rc == 0)
			rc = change(ctx, edit, err);
		if (rc == 1)
			clear_plan(edit);
		if (rc < 0)
			return -1;
		sk_edit_follow(edit);
		rc = sk_edit_save(edit, err);
		if (rc >= 0 || err->code != SK_EBUSY)
			return rc;
		if (i == TRIES || sk_mono_ms() >= until)
			return sk_edit_fail_commit(edit, err);
		forget(edit);
		sk_sleep_ms((unsigned)i);
	}
}

void sk_edit_add_line(struct sk_edit *edit, struct sk_logline *line)
{
	line->mission_slug = edit->mission->slug;
	line->mission_id = sk_form_get_text(edit->meta, "mission_id");
	sk_logline_stamp(line, edit->at_us, edit->line_count++);
	sk_logline_add(&edit->lines, line);
}

void sk_edit_add_actor(struct sk_str *out, const struct sk_edit *edit,
		       const struct sk_log_row *row)
{
	struct sk_json_span span =
		sk_log_value(edit->log_text.ptr, row, SK_LOG_ACTOR);

	sk_actor_add_span(out, &span);
}

int sk_edit_read_head(const struct sk_edit *edit, const char *name,
		      struct sk_str *out, struct sk_err *err)
{
	return read_head(out, edit, &edit->home.plan, name, err);
}

int sk_edit_read_work(const struct sk_edit *edit, const char *name,
		      struct sk_str *out, struct sk_err *err)
{
	int rc = read_work(out, &edit->home.plan, name, err);

	return rc == 1 ? sk_edit_read_head(edit, name, out, err) : rc;
}

int sk_edit_read(const struct sk_edit *edit, const char *name,
		 struct sk_str *work, struct sk_str *head, struct sk_err *err)
{
	size_t len = work->len;
	int rc = sk_edit_read_work(edit, name, work, err);

	if (rc == 0)
		rc = sk_edit_read_head(edit, name, head, err);
	else
		return rc;
	if (rc == 1)
		sk_str_add(head, work->ptr + len, work->len - len);
	return rc < 0 ? -1 : 0;
}

void sk_edit_put(struct sk_edit *edit, const char *name,
		 const struct sk_str *work, const struct sk_str *head)
{
	struct sk_edit_file file = {.name = sk_strdup(name),
				    .work = SK_STR_INIT,
				    .head = SK_STR_INIT,
				    .is_kept = !head,
				    .is_unseen = !work};

	if (work)
		sk_str_add(&file.work, work->ptr, work->len);
	if (head)
		sk_str_add(&file.head, head->ptr, head->len);
	SK_GROW(edit->files, edit->file_count, edit->file_cap);
	edit->files[edit->file_count++] = file;
}
