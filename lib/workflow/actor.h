/* SPDX-License-Identifier: MIT */
/* Who changes a mission, as its event log calls them. */
#ifndef SK_WORKFLOW_ACTOR_H
#define SK_WORKFLOW_ACTOR_H

#include "git/repo.h"

#define SK_AGENT_VARIABLE "SPEC_KITTY_AGENT"

/* The agent that was named: `agent`, else the variable; NULL: none. Borrowed.
 */
const char *sk_agent_named(const char *agent);

/* Append git's user.name, in UTF-8. Returns false when there is none. */
bool sk_user_add_name(struct sk_str *out, const struct sk_repo *repo);

/*
 * Append the actor: the agent that was named, in UTF-8, else git's user, else
 * "user".
 */
void sk_actor_add(struct sk_str *out, const struct sk_repo *repo,
		  const char *agent);

#endif
