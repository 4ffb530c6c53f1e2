/* SPDX-License-Identifier: MIT */
#include "setup/wanted.h"

#include <string.h>

#include "mission/names.h"

static int is_lane(void *ctx, const char *ref, const struct sk_oid *tip)
{
	static const char heads[] = "refs/heads/";
	(void)ctx, (void)tip;
	return strncmp(ref, heads, strlen(heads)) == 0 &&
	       sk_branch_has_lane(ref + strlen(heads));
}

bool sk_event_is_wanted(const struct sk_hook_event *event, bool is_installed,
			struct sk_repo *repo)
{
	struct sk_err ignored = {0};

	if (!event->is_of_lanes || is_installed)
		return true;
	return repo &&
	       sk_repo_each_local_tip(repo, is_lane, NULL, &ignored) > 0;
}
