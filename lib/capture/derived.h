/* SPDX-License-Identifier: MIT */
/*
 * The uuid of a project that nobody gave one: made of its oldest root commit,
 * so that clones agree without talking, as long as none of them has merged a
 * history that is older still.
 */
#ifndef SK_CAPTURE_DERIVED_H
#define SK_CAPTURE_DERIVED_H

#include "git/repo.h"

/*
 * Set *uuid. Reads the whole history of HEAD of the main worktree. Returns 0;
 * -1 where there is no commit, and in a shallow clone, with what to set as a
 * hint.
 */
int sk_derived_find(struct sk_str *uuid, struct sk_repo *repo,
		    struct sk_err *err) SK_NODISCARD;

#endif
