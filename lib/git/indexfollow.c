/* SPDX-License-Identifier: MIT */
#include "git/indexfollow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "git/treediff.h"

enum {
	INDEX_MAX = 1 << 30, /* bytes of an index, or of one file in it */
	ARGS_MAX = 500,	     /* beyond, the whole index is listed */
};

struct lists {
	struct sk_str info;    /* for update-index --index-info */
	struct sk_str skipped; /* for update-index --skip-worktree */
};

/*
 * Git looks into each file that is no older than the index, whatever else it
 * knows of it: a copy that is younger would hide an edit.
 */
static int set_age(const char *path, const char *like)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}};
	struct stat st;

	if (stat(like, &st) < 0)
		return -1;
	times[1] = st.st_mtim;
	return utimensat(AT_FDCWD, path, times, 0);
}

static int copy(const char *from, const char *to, struct sk_err *err)
{
	struct sk_str bytes = SK_STR_INIT;
	int rc = sk_file_read(&bytes, from, INDEX_MAX, err);

	if (rc == 0)
		rc = sk_file_write_unsynced(to, bytes.ptr, bytes.len, 0600,
					    err);
	else if (rc > 0 && unlink(to) < 0 && errno != ENOENT)
		rc = sk_fail_errno(err, errno, "cannot remove '%s'", to);
	if (rc == 0 && set_age(to, from) < 0)
		rc = sk_fail_errno(err, errno, "cannot date '%s'", to);
	sk_str_free(&bytes);
	return rc < 0 ? -1 : 0;
}

static void add_index(struct sk_str *out, const struct sk_hold *hold)
{
	sk_str_addf(out, "%s/index", hold->git_dir);
}

int sk_index_copy(const struct sk_hold *hold, const char *path,
		  struct sk_err *err)
{
	struct sk_str index = SK_STR_INIT;
	int rc;

	add_index(&index, hold);
	rc = copy(index.ptr, path, err);
	sk_str_free(&index);
	return rc;
}

int sk_index_put_back(const struct sk_hold *hold, struct sk_err *err)
{
	struct sk_str index = SK_STR_INIT, was = SK_STR_INIT;
	int rc = 0;

	add_index(&index, hold);
	sk_hold_add_was(&was, hold);
	if (rename(was.ptr, index.ptr) < 0 && errno != ENOENT)
		rc = sk_fail_errno(err, errno, "cannot replace '%s'",
				   index.ptr);
	sk_str_free(&was);
	sk_str_free(&index);
	return rc;
}

/*
 * Keep the index, whole or not at all; where there is none yet, one that says
 * so. One that is kept already is what it was before we came.
 */
static int keep(const char *was, const char *index,
		const struct sk_git_place *place, struct sk_err *err)
{
	struct sk_git_place beside = *place;

	if (link(index, was) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT) /* a file system without hard links */
		return copy(index, was, err);
	beside.index = was;
	return sk_git_must(NULL, &beside, NULL,
			   (const char *const[]){"read-tree", "--empty", NULL},
			   err);
}

/* Set a file of our own, named by `end`, to what an entry holds. */
static int put_blob(struct sk_str *name, const struct sk_hold *hold,
		    const struct sk_git_place *place, const char *end,
		    const struct sk_entry *entry, struct sk_err *err)
{
	struct sk_str bytes = SK_STR_INIT;
	int rc = 0;

	sk_hold_add_name(name, hold, end);
	if (entry->mode)
		rc = sk_git_must(&bytes, place, NULL,
				 (const char *const[]){"cat-file", "blob",
						       entry->id, NULL},
				 err);
	if (rc == 0)
		rc = sk_file_write_unsynced(name->ptr, bytes.ptr, bytes.len,
					    0600, err);
	sk_str_free(&bytes);
	return rc;
}

static bool is_file(const struct sk_entry *entry)
{
	return (entry->mode & 0170000) == 0100000;
}

/*
 * Merge what is staged with our change, our side where they meet. Returns 0;
 * 1 when it is no text; -1.
 */
static int merge(struct sk_entry *out, const struct sk_hold *hold,
		 const struct sk_git_place *place,
		 const struct sk_entry *const sides[3], struct sk_err *err)
{
	static const char *const ends[] = {".staged", ".old", ".new"};
	struct sk_str names[3] = {SK_STR_INIT, SK_STR_INIT, SK_STR_INIT};
	struct sk_str bytes = SK_STR_INIT, id = SK_STR_INIT;
	int rc = 0;

	for (int i = 0; i < 3 && rc == 0; i++)
		rc = put_blob(&names[i], hold, place, ends[i], sides[i], err);
	if (rc == 0)
		rc = sk_git_run(&bytes, NULL, place, NULL,
				(const char *const[]){"merge-file", "-p", "-q",
						      "--theirs", names[0].ptr,
						      names[1].ptr,
						      names[2].ptr, NULL},
				err);
	if (rc == 0)
		rc = sk_git_must(
			&id, place,
			&(struct sk_feed){.data = bytes.ptr, .len = bytes.len},
			(const char *const[]){"hash-object", "-w", "--stdin",
					      NULL},
			err);
	if (rc == 0) {
		sk_str_rtrim(&id);
		*out = (struct sk_entry){.mode = sides[0]->mode};
		snprintf(out->id, sizeof(out->id), "%s", id.ptr);
	}
	for (int i = 0; i < 3; i++) {
		unlink(names[i].ptr);
		sk_str_free(&names[i]);
	}
	sk_str_free(&id);
	sk_str_free(&bytes);
	return rc;
}

/* What the index shall have at a path. Returns 0; 1: what it has; -1. */
static int decide(struct sk_entry *out, const struct sk_hold *hold,
		  const struct sk_git_place *place,
		  const struct sk_entry *staged, const struct sk_entry *old,
		  const struct sk_entry *new, struct sk_err *err)
{
	int rc;

	if (sk_entry_equal(staged, new) || staged->is_unmerged)
		return 1;
	*out = *new;
	if (sk_entry_equal(staged, old))
		return 0;
	if (!staged->mode || !new->mode || !is_file(staged) || !is_file(new))
		return 1;
	rc = merge(out, hold, place,
		   (const struct sk_entry *const[]){staged, old, new}, err);
	if (rc > 0)
		*out = *new;
	return rc < 0 ? -1 : 0;
}

/* A file that a sparse checkout left out is not missed in the work tree. */
static bool is_left_out(const struct sk_git_place *place,
			const struct sk_entry *staged, const char *path)
{
	struct sk_str file = SK_STR_INIT;
	bool left_out = staged->is_skipped;

	sk_str_addf(&file, "%s/%s", place->folder, path);
	left_out = left_out && access(file.ptr, F_OK) < 0;
	sk_str_free(&file);
	return left_out;
}

static int make_lists(struct lists *out, const struct sk_hold *hold,
		      const struct sk_git_place *place,
		      const struct sk_tree_changes *changes, bool is_sha256,
		      struct sk_err *err)
{
	struct sk_entries index = {0};
	int rc = sk_entries_of_index(
		&index, place,
		changes->count > ARGS_MAX ? NULL : changes->paths.args, err);

	for (size_t i = 0; i < changes->count && rc >= 0; i++) {
		const char *path = changes->paths.args[i];
		const struct sk_entry *staged = sk_entries_get(&index, path);
		struct sk_entry entry;

		rc = decide(&entry, hold, place, staged, &changes->olds[i],
			    &changes->news[i], err);
		if (rc != 0)
			continue;
		sk_entry_add_info(&out->info, &entry, path, is_sha256);
		if (entry.mode && is_left_out(place, staged, path))
			sk_str_add(&out->skipped, path, strlen(path) + 1);
	}
	sk_entries_free(&index);
	return rc < 0 ? -1 : 0;
}

/* The index as it shall be, beside it, then in its place. */
static int replace_index(const struct sk_hold *hold,
			 const struct sk_git_place *place,
			 const struct lists *lists, struct sk_err *err)
{
	struct sk_str next = SK_STR_INIT, index = SK_STR_INIT;
	struct sk_git_place beside = *place;
	int rc;

	sk_hold_add_name(&next, hold, ".next");
	add_index(&index, hold);
	beside.index = next.ptr;
	rc = copy(place->index, next.ptr, err);
	if (rc == 0)
		rc = sk_git_must(NULL, &beside,
				 &(struct sk_feed){.data = lists->info.ptr,
						   .len = lists->info.len},
				 (const char *const[]){"update-index", "-z",
						       "--index-info", NULL},
				 err);
	if (rc == 0 && lists->skipped.len)
		rc = sk_git_must(NULL, &beside,
				 &(struct sk_feed){.data = lists->skipped.ptr,
						   .len = lists->skipped.len},
				 (const char *const[]){"update-index",
						       "--skip-worktree", "-z",
						       "--stdin", NULL},
				 err);
	/* so that plumbing, which does not look twice, finds it clean too */
	if (rc == 0 && sk_git_run(NULL, NULL, &beside, NULL,
				  (const char *const[]){"update-index", "-q",
							"--refresh", NULL},
				  err) < 0)
		rc = -1;
	if (rc == 0 && rename(next.ptr, index.ptr) < 0)
		rc = sk_fail_errno(err, errno, "cannot replace '%s'",
				   index.ptr);
	if (rc < 0)
		unlink(next.ptr);
	sk_str_free(&index);
	sk_str_free(&next);
	return rc;
}

int sk_index_follow(const struct sk_hold *hold,
		    const struct sk_git_place *place, const char *from,
		    const char *to, bool is_sha256, struct sk_err *err)
{
	struct sk_tree_changes changes = SK_TREE_CHANGES_INIT;
	struct lists lists = {SK_STR_INIT, SK_STR_INIT};
	struct sk_str was = SK_STR_INIT, index = SK_STR_INIT;
	struct sk_git_place then = *place;
	int rc = sk_tree_changes_read(&changes, place, from, to, err);

	add_index(&index, hold);
	sk_hold_add_was(&was, hold);
	then.index = was.ptr;
	if (rc == 0 && changes.count)
		rc = keep(was.ptr, index.ptr, place, err);
	if (rc == 0 && changes.count)
		rc = make_lists(&lists, hold, &then, &changes, is_sha256, err);
	if (rc == 0 && lists.info.len)
		rc = replace_index(hold, &then, &lists, err);
	else if (rc == 0)
		rc = sk_index_put_back(hold, err);
	sk_str_free(&index);
	sk_str_free(&was);
	sk_str_free(&lists.info);
	sk_str_free(&lists.skipped);
	sk_tree_changes_free(&changes);
	return rc;
}
