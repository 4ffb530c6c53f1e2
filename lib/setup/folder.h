/* SPDX-License-Identifier: MIT */
/*
 * The folder that git runs the hooks of a repository from, and whether it is
 * ours to write to.
 */
#ifndef SK_SETUP_FOLDER_H
#define SK_SETUP_FOLDER_H

#include "base/err.h"
#include "base/str.h"
#include "git/config.h"

struct sk_folder {
	struct sk_str path; /* absolute; may not exist yet */
	struct sk_str why; /* "" unless refused: "git tracks the files in .." */
	bool is_refused;   /* it is not ours to write to */
};

#define SK_FOLDER_INIT                                                         \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, false                                \
	}

/*
 * Ask git for the folder: the shared one in a linked worktree, that of
 * core.hooksPath when it is set. `common` is the absolute common folder of the
 * repository, `config` its configuration, which saves a question where
 * core.hooksPath is not set. Refused are a core.hooksPath of all repositories,
 * an empty one, one that is no folder, and a folder whose files some repository
 * tracks.
 * *folder is owned: sk_folder_free(). Returns 0; -1 when git cannot say.
 */
int sk_folder_find(struct sk_folder *folder, const char *common,
		   const struct sk_config *config,
		   struct sk_err *err) SK_NODISCARD;
void sk_folder_free(struct sk_folder *folder);

#endif
