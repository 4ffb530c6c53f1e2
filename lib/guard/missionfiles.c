/* SPDX-License-Identifier: MIT */
#include "guard/missionfiles.h"

#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "base/spawn.h"
#include "git/commitfile.h"
#include "git/walk.h"
#include "git/worktree.h"
#include "mission/names.h"
#include "mission/wpfile.h"

static const char heads[] = "refs/heads/";

/* What is at that path below a tree, a file or a folder. Returns 0; 1; -1. */
static int find(struct sk_oid *out, struct sk_repo *repo,
		const struct sk_oid *tree, const char *path, bool is_dir,
		struct sk_err *err)
{
	struct sk_tree_entry entry;
	int rc = sk_tree_find_path(repo, tree, path, &entry, err);

	if (rc == 0 && !(is_dir ? sk_tree_entry_is_dir(&entry)
				: sk_tree_entry_is_file(&entry)))
		rc = 1;
	if (rc == 0)
		*out = entry.id;
	return rc;
}

/*
 * The mission's folder in the commit of a branch. Returns 0, also when there is
 * no such branch or folder; -1.
 */
static int find_tree(struct sk_oid *out, const struct sk_mission_files *files,
		     const char *ref, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_str path = SK_STR_INIT;
	struct sk_oid tip;
	int rc = sk_repo_resolve(files->repo, ref, &tip, err);

	if (rc < 0)
		return err->code == SK_EUSAGE ? 0 : -1;
	sk_str_addf(&path, "kitty-specs/%s", files->slug.ptr);
	rc = sk_commit_read(&commit, files->repo, &tip, err);
	if (rc == 0)
		rc = find(out, files->repo, &commit->tree, path.ptr, true, err);
	sk_commit_free(commit);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static bool is_lane(const char *ref)
{
	return strncmp(ref, heads, strlen(heads)) == 0 &&
	       sk_branch_has_lane(ref + strlen(heads));
}

static struct sk_mission_copy *add_copy(struct sk_mission_files *files)
{
	struct sk_mission_copy *copy = &files->copies[files->count++];

	copy->folder = (struct sk_str)SK_STR_INIT;
	return copy;
}

static void set_folder(struct sk_str *out, const struct sk_mission_files *files,
		       const char *tree)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/kitty-specs/%s", tree, files->slug.ptr);
}

/* The main checkout, or what HEAD of a bare repository names. */
static int add_main(struct sk_mission_files *files, const char *folder,
		    struct sk_err *err)
{
	struct sk_mission_copy *copy;

	if (sk_spawn_ask(&files->main_ref,
			 (const char *const[]){"git", "rev-parse",
					       "--symbolic-full-name",
					       "main-worktree/HEAD", NULL},
			 err) < 0)
		return -1;
	if (is_lane(files->main_ref.ptr))
		return 0;
	copy = add_copy(files);
	if (folder)
		set_folder(&copy->folder, files, folder);
	return find_tree(&copy->tree, files, "main-worktree/HEAD", err);
}

/* The mission's branch: in <slug>-coord when it carries the status. */
static int add_home(struct sk_mission_files *files, const char *folder,
		    struct sk_err *err)
{
	struct sk_str branch = SK_STR_INIT, tree = SK_STR_INIT;
	struct sk_mission_copy *copy;
	int rc = 0;

	sk_str_puts(&branch, heads);
	sk_mission_branch_add(&branch, files->slug.ptr);
	if (strcmp(branch.ptr, files->main_ref.ptr) != 0) {
		copy = add_copy(files);
		if (folder) {
			sk_str_addf(&tree, "%s/", folder);
			sk_coord_worktree_add(&tree, files->slug.ptr);
			set_folder(&copy->folder, files, tree.ptr);
		}
		rc = find_tree(&copy->tree, files, branch.ptr, err);
	}
	sk_str_free(&tree);
	sk_str_free(&branch);
	return rc;
}

int sk_mission_files_find(struct sk_mission_files *files, struct sk_repo *repo,
			  const struct sk_config *config, const char *slug,
			  struct sk_err *err)
{
	struct sk_str folder = SK_STR_INIT;
	bool has_folder = sk_main_folder(&folder, repo, config) == 0;
	int rc;

	files->repo = repo;
	sk_str_set(&files->slug, slug);
	rc = add_main(files, has_folder ? folder.ptr : NULL, err);
	if (rc == 0)
		rc = add_home(files, has_folder ? folder.ptr : NULL, err);
	sk_str_free(&folder);
	return rc;
}

int sk_mission_files_add_target(struct sk_mission_files *files,
				const char *target, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_mission_copy *copy;
	int rc = 0;

	sk_str_addf(&ref, "%s%s", heads, target);
	if (!is_lane(ref.ptr) && strcmp(ref.ptr, files->main_ref.ptr) != 0 &&
	    files->count < SK_MISSION_COPIES) {
		memmove(files->copies + 1, files->copies,
			files->count * sizeof(*files->copies));
		copy = &files->copies[0];
		*copy = (struct sk_mission_copy){.folder = SK_STR_INIT};
		files->count++;
		rc = find_tree(&copy->tree, files, ref.ptr, err);
	}
	sk_str_free(&ref);
	return rc;
}

void sk_mission_files_free(struct sk_mission_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		sk_str_free(&files->copies[i].folder);
	sk_str_free(&files->main_ref);
	sk_str_free(&files->slug);
	files->count = 0;
}

static int read_blob(struct sk_str *out, struct sk_repo *repo,
		     const struct sk_oid *id, const char *name, size_t max,
		     struct sk_err *err)
{
	struct sk_raw raw = SK_RAW_INIT;
	int rc = sk_repo_read(repo, id, SK_OBJECT_BLOB, &raw, err);

	if (rc > 0)
		rc = sk_fail(err, SK_EDATA, "'%s' is missing in git", name);
	else if (rc == 0 && raw.len > max)
		rc = sk_fail(err, SK_EDATA, "'%s' is larger than %zu bytes",
			     name, max);
	else if (rc == 0)
		sk_str_add(out, raw.data, raw.len);
	sk_raw_release(&raw);
	return rc;
}

/* Returns 0; 1 when the tree is none, or has no such file; -1. */
static int read_in_tree(struct sk_str *out, struct sk_repo *repo,
			const struct sk_oid *tree, const char *name, size_t max,
			struct sk_err *err)
{
	struct sk_oid id;
	int rc = tree->len ? find(&id, repo, tree, name, false, err) : 1;

	return rc == 0 ? read_blob(out, repo, &id, name, max, err) : rc;
}

int sk_mission_files_read_head(struct sk_str *out,
			       const struct sk_mission_files *files,
			       const char *name, size_t max, struct sk_err *err)
{
	struct sk_oid tree = {.len = 0};

	if (find_tree(&tree, files, "HEAD", err) < 0)
		return -1;
	return read_in_tree(out, files->repo, &tree, name, max, err);
}

int sk_mission_copy_read(struct sk_str *out,
			 const struct sk_mission_files *files, size_t copy,
			 const char *name, size_t max, struct sk_err *err)
{
	const struct sk_mission_copy *from = &files->copies[copy];
	struct sk_str path = SK_STR_INIT;
	int rc = 1;

	if (from->folder.len) {
		sk_str_addf(&path, "%s/%s", from->folder.ptr, name);
		rc = sk_file_read(out, path.ptr, max, err);
	}
	if (rc > 0)
		rc = read_in_tree(out, files->repo, &from->tree, name, max,
				  err);
	sk_str_free(&path);
	return rc;
}

int sk_mission_files_read(struct sk_str *out,
			  const struct sk_mission_files *files,
			  const char *name, size_t max, struct sk_err *err)
{
	int rc = 1;

	for (size_t i = 0; rc == 1 && i < files->count; i++)
		rc = sk_mission_copy_read(out, files, i, name, max, err);
	return rc;
}

/* The file of one work package, the first by name. */
struct wp_search {
	const char *wp_id;
	struct sk_str name;
	struct sk_oid id;
};

static bool take_name(struct wp_search *search, const char *name)
{
	char id[SK_WP_ID_MAX];

	if (!sk_wp_name_id(id, name) || strcmp(id, search->wp_id) != 0 ||
	    (search->name.len && strcmp(name, search->name.ptr) >= 0))
		return false;
	sk_str_set(&search->name, name);
	return true;
}

static int take_entry(void *ctx, const struct sk_tree_entry *entry)
{
	struct wp_search *search = ctx;

	if (sk_tree_entry_is_file(entry) && take_name(search, entry->name))
		search->id = entry->id;
	return 0;
}

static int read_wp_file(struct sk_str *out, const struct sk_mission_copy *copy,
			struct wp_search *search, size_t max,
			struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	const struct dirent *entry;
	DIR *dir;
	int rc = 1;

	sk_str_addf(&path, "%s/tasks", copy->folder.ptr);
	dir = copy->folder.len ? opendir(path.ptr) : NULL;
	while (dir && (entry = readdir(dir)))
		take_name(search, entry->d_name);
	if (dir)
		closedir(dir);
	if (search->name.len) {
		sk_str_addf(&path, "/%s", search->name.ptr);
		rc = sk_file_read(out, path.ptr, max, err);
	}
	sk_str_free(&path);
	return rc;
}

static int read_wp_blob(struct sk_str *out,
			const struct sk_mission_files *files,
			const struct sk_mission_copy *copy,
			struct wp_search *search, size_t max,
			struct sk_err *err)
{
	struct sk_oid tasks;
	int rc = 1;

	if (copy->tree.len)
		rc = find(&tasks, files->repo, &copy->tree, "tasks", true, err);
	if (rc == 0)
		rc = sk_tree_each(files->repo, &tasks, take_entry, search, err);
	if (rc == 0)
		rc = search->name.len ? read_blob(out, files->repo, &search->id,
						  search->name.ptr, max, err)
				      : 1;
	return rc;
}

int sk_mission_files_read_wp(struct sk_str *out,
			     const struct sk_mission_files *files,
			     const char *wp_id, size_t max, struct sk_err *err)
{
	struct wp_search search = {.wp_id = wp_id, .name = SK_STR_INIT};
	int rc = 1;

	for (size_t i = 0; rc == 1 && i < files->count; i++) {
		rc = read_wp_file(out, &files->copies[i], &search, max, err);
		if (rc == 1) {
			sk_str_clear(&search.name);
			rc = read_wp_blob(out, files, &files->copies[i],
					  &search, max, err);
		}
	}
	sk_str_free(&search.name);
	return rc;
}
