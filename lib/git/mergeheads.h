/* SPDX-License-Identifier: MIT */
/*
 * What is being merged into HEAD, as git names it to its children. While
 * pre-merge-commit runs that is all there is: MERGE_HEAD is not written yet.
 */
#ifndef SK_GIT_MERGEHEADS_H
#define SK_GIT_MERGEHEADS_H

#include "git/oid.h"

struct sk_merge_head {
	struct sk_oid id;
	const char *name; /* what was asked for, "topic"; borrowed */
};

/*
 * Those of the environment, GITHEAD_<id>=<name>. *out is owned, free() it.
 * Returns how many there are.
 */
size_t sk_merge_heads(struct sk_merge_head **out);

#endif
