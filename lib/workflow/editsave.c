/* SPDX-License-Identifier: MIT */
#include "workflow/editsave.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "git/record.h"
#include "mission/logfile.h"
#include "mission/snapshot.h"
#include "workflow/editundo.h"

/* What the status is to be. */
struct status {
	struct sk_str log, snapshot;
	struct sk_str torn;
	bool is_changed; /* there is something to be committed */
};

void sk_edit_add_path(struct sk_str *out, const struct sk_edit *edit,
		      const char *name)
{
	sk_str_addf(out, SK_MISSIONS_FOLDER "/%s/%s", edit->mission->slug,
		    name);
}

/* Whether it differs, apart from a torn line that was committed. */
static bool differs(const struct status *status, const struct sk_edit *edit)
{
	struct sk_str head = SK_STR_INIT, torn = SK_STR_INIT;
	bool is_other;

	sk_str_add(&head, edit->head_log.ptr, edit->head_log.len);
	sk_logfile_join(&head, "", 0, &torn);
	is_other = !sk_str_equal(&status->log, &head);
	sk_str_free(&head);
	sk_str_free(&torn);
	return is_other;
}

static void make_status(struct status *status, const struct sk_edit *edit)
{
	struct sk_log log = SK_LOG_INIT;

	sk_str_add(&status->log, edit->log_text.ptr, edit->log_text.len);
	sk_logfile_join(&status->log, edit->lines.ptr, edit->lines.len,
			&status->torn);
	sk_log_read(&log, status->log.ptr, status->log.len, SIZE_MAX);
	sk_snapshot_add(&status->snapshot, &log, status->log.ptr, edit->meta);
	sk_log_free(&log);
	status->is_changed = differs(status, edit);
}

/* Replace a file of the work tree, unless it is so already. */
static int write_file(const struct sk_mission_place *place, const char *name,
		      const struct sk_str *text, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, old = SK_STR_INIT;
	mode_t mode = 0644;
	struct stat st;
	int rc;

	sk_str_addf(&path, "%s/%s", place->folder.ptr, name);
	if (stat(path.ptr, &st) == 0)
		mode = st.st_mode & 0777;
	rc = sk_file_read(&old, path.ptr, SK_EVENT_LOG_MAX, err);
	if (rc == 1 || (rc == 0 && !sk_str_equal(&old, text)))
		rc = sk_file_write(path.ptr, text->ptr, text->len, mode, err);
	sk_str_free(&path);
	sk_str_free(&old);
	return rc;
}

static int append_log(struct sk_edit *edit, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, lines = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&path, "%s/" SK_EVENT_LOG_NAME,
		    edit->home.status.folder.ptr);
	sk_str_add(&lines, edit->missing.ptr, edit->missing.len);
	sk_str_add(&lines, edit->lines.ptr, edit->lines.len);
	if (lines.len)
		rc = sk_logfile_append(path.ptr, lines.ptr, lines.len,
				       &edit->aside, err);
	sk_str_free(&path);
	sk_str_free(&lines);
	return rc;
}

/* First the log, of which all else can be made again. */
static int write_work(struct sk_edit *edit, const struct status *status,
		      struct sk_err *err)
{
	const struct sk_mission_home *home = &edit->home;
	int rc = 0;

	if (home->status.folder.len && !edit->keeps_status)
		rc = append_log(edit, err);
	if (rc == 0 && home->status.folder.len && !edit->keeps_status &&
	    status->log.len)
		rc = write_file(&home->status, SK_SNAPSHOT_NAME,
				&status->snapshot, err);
	for (size_t i = 0; rc == 0 && i < edit->file_count; i++) {
		const struct sk_edit_file *file = &edit->files[i];

		if (home->plan.folder.len && !file->is_unseen)
			rc = write_file(&home->plan, file->name, &file->work,
					err);
	}
	return rc;
}

/* The files of one commit. */
struct list {
	struct sk_record_file *files;
	struct sk_str *paths;
	size_t count, cap, path_cap;
};

static void add_file(struct list *list, const struct sk_edit *edit,
		     const char *name, const struct sk_str *text)
{
	struct sk_str path = SK_STR_INIT;
	size_t count = list->count;

	sk_edit_add_path(&path, edit, name);
	SK_GROW(list->paths, count, list->path_cap);
	SK_GROW(list->files, count, list->cap);
	list->paths[count] = path;
	list->files[count] = (struct sk_record_file){
		.path = path.ptr, .data = text->ptr, .len = text->len};
	list->count++;
}

static void free_list(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		sk_str_free(&list->paths[i]);
	free(list->paths);
	free(list->files);
}

static void add_plan(struct list *list, const struct sk_edit *edit)
{
	for (size_t i = 0; i < edit->file_count; i++) {
		if (!edit->files[i].is_kept)
			add_file(list, edit, edit->files[i].name,
				 &edit->files[i].head);
	}
}

/* Who was killed behind the commit has left the index as it was. */
static int mend(const struct sk_edit *edit,
		const struct sk_mission_place *place, struct sk_err *err)
{
	if (!place->worktree.len)
		return 1;
	return sk_record_mend(edit->repo, place->worktree.ptr, err) < 0 ? -1
									: 1;
}

static int commit(struct sk_oid *out, struct sk_edit *edit,
		  const struct sk_mission_place *place, const struct list *list,
		  struct sk_err *err)
{
	struct sk_str branch = SK_STR_INIT;
	struct sk_record record = {.message = edit->message,
				   .base = &place->tip,
				   .files = list->files,
				   .count = list->count};
	int rc;

	if (!list->count)
		return mend(edit, place, err);
	sk_str_addf(&branch, "refs/heads/%s", place->branch.ptr);
	record.branch = branch.ptr;
	if (place->worktree.len)
		record.folder = place->worktree.ptr;
	rc = sk_record_commit(out, edit->repo, &record, err);
	if (rc == 0 && !record.folder)
		edit->is_unhooked = true;
	sk_str_free(&branch);
	return rc;
}

/* Returns 0; 1 when nothing was to be committed; -1. */
static int commit_all(struct sk_edit *edit, const struct status *status,
		      struct sk_err *err)
{
	bool is_one = !edit->home.is_coordination;
	struct list first = {0}, second = {0};
	int rc, rc2 = 1;

	if (status->is_changed && !edit->keeps_status) {
		add_file(&first, edit, SK_EVENT_LOG_NAME, &status->log);
		add_file(&first, edit, SK_SNAPSHOT_NAME, &status->snapshot);
	}
	add_plan(is_one ? &first : &second, edit);
	rc = commit(&edit->commit, edit, &edit->home.status, &first, err);
	if (rc >= 0 && !is_one)
		rc2 = commit(&edit->plan_commit, edit, &edit->home.plan,
			     &second, err);
	free_list(&first);
	free_list(&second);
	if (rc < 0 || rc2 < 0)
		return -1;
	return rc && rc2;
}

int sk_edit_fail_commit(const struct sk_edit *edit, struct sk_err *err)
{
	const struct sk_oid *last =
		edit->home.is_coordination ? &edit->plan_commit : &edit->commit;

	/* of one that is made the index alone may be behind */
	if (edit->home.status.folder.len && !edit->is_whole && !last->len)
		sk_within(err, "written, but not committed");
	return -1;
}

/* What is not to be committed needs a work tree to be in. */
static int check_work(const struct sk_edit *edit, struct sk_err *err)
{
	const struct sk_mission_place *place = &edit->home.status;

	if (!edit->no_commit)
		return 0;
	if (!edit->lines.len || place->folder.len)
		place = &edit->home.plan;
	if ((place == &edit->home.plan && !edit->file_count) ||
	    place->folder.len)
		return 0;
	if (place->worktree.len) {
		sk_fail(err, SK_EFAIL,
			"the files of mission '%.100s' are not in '%s'",
			edit->mission->slug, place->worktree.ptr);
		return sk_hint(err,
			       "leave out '--no-commit', or run 'git"
			       " sparse-checkout add " SK_MISSIONS_FOLDER
			       "/%.100s' there",
			       edit->mission->slug);
	}
	sk_fail(err, SK_EFAIL, "branch '%s' is not checked out anywhere",
		place->branch.ptr);
	return sk_hint(err, "leave out '--no-commit', or check it out");
}

/* Where it is to be whole, a commit that is not made leaves nothing. */
static void take_back(const struct sk_undo *undo, const struct sk_edit *edit,
		      struct sk_err *err)
{
	struct sk_err why = {0};

	if (edit->is_whole && !edit->commit.len && !edit->plan_commit.len &&
	    sk_undo_run(undo, edit, &why) != 0)
		sk_within(err, "files are written, and cannot be put back");
}

int sk_edit_save(struct sk_edit *edit, struct sk_err *err)
{
	struct status status = {SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, false};
	bool is_written = edit->lines.len || edit->file_count;
	struct sk_undo undo = SK_UNDO_INIT;
	int rc = check_work(edit, err);

	if (rc < 0)
		return -1;
	make_status(&status, edit);
	if (edit->is_whole)
		rc = sk_undo_keep(&undo, edit, err);
	if (rc == 0)
		rc = write_work(edit, &status, err);
	if (rc == 0 && !edit->no_commit) {
		rc = commit_all(edit, &status, err);
		if (rc < 0 && err->code != SK_EBUSY)
			sk_edit_fail_commit(edit, err);
	} else if (rc == 0) {
		rc = !is_written;
	}
	if (rc < 0)
		take_back(&undo, edit, err);
	if (!edit->home.status.folder.len && !edit->commit.len)
		sk_str_clear(&edit->aside);
	sk_undo_free(&undo);
	sk_str_free(&status.log);
	sk_str_free(&status.snapshot);
	sk_str_free(&status.torn);
	return rc;
}
