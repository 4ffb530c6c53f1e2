/* SPDX-License-Identifier: MIT */
/*
 * Where things are: the user's ~/.spec-kitty (shared with spec-kitty itself),
 * and the programs of this installation.
 */
#ifndef SK_BASE_HOME_H
#define SK_BASE_HOME_H

#include "base/err.h"
#include "base/str.h"

/*
 * Set *out to $GIT_SK_HOME/<name>, else $HOME/.spec-kitty/<name>; the folder
 * itself for an empty name. The path need not exist.
 * Returns 0; -1 when neither variable is an absolute path.
 */
int sk_home_path(struct sk_str *out, const char *name,
		 struct sk_err *err) SK_NODISCARD;

/* Make the home folder (0700) when it is missing. Returns 0 or -1. */
int sk_home_make(struct sk_err *err) SK_NODISCARD;

/*
 * Set *out to the absolute path of another program of this installation, found
 * from where the running one is: `name` beside it, or in ../libexec/git-sk or
 * ../../bin of its folder. Returns 0; -1 when it is in none of them.
 */
int sk_sibling_path(struct sk_str *out, const char *name,
		    struct sk_err *err) SK_NODISCARD;

#endif
