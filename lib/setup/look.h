/* SPDX-License-Identifier: MIT */
/*
 * What stands at one path of a hooks folder, and whose it is. Known by its
 * content: whoever writes through, copies or renames a hook changes nothing
 * about that.
 */
#ifndef SK_SETUP_LOOK_H
#define SK_SETUP_LOOK_H

#include <sys/types.h>

#include "base/str.h"

enum sk_hook_is {
	SK_HOOK_ABSENT,
	SK_HOOK_OURS,	 /* a hook file of ours, whatever its version */
	SK_HOOK_PROGRAM, /* our program: git-sk 0.1.0 linked it here, and a
			    copied repository holds copies of it */
	SK_HOOK_FOREIGN,
};

struct sk_hook_look {
	enum sk_hook_is is;
	const char *owner; /* "husky"; "another program"; static */
	bool is_link;
	bool is_executable;	  /* git would run it */
	bool is_shell;		  /* see sk_hook_text_is_shell() */
	struct sk_str first_line; /* of a script: "#!/bin/sh" */
	struct sk_str text;	  /* all of ours, 64 KiB of others' */
	struct sk_str target;	  /* of a link */
	dev_t device;		  /* of the file or link itself */
	ino_t inode;
};

#define SK_HOOK_LOOK_INIT                                                      \
	{                                                                      \
		.first_line = SK_STR_INIT, .text = SK_STR_INIT,                \
		.target = SK_STR_INIT                                          \
	}

/*
 * Look at `path`. *look is owned: sk_hook_look_free(). What cannot be read
 * (a folder, a dangling link) is foreign.
 */
void sk_hook_look(struct sk_hook_look *look, const char *path);
void sk_hook_look_free(struct sk_hook_look *look);

/* Whether it is ours in any form: the file or, as it once was, the program. */
bool sk_hook_look_is_ours(const struct sk_hook_look *look);

/*
 * Whether `kept` is `look` under another name: one file, one text, or links to
 * one place, seen from the folder of `look` or from one in it.
 */
bool sk_hook_look_is_same(const struct sk_hook_look *look,
			  const struct sk_hook_look *kept);

/*
 * Whether a known manager of hooks wrote it, whole and unchanged, who replaces
 * and deletes such files without asking.
 */
bool sk_hook_look_is_managed(const struct sk_hook_look *look);

/*
 * Whether its manager runs <event>.legacy before its own work (pre-commit and
 * prek do), so that ours can stand there and nothing stands on top of theirs.
 */
bool sk_hook_look_runs_legacy(const struct sk_hook_look *look);

#endif
