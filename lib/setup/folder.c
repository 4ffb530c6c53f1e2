/* SPDX-License-Identifier: MIT */
#include "setup/folder.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/spawn.h"

/* A folder of the repository's own, or one that others share? */
static int check_scope(struct sk_folder *folder, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	const char *value;
	int rc;

	rc = sk_spawn_ask(&text,
			  (const char *const[]){"git", "config", "--show-scope",
						"--get", "core.hooksPath",
						NULL},
			  err);
	value = strchr(text.ptr, '\t');
	if (rc == 0 && (!value || !value[1])) {
		sk_str_puts(&folder->why, "core.hooksPath is set to nothing");
		folder->is_refused = true;
	} else if (rc == 0 && strncmp(text.ptr, "local\t", 6) != 0 &&
		   strncmp(text.ptr, "worktree\t", 9) != 0) {
		sk_str_addf(&folder->why,
			    "core.hooksPath comes from the %.*s configuration,"
			    " other repositories share that folder",
			    (int)(value - text.ptr), text.ptr);
		folder->is_refused = true;
	}
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

/*
 * Any repository may track it: a link can lead into another one's work tree.
 * Git is asked in the folder itself, so its own idea of where it is counts.
 */
static int check_tracked(struct sk_folder *folder, const char *real,
			 struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	rc = sk_spawn_ask(&text,
			  (const char *const[]){
				  "env", "-u", "GIT_DIR", "-u", "GIT_WORK_TREE",
				  "-u", "GIT_INDEX_FILE", "git", "-C", real,
				  "ls-files", "--", ".", NULL},
			  err);
	if (rc == 0 && text.len) {
		sk_str_addf(&folder->why, "git tracks the files in '%s'",
			    folder->path.ptr);
		folder->is_refused = true;
	}
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

static int check_place(struct sk_folder *folder, const char *common,
		       struct sk_err *err)
{
	char real[PATH_MAX];
	struct stat st;

	if (stat(folder->path.ptr, &st) < 0 ||
	    !realpath(folder->path.ptr, real))
		return 0; /* not there yet */
	if (!S_ISDIR(st.st_mode)) {
		sk_str_addf(&folder->why,
			    "core.hooksPath is '%s', which is no folder:"
			    " hooks are switched off",
			    folder->path.ptr);
		folder->is_refused = true;
		return 0;
	}
	if (sk_path_is_inside(real, common))
		return 0;
	return check_tracked(folder, real, err);
}

int sk_folder_find(struct sk_folder *folder, const char *common,
		   const struct sk_config *config, struct sk_err *err)
{
	*folder = (struct sk_folder)SK_FOLDER_INIT;
	if (sk_config_get(config, "core.hooksPath") &&
	    check_scope(folder, err) < 0)
		return -1;
	if (sk_spawn_ask(&folder->path,
			 (const char *const[]){"git", "rev-parse",
					       "--path-format=absolute",
					       "--git-path", "hooks", NULL},
			 err) != 0 &&
	    !folder->is_refused)
		return sk_fail(err, SK_EFAIL,
			       "git does not say where its hooks are");
	if (folder->is_refused)
		return 0;
	return check_place(folder, common, err);
}

void sk_folder_free(struct sk_folder *folder)
{
	sk_str_free(&folder->path);
	sk_str_free(&folder->why);
}
