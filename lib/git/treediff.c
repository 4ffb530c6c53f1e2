/* SPDX-License-Identifier: MIT */
#include "git/treediff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* `:100644 000000 <id> <id> D`; what is not there has an id of zeros */
static int parse_change(struct sk_entry *old, struct sk_entry *new,
			const char *words)
{
	if (sscanf(words, ":%o %o %64[0-9a-f] %64[0-9a-f]", &old->mode,
		   &new->mode, old->id, new->id) != 4)
		return -1;
	if (!old->mode)
		old->id[0] = '\0';
	if (!new->mode)
		new->id[0] = '\0';
	return 0;
}

int sk_tree_changes_read(struct sk_tree_changes *out,
			 const struct sk_git_place *place, const char *from,
			 const char *to, struct sk_err *err)
{
	size_t cap = 0;
	int rc = sk_git_must(&out->text, place, NULL,
			     (const char *const[]){"diff-tree", "-r", "-z",
						   "--no-renames", "--raw",
						   from, to, NULL},
			     err);
	char *at = out->text.ptr, *end = at + out->text.len;

	while (rc == 0 && at < end) {
		char *path = at + strlen(at) + 1;

		if (out->count == cap) {
			cap = cap ? 2 * cap : 8;
			out->olds =
				sk_realloc(out->olds, cap, sizeof(*out->olds));
			out->news =
				sk_realloc(out->news, cap, sizeof(*out->news));
		}
		out->olds[out->count] = (struct sk_entry){0};
		out->news[out->count] = (struct sk_entry){0};
		if (path >= end || parse_change(&out->olds[out->count],
						&out->news[out->count], at) < 0)
			return sk_fail(err, SK_EDATA, "git diff-tree says '%s'",
				       at);
		out->count++;
		sk_git_args_add(&out->paths, path);
		at = path + strlen(path) + 1;
	}
	return rc;
}

void sk_tree_changes_free(struct sk_tree_changes *changes)
{
	sk_str_free(&changes->text);
	free(changes->paths.args);
	free(changes->olds);
	free(changes->news);
}
