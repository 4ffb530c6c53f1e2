/* SPDX-License-Identifier: MIT */
/*
 * A look at the last commit that costs a hook next to nothing. The stamp, a
 * file in the worktree's git folder, says: everything that `tip` reaches has
 * been captured, and its trees were these. A commit on top of it whose missions
 * are the same tree has nothing to capture, and takes the stamp's place.
 *
 * Uses libc and zlib alone. Whatever is not as expected (packed objects, other
 * formats, environment) is answered "look closer", never "nothing".
 */
#ifndef SK_GIT_GLANCE_H
#define SK_GIT_GLANCE_H

#include <sys/types.h>

#include "git/oid.h"

/* All NUL-terminated hexadecimal ids of one length; `missions` is "" for no
 * such folder. */
struct sk_stamp {
	char tip[SK_HEX_LEN + 1];
	char tree[SK_HEX_LEN + 1];
	char missions[SK_HEX_LEN + 1];
};

/*
 * The mode that a file of ours in this git folder has: that of git's own HEAD
 * there, which git made as core.sharedRepository, or the umask, has it.
 */
mode_t sk_git_file_mode(const char *git_dir);

/*
 * Whether the commit at HEAD has nothing to capture. `git_dir` is that of the
 * worktree; `left` is the commit that HEAD named before a checkout, which must
 * have been captured as well, else NULL. Moves the stamp on when it has not.
 */
bool sk_glance_is_idle(const char *git_dir, const char *left);

/* Replace the stamp. A failure is no matter: the next hook looks closer. */
void sk_stamp_write(const char *git_dir, const struct sk_stamp *stamp);

/* Have the next hook look closer: something was not captured. */
void sk_stamp_spoil(const char *git_dir);

/* Whether there is one, of this worktree. */
bool sk_stamp_exists(const char *git_dir);

/* Forget what was captured here, if anything was. */
void sk_stamp_remove(const char *git_dir);

#endif
