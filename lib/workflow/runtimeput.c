/* SPDX-License-Identifier: MIT */
#include "workflow/runtime.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "workflow/filelist.h"
#include "workflow/runtimesums.h"

#define LOCK_FILE "cache/.update.lock"
#define STAGING	  ".kittify_update_"

enum { LOCK_WAIT_MS = 10000 };

static void set_path(struct sk_str *out, const char *home, const char *name)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/%s", home, name);
}

/* What runs that were killed have left; nobody else is at work, by the lock. */
static int sweep(const char *home, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	DIR *dir = opendir(home);
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return sk_fail_errno(err, errno, "cannot read the folder '%s'",
				     home);
	while (rc == 0 && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, STAGING, strlen(STAGING)) != 0)
			continue;
		set_path(&path, home, entry->d_name);
		rc = sk_folder_remove(path.ptr, err);
	}
	closedir(dir);
	sk_str_free(&path);
	return rc;
}

/* Said before a file is there, and never taken back: nothing of ours may pass
 * for the user's because a run ended between the two. */
static int remember(const struct sk_runtime *runtime, struct sk_err *err)
{
	struct sk_str sums = SK_STR_INIT;
	int rc = sk_sums_read(&sums, runtime->home.ptr, err);

	for (size_t i = 0; i < runtime->count; i++) {
		const struct sk_runtime_file *file = &runtime->files[i];

		sk_sums_add(&sums, file->name, file->text.ptr, file->text.len);
	}
	if (rc == 0)
		rc = sk_sums_write(&sums, runtime->home.ptr, err);
	sk_str_free(&sums);
	return rc;
}

static bool is_work(const struct sk_runtime_file *file)
{
	return file->step == SK_RUNTIME_PUT || file->step == SK_RUNTIME_REPLACE;
}

static int stage(const struct sk_runtime *runtime, const char *folder,
		 struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < runtime->count && rc == 0; i++) {
		const struct sk_runtime_file *file = &runtime->files[i];

		if (!is_work(file))
			continue;
		set_path(&path, folder, file->name);
		rc = sk_mkdir_for(path.ptr, err);
		if (rc == 0)
			rc = sk_file_write(path.ptr, file->text.ptr,
					   file->text.len, 0644, err);
	}
	sk_str_free(&path);
	return rc;
}

/*
 * Move a staged file to its place, or the highest folder above it that is not
 * there, with all that is staged in it.
 */
static int place(const char *home, const char *folder, const char *name,
		 struct sk_err *err)
{
	struct sk_str from = SK_STR_INIT, to = SK_STR_INIT;
	const char *slash = name;
	struct stat st;
	int ret = 0;

	do {
		slash = strchr(slash + 1, '/');
		sk_str_clear(&from);
		sk_str_clear(&to);
		sk_str_addf(&from, "%s/%.*s", folder,
			    slash ? (int)(slash - name) : (int)strlen(name),
			    name);
		sk_str_addf(&to, "%s%s", home, from.ptr + strlen(folder));
	} while (slash && stat(to.ptr, &st) == 0);
	if (rename(from.ptr, to.ptr) == 0)
		ret = sk_file_sync_name(to.ptr, err);
	else if (errno != ENOENT) /* it went along with its folder */
		ret = sk_fail_errno(err, errno, "cannot put '%s' in place",
				    to.ptr);
	sk_str_free(&from);
	sk_str_free(&to);
	return ret;
}

static int put_in_place(const struct sk_runtime *runtime, struct sk_err *err)
{
	struct sk_str folder = SK_STR_INIT, path = SK_STR_INIT;
	const char *home = runtime->home.ptr;
	int rc = -1;

	set_path(&folder, home, STAGING "XXXXXX");
	if (!mkdtemp(folder.ptr)) {
		sk_fail_errno(err, errno, "cannot create '%s'", folder.ptr);
		goto out;
	}
	rc = stage(runtime, folder.ptr, err);
	for (size_t i = 0; i < runtime->count && rc == 0; i++) {
		if (is_work(&runtime->files[i]))
			rc = place(home, folder.ptr, runtime->files[i].name,
				   err);
	}
	if (sk_folder_remove(folder.ptr, rc == 0 ? err : &(struct sk_err){0}) <
	    0)
		rc = -1;
	if (rc == 0) {
		set_path(&path, home, SK_RUNTIME_VERSION_FILE);
		rc = sk_file_write(path.ptr, SK_RUNTIME_VERSION "\n",
				   strlen(SK_RUNTIME_VERSION "\n"), 0644, err);
	}
out:
	sk_str_free(&folder);
	sk_str_free(&path);
	return rc;
}

int sk_runtime_apply(const struct sk_runtime *runtime, struct sk_err *err)
{
	struct sk_runtime now = SK_RUNTIME_INIT;
	struct sk_str path = SK_STR_INIT;
	int lock = -1, rc = 0;

	if (runtime->state == SK_RUNTIME_CURRENT ||
	    runtime->state == SK_RUNTIME_FOREIGN)
		return 0;
	set_path(&path, runtime->home.ptr, LOCK_FILE);
	rc = sk_mkdir_for(path.ptr, err);
	if (rc == 0)
		lock = sk_lock(path.ptr, LOCK_WAIT_MS, err);
	if (lock < 0)
		rc = -1;
	/* whoever had the lock may have done it */
	if (rc == 0)
		rc = sk_runtime_plan(&now, err);
	if (rc == 0)
		rc = sweep(runtime->home.ptr, err);
	if (rc == 0 && now.count > 0) {
		rc = remember(&now, err);
		if (rc == 0)
			rc = put_in_place(&now, err);
	}
	sk_unlock(lock);
	sk_runtime_free(&now);
	sk_str_free(&path);
	return rc;
}
