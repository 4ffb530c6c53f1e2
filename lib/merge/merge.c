/* SPDX-License-Identifier: MIT */
#include "merge/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/merging.h"
#include "mission/eventlog.h"
#include "mission/snapshot.h"

enum { TYPE_MASK = 0170000, TYPE_FILE = 0100000, PATHS_AT_ONCE = 500 };

/* A partial clone has what git merged, and not all that lies beside it. */
static int find_size(size_t *size, struct sk_merging *m,
		     const struct sk_oid *oid, struct sk_err *err)
{
	int rc = sk_repo_blob_size(m->repo, oid, size, err);

	if (rc > 0 && sk_repo_is_partial(m->repo)) {
		if (sk_repo_fetch(m->repo, oid, 1, false, err) < 0)
			return -1;
		rc = sk_repo_blob_size(m->repo, oid, size, err);
	}
	return rc;
}

int sk_merging_read(struct sk_str *out, struct sk_merging *m, const char *id,
		    struct sk_err *err)
{
	struct sk_raw raw = SK_RAW_INIT;
	struct sk_oid oid;
	size_t size = 0;
	int rc = sk_oid_parse(&oid, id);

	if (rc < 0)
		sk_fail(err, SK_EDATA, "'%.80s' is no id", id);
	if (rc == 0)
		rc = find_size(&size, m, &oid, err);
	if (rc == 0 && size > SK_EVENT_LOG_MAX)
		return 1;
	if (rc == 0)
		rc = sk_repo_read(m->repo, &oid, SK_OBJECT_BLOB, &raw, err);
	if (rc > 0)
		rc = sk_fail(err, SK_EDATA, "object %s is missing", id);
	if (rc == 0)
		sk_str_add(out, raw.data, raw.len);
	sk_raw_release(&raw);
	return rc;
}

const struct sk_entry *sk_merging_entry(const struct sk_merging *m,
					const char *path)
{
	for (size_t i = m->put_count; i-- > 0;) {
		if (strcmp(m->puts[i].path, path) == 0)
			return &m->puts[i].entry;
	}
	return sk_entries_get(&m->entries, path);
}

int sk_merging_put(struct sk_merging *m, const char *path,
		   const struct sk_str *text, struct sk_err *err)
{
	struct sk_tree_put put = {.entry.mode = TYPE_FILE | 0644};
	const struct sk_entry *old = sk_merging_entry(m, path);

	/* modes are git's to merge */
	if ((old->mode & TYPE_MASK) == TYPE_FILE)
		put.entry.mode = old->mode;
	if (sk_blob_write(put.entry.id, m->place, text->ptr, text->len, err) <
	    0)
		return -1;
	put.path = sk_strdup(path);
	SK_GROW(m->puts, m->put_count, m->put_cap);
	m->puts[m->put_count++] = put;
	return 0;
}

void sk_merging_tell(struct sk_merging *m, const char *path,
		     enum sk_merge_made made)
{
	struct sk_merge *out = m->out;

	SK_GROW(out->files, out->file_count, out->file_cap);
	out->files[out->file_count++] =
		(struct sk_merge_file){sk_strdup(path), made};
}

static void add_notes(struct sk_merge *out, const char *path,
		      const struct sk_log_merged *merged)
{
	for (size_t i = 0; i < merged->note_count; i++) {
		const struct sk_log_note *note = &merged->notes[i];
		struct sk_str name = SK_STR_INIT;

		sk_log_note_add_name(&name, note);
		SK_GROW(out->notes, out->note_count, out->note_cap);
		out->notes[out->note_count++] = (struct sk_merge_note){
			.kind = note->kind,
			.is_ours = note->is_ours,
			.path = sk_strdup(path),
			.name = sk_str_take(&name),
			.number = note->number,
		};
	}
}

/*
 * The rows of all the bases, in *out: those of histories that cross have some
 * of their own each. Returns as sk_merging_read().
 */
static int read_bases(struct sk_str *out, struct sk_merging *m,
		      const struct sk_both *both, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < both->base_count && rc == 0; i++) {
		struct sk_log_merged merged = SK_LOG_MERGED_INIT;
		struct sk_log_merge in = {.loss = SK_LOG_LOSS_KEEP};

		sk_str_clear(&text);
		rc = sk_merging_read(i ? &text : out, m, both->bases[i].id,
				     err);
		if (rc != 0 || i == 0)
			continue;
		in.ours = (struct sk_log_version){out->ptr, out->len};
		in.theirs = (struct sk_log_version){text.ptr, text.len};
		sk_log_merge(&merged, &in);
		sk_str_clear(out);
		sk_str_add(out, merged.text.ptr, merged.text.len);
		sk_log_merged_free(&merged);
	}
	sk_str_free(&text);
	return rc;
}

/* Whether what git has at the path is these two, be it in a conflict. */
static bool is_of_both(const struct sk_merging *m, const struct sk_both *both)
{
	const struct sk_merged_tree *git = &m->out->git;
	const struct sk_merge_conflict *conflict =
		sk_merged_tree_conflict(git, both->path);

	if ((sk_merging_entry(m, both->path)->mode & TYPE_MASK) != TYPE_FILE)
		return false;
	if (both->other && (sk_merging_entry(m, both->other)->mode ||
			    sk_merged_tree_conflict(git, both->other)))
		return false; /* git has not followed it */
	return !conflict || (strcmp(conflict->stages[SK_STAGE_OURS].id,
				    both->ours.id) == 0 &&
			     strcmp(conflict->stages[SK_STAGE_THEIRS].id,
				    both->theirs.id) == 0);
}

void sk_merging_settle(struct sk_merging *m, const char *path)
{
	const struct sk_merge_conflict *conflict =
		sk_merged_tree_conflict(&m->out->git, path);
	const struct sk_entry *at = conflict ? conflict->stages : NULL;

	if (at && (at[SK_STAGE_OURS].mode == at[SK_STAGE_THEIRS].mode ||
		   at[SK_STAGE_OURS].mode == at[SK_STAGE_BASE].mode ||
		   at[SK_STAGE_THEIRS].mode == at[SK_STAGE_BASE].mode))
		sk_merged_tree_settle(&m->out->git, path);
}

static void add_conflict(struct sk_merging *m, const struct sk_both *both)
{
	struct sk_merge_conflict conflict = {
		.path = both->path,
		.stages[SK_STAGE_OURS] = both->ours,
		.stages[SK_STAGE_THEIRS] = both->theirs,
	};

	if (both->base_count)
		conflict.stages[SK_STAGE_BASE] = both->bases[0];
	sk_merged_tree_unsettle(&m->out->git, &conflict);
}

static int merge_log(struct sk_merging *m, const struct sk_both *both,
		     struct sk_err *err)
{
	struct sk_str base = SK_STR_INIT, ours = SK_STR_INIT,
		      theirs = SK_STR_INIT;
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	struct sk_log_merge in = {.loss = SK_LOG_LOSS_KEEP};
	enum sk_merge_made made = SK_MERGE_LEFT;
	int rc = read_bases(&base, m, both, err);

	if (rc == 0)
		rc = sk_merging_read(&ours, m, both->ours.id, err);
	if (rc == 0)
		rc = sk_merging_read(&theirs, m, both->theirs.id, err);
	if (rc == 0) {
		/* none is an empty one, as git gives it to a driver */
		in.base = (struct sk_log_version){base.ptr, base.len};
		in.ours = (struct sk_log_version){ours.ptr, ours.len};
		in.theirs = (struct sk_log_version){theirs.ptr, theirs.len};
		made = sk_log_merge(&merged, &in) ? SK_MERGE_LOG_CONFLICT
						  : SK_MERGE_LOG;
		rc = sk_merging_put(m, both->path, &merged.text, err);
	}
	if (rc >= 0) {
		add_notes(m->out, both->path, &merged);
		sk_merging_tell(m, both->path, made);
	}
	if (rc == 0 && made == SK_MERGE_LOG_CONFLICT)
		add_conflict(m, both);
	else if (rc == 0)
		sk_merging_settle(m, both->path);
	sk_log_merged_free(&merged);
	sk_str_free(&theirs);
	sk_str_free(&ours);
	sk_str_free(&base);
	return rc < 0 ? -1 : 0;
}

static int merge_logs(struct sk_merging *m, struct sk_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < m->boths.count && rc == 0; i++) {
		const struct sk_both *both = &m->boths.items[i];

		if (!both->is_log)
			continue;
		if (sk_drivers_has(&m->drivers, both->path))
			sk_merging_tell(m, both->path, SK_MERGE_BY_DRIVER);
		else if (!is_of_both(m, both))
			sk_merging_tell(m, both->path, SK_MERGE_LEFT);
		else
			rc = merge_log(m, both, err);
	}
	return rc;
}

static void add_path(struct sk_git_args *paths, const char *folder,
		     const char *name)
{
	struct sk_str path = SK_STR_INIT;

	sk_str_addf(&path, "%s%s", folder, name);
	sk_git_args_add(paths, sk_str_take(&path));
}

static void free_paths(struct sk_git_args *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free((char *)paths->args[i]);
	free(paths->args);
	*paths = (struct sk_git_args){0};
}

/* The folders of the missions, each once. */
static void list_folders(struct sk_merging *m)
{
	struct sk_map seen = SK_MAP_INIT;

	for (size_t i = 0; i < m->boths.count; i++) {
		const char *path = m->boths.items[i].path;
		size_t len = (size_t)(strrchr(path, '/') + 1 - path);
		bool added;

		sk_map_add(&seen, path, len, 1, &added);
		if (added)
			sk_git_args_add(&m->folders, sk_strndup(path, len));
	}
	sk_map_free(&seen);
}

/* Some at a time: a list of arguments has an end. */
static int read_entries(struct sk_merging *m, const struct sk_git_args *paths,
			struct sk_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < paths->count && rc == 0; i += PATHS_AT_ONCE) {
		const char *some[PATHS_AT_ONCE + 1] = {NULL};

		for (size_t j = 0; j < PATHS_AT_ONCE && i + j < paths->count;
		     j++)
			some[j] = paths->args[i + j];
		rc = sk_entries_of_tree(&m->entries, m->place, m->out->git.tree,
					some, err);
	}
	return rc;
}

/* What git's tree has, and which drivers, at all paths that matter. */
static int look(struct sk_merging *m, struct sk_err *err)
{
	struct sk_git_args driven = {0}, others = {0};
	struct sk_str none = SK_STR_INIT;
	int rc;

	list_folders(m);
	for (size_t i = 0; i < m->folders.count; i++) {
		const char *folder = m->folders.args[i];

		add_path(&driven, folder, SK_EVENT_LOG_NAME);
		add_path(&driven, folder, SK_SNAPSHOT_NAME);
		add_path(&others, folder, SK_MERGE_META);
	}
	for (size_t i = 0; i < m->boths.count; i++) {
		if (m->boths.items[i].other)
			add_path(&others, m->boths.items[i].other, "");
	}
	sk_str_addf(&none, "%s/sk-no-index", sk_repo_common_dir(m->repo));
	rc = sk_drivers_ask(&m->drivers, m->place, none.ptr, driven.args, err);
	if (rc == 0)
		rc = read_entries(m, &driven, err);
	if (rc == 0)
		rc = read_entries(m, &others, err);
	sk_str_free(&none);
	free_paths(&others);
	free_paths(&driven);
	return rc;
}

static int write_tree(struct sk_merging *m, struct sk_err *err)
{
	char *tree = m->out->git.tree;

	return m->put_count ? sk_tree_write(tree, m->repo, m->place, tree,
					    m->puts, m->put_count, err)
			    : 0;
}

int sk_merge_commits(struct sk_merge *out, struct sk_repo *repo,
		     const struct sk_git_place *place, const char *ours,
		     const char *theirs, struct sk_err *err)
{
	struct sk_merging m = {.out = out, .repo = repo, .place = place};
	int rc;

	*out = (struct sk_merge){.git = SK_MERGED_TREE_INIT};
	rc = sk_merge_trees(&out->git, place, ours, theirs, err);
	if (rc >= 0)
		rc = sk_boths_find(&m.boths, repo, place, ours, theirs, err);
	if (rc == 0 && m.boths.count)
		rc = look(&m, err);
	if (rc == 0)
		rc = merge_logs(&m, err);
	if (rc == 0)
		rc = sk_merging_statuses(&m, err);
	if (rc == 0)
		rc = write_tree(&m, err);
	for (size_t i = 0; i < m.put_count; i++)
		free((char *)m.puts[i].path);
	free(m.puts);
	free_paths(&m.folders);
	sk_entries_free(&m.entries);
	sk_drivers_free(&m.drivers);
	sk_boths_free(&m.boths);
	return rc < 0 ? -1 : out->git.conflict_count > 0;
}

void sk_merge_free(struct sk_merge *merge)
{
	for (size_t i = 0; i < merge->file_count; i++)
		free(merge->files[i].path);
	for (size_t i = 0; i < merge->note_count; i++) {
		free(merge->notes[i].path);
		free(merge->notes[i].name);
	}
	free(merge->files);
	free(merge->notes);
	sk_merged_tree_free(&merge->git);
	*merge = (struct sk_merge){.git = SK_MERGED_TREE_INIT};
}
