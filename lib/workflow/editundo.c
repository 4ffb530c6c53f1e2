/* SPDX-License-Identifier: MIT */
#include "workflow/editundo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "mission/snapshot.h"

/* The places of what every change writes. */
enum { LOG, STATUS, PLAN };

void sk_undo_free(struct sk_undo *undo)
{
	for (size_t i = 0; i < undo->count; i++) {
		free(undo->files[i].path);
		sk_str_free(&undo->files[i].text);
	}
	free(undo->files);
	*undo = (struct sk_undo)SK_UNDO_INIT;
}

/* Without a work tree there is no file, and a path of NULL. */
static int keep(struct sk_undo *undo, const struct sk_mission_place *place,
		const char *name, struct sk_err *err)
{
	struct sk_undo_file file = {.text = SK_STR_INIT};
	struct sk_str path = SK_STR_INIT;
	int rc = 1;

	if (place->folder.len) {
		sk_str_addf(&path, "%s/%s", place->folder.ptr, name);
		rc = sk_file_read(&file.text, path.ptr, SK_EVENT_LOG_MAX, err);
		file.path = sk_str_take(&path);
	}
	file.was_there = rc == 0;
	SK_GROW(undo->files, undo->count, undo->cap);
	undo->files[undo->count++] = file;
	return rc < 0 ? -1 : 0;
}

int sk_undo_keep(struct sk_undo *undo, const struct sk_edit *edit,
		 struct sk_err *err)
{
	if (keep(undo, &edit->home.status, SK_EVENT_LOG_NAME, err) < 0 ||
	    keep(undo, &edit->home.status, SK_SNAPSHOT_NAME, err) < 0)
		return -1;
	for (size_t i = 0; i < edit->file_count; i++) {
		if (keep(undo, &edit->home.plan, edit->files[i].name, err) < 0)
			return -1;
	}
	return 0;
}

static bool is(const struct sk_str *a, const char *data, size_t len)
{
	return a->len == len && memcmp(a->ptr, data, len) == 0;
}

/* Make the file, which is `now`, these bytes; none where there was none. */
static int write_back(const struct sk_undo_file *file, const struct sk_str *now,
		      const char *data, size_t len, struct sk_err *err)
{
	struct stat st;

	if (!file->was_there && !len) {
		if (unlink(file->path) < 0 && errno != ENOENT)
			return sk_fail_errno(err, errno, "cannot remove '%s'",
					     file->path);
		return 0;
	}
	if (is(now, data, len))
		return 0;
	return sk_file_write(
		file->path, data, len,
		stat(file->path, &st) == 0 ? st.st_mode & 0777 : 0644, err);
}

/* Cut our lines off the end of the log. Returns 0; 1 when they stay; -1. */
static int undo_log(const struct sk_undo *undo, const struct sk_str *lines,
		    struct sk_err *err)
{
	const struct sk_undo_file *log = &undo->files[LOG];
	struct sk_str now = SK_STR_INIT;
	size_t len = lines->len;
	int rc;

	if (!log->path || !len)
		return 0;
	rc = sk_file_read(&now, log->path, SK_EVENT_LOG_MAX, err);
	if (rc == 0 && !is(&now, log->text.ptr, log->text.len)) {
		if (now.len >= len &&
		    memcmp(now.ptr + now.len - len, lines->ptr, len) == 0)
			rc = write_back(log, &now, now.ptr, now.len - len, err);
		else
			rc = 1;
	} else if (rc == 1) {
		rc = 0; /* it was never made */
	}
	sk_str_free(&now);
	return rc;
}

/* status.json is made of the log, and is nobody else's. */
static int undo_status(const struct sk_undo *undo, struct sk_err *err)
{
	const struct sk_undo_file *status = &undo->files[STATUS];
	struct sk_str now = SK_STR_INIT;
	int rc;

	if (!status->path)
		return 0;
	rc = sk_file_read(&now, status->path, SK_EVENT_LOG_MAX, err);
	if (rc >= 0)
		rc = write_back(status, &now, status->text.ptr,
				status->text.len, err);
	sk_str_free(&now);
	return rc;
}

static int undo_file(const struct sk_undo_file *old, const struct sk_str *made,
		     struct sk_err *err)
{
	struct sk_str now = SK_STR_INIT;
	int rc = 0;

	if (!old->path)
		return 0;
	rc = sk_file_read(&now, old->path, SK_EVENT_LOG_MAX, err);
	if (rc == 0 && is(&now, made->ptr, made->len))
		rc = write_back(old, &now, old->text.ptr, old->text.len, err);
	else if (rc >= 0)
		rc = old->was_there && !is(&now, old->text.ptr, old->text.len);
	sk_str_free(&now);
	return rc;
}

int sk_undo_run(const struct sk_undo *undo, const struct sk_edit *edit,
		struct sk_err *err)
{
	int rc, stays = 0;

	if (undo->count < PLAN)
		return 0;
	rc = undo_log(undo, &edit->lines, err);
	if (rc == 0 && edit->lines.len)
		rc = undo_status(undo, err);
	for (size_t i = PLAN; rc >= 0 && i < undo->count; i++) {
		stays |= rc;
		rc = 0;
		if (i - PLAN < edit->file_count)
			rc = undo_file(&undo->files[i],
				       &edit->files[i - PLAN].work, err);
	}
	return rc < 0 ? -1 : stays | rc;
}
