/* SPDX-License-Identifier: MIT */
/* All that lies in a folder, as it lies there: no link is followed. */
#ifndef SK_WORKFLOW_FILELIST_H
#define SK_WORKFLOW_FILELIST_H

#include "base/err.h"

enum sk_file_kind {
	SK_FILE_REGULAR,
	SK_FILE_FOLDER,
	SK_FILE_LINK,
	SK_FILE_SPECIAL, /* a pipe, a socket, a device */
};

struct sk_file_entry {
	char *name; /* below the folder that was read */
	enum sk_file_kind kind;
};

struct sk_file_list {
	struct sk_file_entry *items;
	size_t count, cap;
};

#define SK_FILE_LIST_INIT                                                      \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/*
 * Append everything below `root`: each folder before what is in it, names in
 * the order of their bytes. *list is owned, also on failure:
 * sk_file_list_free(). Returns 0; 1 when there is no such folder; -1 for one
 * that cannot be read, and for more than a hundred thousand names or 32 levels.
 */
int sk_file_list_read(struct sk_file_list *list, const char *root,
		      struct sk_err *err) SK_NODISCARD;

/* The same of what is right in it, and no further. */
int sk_file_list_read_top(struct sk_file_list *list, const char *root,
			  struct sk_err *err) SK_NODISCARD;
void sk_file_list_free(struct sk_file_list *list);

/* Remove a folder and all that is in it; one that is gone is no failure. 0 or
 * -1. */
int sk_folder_remove(const char *path, struct sk_err *err) SK_NODISCARD;

#endif
