/* SPDX-License-Identifier: MIT */
/* The missions of a partial clone, made whole. */
#ifndef SK_CAPTURE_PARTIAL_H
#define SK_CAPTURE_PARTIAL_H

#include "git/repo.h"

/*
 * Fetch what a partial clone left out of its missions, in all that its branches
 * and worktrees reach; of any other clone nothing is asked. Waits for the
 * network; `shows` lets git say on stderr how far it is. Returns 0 or -1.
 */
int sk_partial_fetch_missions(struct sk_repo *repo, bool shows,
			      struct sk_err *err) SK_NODISCARD;

#endif
