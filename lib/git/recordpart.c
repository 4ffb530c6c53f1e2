/* SPDX-License-Identifier: MIT */
#include "git/recordpart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "git/indexfollow.h"
#include "git/source.h"

enum { TYPE_MASK = 0170000, TYPE_FILE = 0100000 };

int sk_recording_ask(char hex[SK_HEX_LEN + 1], const struct sk_git_place *place,
		     const char *const args[], struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	struct sk_oid oid;
	int rc = sk_git_run(&said, NULL, place, NULL, args, err);

	hex[0] = '\0';
	sk_str_rtrim(&said);
	if (rc == 0 && sk_oid_parse(&oid, said.ptr) < 0)
		rc = sk_fail(err, SK_EDATA, "git %s says '%.80s'", args[0],
			     said.ptr);
	else if (rc == 0)
		sk_oid_hex(hex, &oid);
	sk_str_free(&said);
	return rc < 0 ? -1 : 0;
}

int sk_recording_begin(struct sk_recording *rec, struct sk_err *err)
{
	const struct sk_record *record = rec->record;

	rec->is_sha256 = rec->repo->layout.is_sha256;
	rec->hold.ours = rec->hold.index = -1;
	rec->meant = sk_calloc(record->count + 1, sizeof(*rec->meant));
	for (size_t i = 0; i < record->count; i++)
		sk_git_args_add(&rec->paths, record->files[i].path);
	if (sk_hold_enter(&rec->hold, rec->git_dir.ptr, err) < 0)
		return -1;
	sk_hold_add_name(&rec->index, &rec->hold, "");
	rec->beside = rec->place;
	rec->beside.index = rec->index.ptr;
	return 0;
}

void sk_recording_end(struct sk_recording *rec)
{
	if (rec->index.len)
		unlink(rec->index.ptr);
	sk_hold_leave(&rec->hold);
	sk_str_free(&rec->index);
	sk_str_free(&rec->git_dir);
	free(rec->paths.args);
	free(rec->meant);
}

/* Set tip, to nothing where HEAD is unborn. A process less than asking git. */
static int read_head(struct sk_recording *rec, struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;
	struct sk_oid tip;
	int rc = sk_repo_head(rec->repo, &tip, &name, err);

	*rec->tip = '\0';
	if (rc == 0)
		sk_oid_hex(rec->tip, &tip);
	sk_str_free(&name);
	return rc < 0 ? -1 : 0;
}

static int ask_tip(struct sk_recording *rec, const char *ref,
		   struct sk_err *err)
{
	struct sk_str commit = SK_STR_INIT;
	int rc;

	sk_str_addf(&commit, "%s^{commit}", ref);
	rc = sk_recording_ask(rec->tip, &rec->place,
			      (const char *const[]){"rev-parse", "-q",
						    "--verify", commit.ptr,
						    NULL},
			      err);
	sk_str_free(&commit);
	return rc;
}

int sk_recording_look(struct sk_recording *rec, const char *ref,
		      struct sk_err *err)
{
	int rc = rec->is_ours ? read_head(rec, err) : ask_tip(rec, ref, err);

	memcpy(rec->tree, rec->tip, sizeof(rec->tree));
	if (rc == 0 && !*rec->tip)
		rc = sk_recording_ask(rec->tree, &rec->place,
				      (const char *const[]){"hash-object", "-w",
							    "-t", "tree",
							    "--stdin", NULL},
				      err);
	return rc;
}

int sk_recording_has_moved(struct sk_recording *rec, const char *ref,
			   const struct sk_str *said, struct sk_err *err)
{
	char tip[SK_HEX_LEN + 1];

	memcpy(tip, rec->tip, sizeof(tip));
	if (sk_recording_look(rec, ref, err) < 0)
		return -1;
	return strcmp(tip, rec->tip) != 0 ||
	       (strstr(said->ptr, ".lock'") &&
		++rec->locked < SK_RECORD_LOCK_TRIES);
}

static bool has_crlf(const char *data, size_t len)
{
	return memmem(data, len, "\r\n", 2) != NULL;
}

/*
 * Git lets the line ends of a file be that has CRLF in the repository, also
 * where core.autocrlf would make LF of them; hash-object does not look.
 */
static int keeps_crlf(const struct sk_recording *rec,
		      const struct sk_record_file *file,
		      const struct sk_entry *old, struct sk_err *err)
{
	struct sk_str bytes = SK_STR_INIT;
	int rc;

	if (!old->mode || !has_crlf(file->data, file->len))
		return 0;
	rc = sk_git_must(
		&bytes, &rec->place, NULL,
		(const char *const[]){"cat-file", "blob", old->id, NULL}, err);
	if (rc == 0)
		rc = has_crlf(bytes.ptr, bytes.len);
	sk_str_free(&bytes);
	return rc;
}

/* As 'git add' would: the filters that the path has run over it. */
static int make_blob(struct sk_entry *out, const struct sk_recording *rec,
		     const struct sk_record_file *file,
		     const struct sk_entry *old, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, id = SK_STR_INIT;
	const char *args[] = {"-c",	     "core.autocrlf=false",
			      "hash-object", "-w",
			      "--stdin",     NULL,
			      NULL};
	int rc = keeps_crlf(rec, file, old, err);

	sk_str_addf(&path, "--path=%s", file->path);
	args[5] = path.ptr;
	if (rc >= 0)
		rc = sk_git_must(
			&id, &rec->place,
			&(struct sk_feed){.data = file->data, .len = file->len},
			rc ? args : args + 2, err);
	sk_str_rtrim(&id);
	snprintf(out->id, sizeof(out->id), "%s", id.ptr);
	out->mode = file->mode	? TYPE_FILE | (file->mode & 0777)
		    : old->mode ? old->mode
				: (TYPE_FILE | 0644);
	sk_str_free(&id);
	sk_str_free(&path);
	return rc < 0 ? sk_within(err, "'%s'", file->path) : 0;
}

static int check_base(const struct sk_recording *rec,
		      const struct sk_entries *olds, struct sk_err *err)
{
	const struct sk_record *record = rec->record;
	struct sk_entries bases = {0};
	char base[SK_HEX_LEN + 1];
	int rc;

	if (!record->base)
		return 0;
	sk_oid_hex(base, record->base);
	if (strcmp(base, rec->tip) == 0)
		return 0;
	rc = sk_entries_of_tree(&bases, &rec->place, base, rec->paths.args,
				err);
	for (size_t i = 0; i < record->count && rc == 0; i++) {
		const char *path = record->files[i].path;

		if (sk_entry_equal(sk_entries_get(&bases, path),
				   sk_entries_get(olds, path)))
			continue;
		rc = sk_fail(err, SK_EBUSY,
			     "'%s' has changed on '%s' meanwhile", path,
			     record->branch);
		sk_hint(err, "run the command again");
	}
	sk_entries_free(&bases);
	return rc;
}

int sk_recording_make_blobs(struct sk_recording *rec, struct sk_err *err)
{
	const struct sk_record *record = rec->record;
	struct sk_entries olds = {0};
	size_t same = 0;
	int rc = sk_entries_of_tree(&olds, &rec->place, rec->tree,
				    rec->paths.args, err);

	if (rc == 0)
		rc = check_base(rec, &olds, err);
	for (size_t i = 0; i < record->count && rc == 0; i++) {
		const struct sk_record_file *file = &record->files[i];
		const struct sk_entry *old = sk_entries_get(&olds, file->path);

		rec->meant[i] = (struct sk_entry){0};
		if (old->mode && (old->mode & TYPE_MASK) != TYPE_FILE)
			rc = sk_fail(err, SK_EDATA,
				     "'%s' is no file on '%s', but a folder,"
				     " link or submodule",
				     file->path, record->branch);
		else if (!file->is_gone)
			rc = make_blob(&rec->meant[i], rec, file, old, err);
		if (rc == 0)
			same += sk_entry_equal(&rec->meant[i], old);
	}
	sk_entries_free(&olds);
	return rc < 0 ? -1 : same == record->count;
}

/*
 * A file gives way to a folder of its name, without a word of git's: nothing
 * but our paths may differ.
 */
static int check_index(const struct sk_recording *rec, struct sk_err *err)
{
	struct sk_map ours = SK_MAP_INIT;
	struct sk_str said = SK_STR_INIT;
	int rc;

	for (size_t i = 0; i < rec->record->count; i++)
		sk_map_add(&ours, rec->paths.args[i],
			   strlen(rec->paths.args[i]), 0, NULL);
	rc = sk_git_must(&said, &rec->beside, NULL,
			 (const char *const[]){"diff-index", "--cached", "-z",
					       "--no-renames", "--name-only",
					       rec->tree, NULL},
			 err);
	for (const char *at = said.ptr; rc == 0 && at < said.ptr + said.len;
	     at += strlen(at) + 1) {
		if (sk_map_get(&ours, at, strlen(at)))
			continue;
		rc = sk_fail(err, SK_EDATA, "'%s' on '%s' is in the way", at,
			     rec->record->branch);
		sk_hint(err, "it is a file where a folder is needed, or a"
			     " folder where a file is: move it away");
	}
	sk_str_free(&said);
	sk_map_free(&ours);
	return rc;
}

int sk_recording_make_index(struct sk_recording *rec, struct sk_err *err)
{
	const char *args[] = {"read-tree", "--reset", NULL, NULL};
	struct sk_str info = SK_STR_INIT;
	int rc;

	for (size_t i = 0; i < rec->record->count; i++)
		sk_entry_add_info(&info, &rec->meant[i],
				  rec->record->files[i].path, rec->is_sha256);
	/* what a copy knows of the work tree's files is worth keeping */
	if (!*rec->tip)
		args[1] = "--empty";
	else if (rec->record->folder)
		args[2] = rec->tip;
	else
		args[1] = rec->tip;
	rc = sk_git_must(NULL, &rec->beside, NULL, args, err);
	if (rc == 0)
		rc = sk_git_must(
			NULL, &rec->beside,
			&(struct sk_feed){.data = info.ptr, .len = info.len},
			(const char *const[]){"update-index", "-z",
					      "--index-info", NULL},
			err);
	sk_str_free(&info);
	return rc == 0 ? check_index(rec, err) : rc;
}

int sk_recording_write_tree(struct sk_recording *rec, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	struct sk_oid oid;
	int rc = sk_git_must(&said, &rec->beside, NULL,
			     (const char *const[]){"write-tree", NULL}, err);

	sk_str_rtrim(&said);
	if (rc == 0 && (rc = sk_oid_parse(&oid, said.ptr)) == 0)
		sk_oid_hex(rec->made, &oid);
	sk_str_free(&said);
	return rc;
}
