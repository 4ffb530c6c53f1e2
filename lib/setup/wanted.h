/* SPDX-License-Identifier: MIT */
/* Which of our hooks are wanted: one rule for all who write or count them. */
#ifndef SK_SETUP_WANTED_H
#define SK_SETUP_WANTED_H

#include "git/repo.h"
#include "setup/event.h"

/*
 * Whether a hook of that event is wanted in the clone. All are, but one that
 * has no say elsewhere than on a lane: that a pre-commit is there at all makes
 * git read its index once more at each commit, so it is wanted in a clone with
 * a branch of a lane, and where it is installed already. `repo` is NULL for
 * the hooks of all repositories, which are in none. Reads the branches when
 * that decides; those that cannot be read are no lane's.
 */
bool sk_event_is_wanted(const struct sk_hook_event *event, bool is_installed,
			struct sk_repo *repo);

#endif
