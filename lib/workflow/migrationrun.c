/* SPDX-License-Identifier: MIT */
#include "workflow/migration.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "format/sha256.h"
#include "workflow/builtin.h"
#include "workflow/template.h"

/* The bytes that were looked at, and no link. What is gone is not there. */
static bool is_as_planned(const struct sk_migration_item *item,
			  const char *path)
{
	struct sk_str text = SK_STR_INIT;
	unsigned char sum[SK_SHA256_LEN];
	struct sk_err ignored = {0};
	struct stat st;
	bool is_so = lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		     sk_file_read(&text, path, SK_TEMPLATE_MAX, &ignored) == 0;

	if (is_so) {
		sk_sha256(sum, text.ptr, text.len);
		is_so = memcmp(sum, item->sum, sizeof(sum)) == 0;
	}
	sk_str_free(&text);
	return is_so;
}

/* Every folder above the file, as git would make them. */
static int make_folders(const char *path, size_t root_len, struct sk_err *err)
{
	struct sk_str part = SK_STR_INIT;
	const char *slash = path + root_len;
	int ret = 0;

	while (ret == 0 && (slash = strchr(slash + 1, '/'))) {
		sk_str_clear(&part);
		sk_str_add(&part, path, (size_t)(slash - path));
		if (mkdir(part.ptr, 0777) < 0 && errno != EEXIST)
			ret = sk_fail_errno(err, errno, "cannot create '%s'",
					    part.ptr);
	}
	sk_str_free(&part);
	return ret;
}

/* A rename that replaces nothing, where the file system knows one. */
static int rename_new(const char *from, const char *to)
{
	struct stat st;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (lstat(to, &st) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

static int move(const char *root, const char *from, const char *name,
		struct sk_err *err)
{
	struct sk_str to = SK_STR_INIT;
	int ret;

	sk_str_addf(&to, "%s/overrides/%s", root, name);
	ret = make_folders(to.ptr, strlen(root), err);
	/* one that came or went meanwhile is for the next run */
	if (ret == 0 && rename_new(from, to.ptr) < 0 && errno != EEXIST &&
	    errno != ENOENT)
		ret = sk_fail_errno(err, errno, "cannot move '%s' to '%s'",
				    from, to.ptr);
	sk_str_free(&to);
	return ret;
}

static int apply_file(const struct sk_migration_item *item, const char *root,
		      const char *path, struct sk_err *err)
{
	if (item->action == SK_MIGRATION_MOVE)
		return move(root, path, item->name, err);
	if (item->action == SK_MIGRATION_REMOVE && is_as_planned(item, path) &&
	    unlink(path) < 0 && errno != ENOENT)
		return sk_fail_errno(err, errno, "cannot remove '%s'", path);
	return 0;
}

/* One that something was put into meanwhile stays. */
static int remove_folder(const char *path, struct sk_err *err)
{
	if (rmdir(path) == 0 || errno == ENOTEMPTY || errno == EEXIST ||
	    errno == ENOENT || errno == ENOTDIR)
		return 0;
	return sk_fail_errno(err, errno, "cannot remove the folder '%s'", path);
}

int sk_migration_apply(const struct sk_migration *plan, struct sk_err *err)
{
	struct sk_str root = SK_STR_INIT, path = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&root, "%s/" SK_KITTIFY, plan->project);
	for (size_t i = 0; i < plan->count && rc == 0; i++) {
		const struct sk_migration_item *item = &plan->items[i];

		sk_str_clear(&path);
		sk_str_addf(&path, "%s/%s", root.ptr, item->name);
		if (item->class != SK_MIGRATION_FOLDER)
			rc = apply_file(item, root.ptr, path.ptr, err);
	}
	for (size_t i = plan->count; i-- > 0 && rc == 0;) {
		const struct sk_migration_item *item = &plan->items[i];

		sk_str_clear(&path);
		sk_str_addf(&path, "%s/%s", root.ptr, item->name);
		if (item->class == SK_MIGRATION_FOLDER &&
		    item->action == SK_MIGRATION_REMOVE)
			rc = remove_folder(path.ptr, err);
	}
	sk_str_free(&root);
	sk_str_free(&path);
	return rc;
}
