/* SPDX-License-Identifier: MIT */
#include "workflow/filelist.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"

enum { DEPTH_MAX = 32, DEPTH_TOP = -1, COUNT_MAX = 100000 };

static int is_child(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 &&
	       strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum sk_file_kind kind_of(mode_t mode)
{
	if (S_ISREG(mode))
		return SK_FILE_REGULAR;
	if (S_ISDIR(mode))
		return SK_FILE_FOLDER;
	return S_ISLNK(mode) ? SK_FILE_LINK : SK_FILE_SPECIAL;
}

static int read_folder(struct sk_file_list *list, const char *root,
		       const char *below, int depth, struct sk_err *err);

/* `path` is that of `name`; one that is gone again is none. */
static int add(struct sk_file_list *list, const char *root, const char *path,
	       const char *name, int depth, struct sk_err *err)
{
	struct sk_file_entry *entry;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT
			       ? 0
			       : sk_fail_errno(err, errno, "cannot stat '%s'",
					       path);
	if (list->count == COUNT_MAX)
		return sk_fail(err, SK_EDATA, "more than %d files are in '%s'",
			       COUNT_MAX, root);
	SK_GROW(list->items, list->count, list->cap);
	entry = &list->items[list->count++];
	entry->name = sk_strdup(name);
	entry->kind = kind_of(st.st_mode);
	if (entry->kind != SK_FILE_FOLDER || depth == DEPTH_TOP)
		return 0;
	if (depth == DEPTH_MAX)
		return sk_fail(err, SK_EDATA, "'%s' is too deep", path);
	return read_folder(list, root, name, depth + 1, err);
}

static int read_folder(struct sk_file_list *list, const char *root,
		       const char *below, int depth, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, name = SK_STR_INIT;
	struct dirent **found = NULL;
	int count, ret = 0;

	sk_str_addf(&path, "%s%s%s", root, *below ? "/" : "", below);
	count = scandir(path.ptr, &found, is_child, by_bytes);
	if (count < 0)
		ret = errno == ENOENT || errno == ENOTDIR
			      ? 1
			      : sk_fail_errno(err, errno,
					      "cannot read the folder '%s'",
					      path.ptr);
	for (int i = 0; i < count; i++) {
		sk_str_clear(&name);
		sk_str_addf(&name, "%s%s%s", below, *below ? "/" : "",
			    found[i]->d_name);
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/%s", root, name.ptr);
		if (ret == 0 &&
		    add(list, root, path.ptr, name.ptr, depth, err) < 0)
			ret = -1;
		free(found[i]);
	}
	free(found);
	sk_str_free(&name);
	sk_str_free(&path);
	/* a folder below that went away meanwhile is an empty one */
	return ret == 1 && *below ? 0 : ret;
}

int sk_file_list_read(struct sk_file_list *list, const char *root,
		      struct sk_err *err)
{
	return read_folder(list, root, "", 0, err);
}

int sk_file_list_read_top(struct sk_file_list *list, const char *root,
			  struct sk_err *err)
{
	return read_folder(list, root, "", DEPTH_TOP, err);
}

void sk_file_list_free(struct sk_file_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	free(list->items);
	*list = (struct sk_file_list)SK_FILE_LIST_INIT;
}

int sk_folder_remove(const char *path, struct sk_err *err)
{
	struct sk_file_list list = SK_FILE_LIST_INIT;
	struct sk_str item = SK_STR_INIT;
	struct stat st;
	int rc = 0;

	/* what a link leads to is not in the folder */
	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		rc = sk_file_list_read(&list, path, err);

	for (size_t i = list.count; rc == 0 && i-- > 0;) {
		sk_str_clear(&item);
		sk_str_addf(&item, "%s/%s", path, list.items[i].name);
		if (remove(item.ptr) < 0 && errno != ENOENT)
			rc = sk_fail_errno(err, errno, "cannot remove '%s'",
					   item.ptr);
	}
	if (rc >= 0 && remove(path) < 0 && errno != ENOENT)
		rc = sk_fail_errno(err, errno, "cannot remove '%s'", path);
	sk_file_list_free(&list);
	sk_str_free(&item);
	return rc < 0 ? -1 : 0;
}
