/* SPDX-License-Identifier: MIT */
/* In what two trees differ: what each has at those paths, as git tells it. */
#ifndef SK_GIT_TREEDIFF_H
#define SK_GIT_TREEDIFF_H

#include "git/entries.h"

struct sk_tree_changes {
	struct sk_git_args paths; /* in order; borrowed from `text` */
	struct sk_entry *olds, *news;
	size_t count;
	struct sk_str text;
};

#define SK_TREE_CHANGES_INIT                                                   \
	{                                                                      \
		.text = SK_STR_INIT                                            \
	}

/*
 * List them, files alone and a rename as two; `from` and `to` are commits or
 * trees. Runs git. *out is owned, also after a failure:
 * sk_tree_changes_free(). Returns 0 or -1.
 */
int sk_tree_changes_read(struct sk_tree_changes *out,
			 const struct sk_git_place *place, const char *from,
			 const char *to, struct sk_err *err) SK_NODISCARD;
void sk_tree_changes_free(struct sk_tree_changes *changes);

#endif
