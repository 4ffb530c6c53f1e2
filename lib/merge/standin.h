/* SPDX-License-Identifier: MIT */
/*
 * A folder that stands in for the top of a work tree while trees are merged:
 * git runs merge drivers at the top, and puts their files there, which changes
 * the time of a folder that is to stay as it is, and what others see in it.
 *
 * It is a temporary one with a link to each thing at the top, so that commands
 * like `./tools/merge`, and attributes in folders, are found. Git reads no
 * `.gitattributes` that is a link, so that one is copied.
 *
 * Made only where the configuration knows of a driver at all.
 */
#ifndef SK_MERGE_STANDIN_H
#define SK_MERGE_STANDIN_H

#include "git/run.h"

struct sk_standin {
	struct sk_git_place place; /* for merge.h; borrows what is below */
	struct sk_str folder;	   /* "": none was needed */
	struct sk_str git_dir;
};

#define SK_STANDIN_INIT                                                        \
	{                                                                      \
		.folder = SK_STR_INIT, .git_dir = SK_STR_INIT                  \
	}

/*
 * Make it for `top`, which is borrowed for as long. Without any driver the
 * place is that itself. Runs git. *out is owned: sk_standin_remove(), whatever
 * this returned. Returns 0 or -1.
 */
int sk_standin_make(struct sk_standin *out, const struct sk_git_place *top,
		    struct sk_err *err) SK_NODISCARD;

/* Remove it, with all that drivers have left there. Returns 0 or -1. */
int sk_standin_remove(struct sk_standin *standin,
		      struct sk_err *err) SK_NODISCARD;

#endif
