/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "git/commitfile.h"
#include "git/walk.h"
#include "mission/snapshot.h"
#include "mission/wpfile.h"
#include "workflow/editsave.h"

/* So many work packages are named to who mistypes one. */
enum { NAMED_MAX = 8 };

struct visit {
	sk_edit_name_fn *each;
	void *ctx;
};

static int visit_entry(void *ctx, const struct sk_tree_entry *entry)
{
	const struct visit *visit = ctx;

	if (sk_tree_entry_is_file(entry) || sk_tree_entry_is_dir(entry))
		visit->each(visit->ctx, entry->name);
	return 0;
}

static int each_committed(const struct sk_edit *edit, const char *folder,
			  struct visit *visit, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_str path = SK_STR_INIT;
	struct sk_tree_entry entry;
	int rc = 1;

	sk_edit_add_path(&path, edit, folder);
	if (edit->home.plan.branch.len)
		rc = sk_commit_read(&commit, edit->repo, &edit->home.plan.tip,
				    err);
	if (rc == 0)
		rc = sk_tree_find_path(edit->repo, &commit->tree, path.ptr,
				       &entry, err);
	if (rc == 0 && sk_tree_entry_is_dir(&entry))
		rc = sk_tree_each(edit->repo, &entry.id, visit_entry, visit,
				  err);
	sk_commit_free(commit);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static int each_in_folder(const struct sk_edit *edit, const char *folder,
			  const struct visit *visit, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	struct dirent *entry;
	DIR *dir;
	int rc = 0;

	sk_str_addf(&path, "%s/%s", edit->home.plan.folder.ptr, folder);
	dir = opendir(path.ptr);
	if (!dir && errno != ENOENT && errno != ENOTDIR)
		rc = sk_fail_errno(err, errno, "cannot open '%s'", path.ptr);
	while (dir && (entry = readdir(dir)))
		visit->each(visit->ctx, entry->d_name);
	if (dir)
		closedir(dir);
	sk_str_free(&path);
	return rc;
}

int sk_edit_each_name(const struct sk_edit *edit, const char *folder,
		      sk_edit_name_fn *each, void *ctx, struct sk_err *err)
{
	struct visit visit = {each, ctx};

	return edit->home.plan.folder.len
		       ? each_in_folder(edit, folder, &visit, err)
		       : each_committed(edit, folder, &visit, err);
}

static void sweep(const char *folder, const char *name)
{
	struct sk_str path = SK_STR_INIT;

	sk_str_addf(&path, "%s/%s", folder, name);
	sk_file_sweep(path.ptr);
	sk_str_free(&path);
}

static void sweep_package(void *ctx, const char *name)
{
	const struct sk_edit *edit = ctx;
	struct sk_str path = SK_STR_INIT;
	char id[SK_WP_ID_MAX];

	sk_str_addf(&path, "tasks/%s", name);
	if (sk_wp_name_id(id, name))
		sweep(edit->home.plan.folder.ptr, path.ptr);
	sk_str_free(&path);
}

/* Only of files that are written here: what looks alike is the user's. */
void sk_edit_sweep(struct sk_edit *edit)
{
	static const char *const names[] = {"meta.json", "lanes.json",
					    "tasks.md"};
	const struct visit visit = {sweep_package, edit};
	struct sk_err ignored = {0};

	if (edit->home.status.folder.len) {
		sweep(edit->home.status.folder.ptr, SK_EVENT_LOG_NAME);
		sweep(edit->home.status.folder.ptr, SK_SNAPSHOT_NAME);
	}
	if (!edit->home.plan.folder.len)
		return;
	for (size_t i = 0; i < SK_COUNTOF(names); i++)
		sweep(edit->home.plan.folder.ptr, names[i]);
	if (each_in_folder(edit, "tasks", &visit, &ignored) < 0)
		return; /* who reads it next says why */
}

/* A name that may be the file of a work package. */
struct find {
	const char *wp;
	struct sk_str *name;
	size_t count;
};

static void look_at(void *ctx, const char *name)
{
	struct find *find = ctx;
	char id[SK_WP_ID_MAX];

	if (!sk_wp_name_id(id, name) || strcmp(id, find->wp) != 0)
		return;
	sk_str_set(find->name, "tasks/");
	sk_str_puts(find->name, name);
	find->count++;
}

int sk_edit_find_wp(const struct sk_edit *edit, const char *wp,
		    struct sk_str *name, struct sk_err *err)
{
	struct find find = {.wp = wp, .name = name};

	if (sk_edit_each_name(edit, "tasks", look_at, &find, err) < 0)
		return -1;
	if (find.count > 1) {
		sk_fail(err, SK_EDATA, "two files in tasks/ are %s's", wp);
		return sk_hint(err, "give one of them another name");
	}
	return find.count == 0;
}

int sk_edit_hint_packages(const struct sk_edit *edit, struct sk_err *err)
{
	const struct sk_mission *m = edit->mission;
	struct sk_str names = SK_STR_INIT;

	for (size_t i = 0; i < m->package_count && i < NAMED_MAX; i++)
		sk_str_addf(&names, "%s%.20s", i ? ", " : "",
			    m->packages[i].id);
	if (m->package_count)
		sk_hint(err, "it has %s%s", names.ptr,
			m->package_count > NAMED_MAX ? ", ..." : "");
	sk_str_free(&names);
	return m->package_count ? -1 : 0;
}

int sk_edit_hint_finalize(const struct sk_edit *edit, struct sk_err *err)
{
	return sk_hint(err, "run 'git sk-mission finalize --mission %.100s'",
		       edit->mission->slug);
}

int sk_edit_parse_lanes(struct sk_lanes *out, const struct sk_edit *edit,
			const struct sk_str *text, struct sk_err *err)
{
	if (sk_lanes_read(out, text->ptr, text->len, err) == 0)
		return 0;
	sk_within(err, "'lanes.json'");
	return sk_edit_hint_finalize(edit, err);
}
