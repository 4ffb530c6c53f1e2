/* SPDX-License-Identifier: MIT */
/* One id of git's, of an object it names or has made. */
#ifndef SK_GIT_ASKID_H
#define SK_GIT_ASKID_H

#include "git/oid.h"
#include "git/run.h"

/*
 * Run git for one id, as sk_git_must() does. Returns 0; -1, also where it says
 * something else.
 */
int sk_git_ask_id(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		  const struct sk_feed *feed, const char *const args[],
		  struct sk_err *err) SK_NODISCARD;

#endif
