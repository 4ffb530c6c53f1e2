/* SPDX-License-Identifier: MIT */
#include "git/sequence.h"

#include <unistd.h>

#include "base/str.h"

bool sk_git_dir_has(const char *git_dir, const char *name)
{
	struct sk_str path = SK_STR_INIT;
	bool found;

	sk_str_addf(&path, "%s/%s", git_dir, name);
	found = access(path.ptr, F_OK) == 0;
	sk_str_free(&path);
	return found;
}

/*
 * `sequencer` alone says little: 'git reset' ends a sequence and leaves it
 * there. The commit being picked alone does not either: it is there while the
 * hook of a single cherry-pick runs, and no other would come.
 */
bool sk_git_dir_in_sequence(const char *git_dir)
{
	return sk_git_dir_has(git_dir, "rebase-merge") ||
	       sk_git_dir_has(git_dir, "rebase-apply") ||
	       (sk_git_dir_has(git_dir, "sequencer") &&
		(sk_git_dir_has(git_dir, "CHERRY_PICK_HEAD") ||
		 sk_git_dir_has(git_dir, "REVERT_HEAD")));
}
