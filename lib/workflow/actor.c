/* SPDX-License-Identifier: MIT */
#include "workflow/actor.h"

#include <stdlib.h>
#include <string.h>

#include "git/worktrees.h"
#include "mission/transition.h"

const char *sk_agent_named(const char *agent)
{
	if (!sk_text_is_given(agent))
		agent = getenv(SK_AGENT_VARIABLE);
	return sk_text_is_given(agent) ? agent : NULL;
}

bool sk_user_add_name(struct sk_str *out, const struct sk_repo *repo)
{
	const char *folder = sk_repo_work_tree(repo);
	struct sk_git_place place = sk_worktree_place(
		repo, folder ? folder : sk_repo_git_dir(repo));
	struct sk_str name = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool is_given;

	is_given =
		sk_git_run(&name, NULL, &place, NULL,
			   (const char *const[]){"config", "user.name", NULL},
			   &ignored) == 0 &&
		sk_text_is_given(name.ptr);
	sk_str_rtrim(&name);
	if (is_given)
		sk_str_add_utf8(out, name.ptr, name.len);
	sk_str_free(&name);
	return is_given;
}

void sk_actor_add(struct sk_str *out, const struct sk_repo *repo,
		  const char *agent)
{
	agent = sk_agent_named(agent);
	if (agent) /* as the log will have it */
		sk_str_add_utf8(out, agent, strlen(agent));
	else if (!sk_user_add_name(out, repo))
		sk_str_puts(out, "user");
}
