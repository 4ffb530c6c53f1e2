/* SPDX-License-Identifier: MIT */
#include "setup/lanehooks.h"

#include <string.h>

#include "setup/check.h"

/* Leave only those to install that are of lanes, and that git does not run. */
static bool find_missing(struct sk_setup *s)
{
	struct sk_check check;
	bool missing = false;

	sk_check_fill(&check, s);
	memset(s->wants, 0, sizeof(s->wants));
	for (size_t i = 0; i < check.count; i++) {
		const struct sk_hook_check *hook = &check.hooks[i];
		bool wants = hook->event->is_of_lanes && !hook->is_reached;

		s->wants[hook->event - sk_hook_events] = wants;
		missing |= wants;
	}
	sk_check_free(&check);
	return missing;
}

static bool is_how(const struct sk_setup *s, const char *how)
{
	const char *now = sk_config_get(&s->config, "sk.hooks");

	return now && strcmp(now, how) == 0;
}

/*
 * Whoever adds lines by hand, or gave the hooks to this worktree alone, has
 * said what we may write; that one is missing all commands say.
 */
static bool may_install(const struct sk_setup *s)
{
	const struct sk_confighook *first = &s->configured[0];

	return !is_how(s, "manual") &&
	       (!first->is_in[SK_SCOPE_WORKTREE] ||
		first->is_in[SK_SCOPE_LOCAL] || sk_place_ours(&s->places[0]));
}

static int install(const struct sk_setup *s, struct sk_str *where,
		   struct sk_err *err)
{
	const struct sk_setup_orders orders = {.scope = SK_SCOPE_LOCAL,
					       .files_only = is_how(s, "files"),
					       .hooks_only = true};
	struct sk_setup_plan plan;
	int rc = sk_setup_plan_install(&plan, s, &orders, err);

	if (rc == 0)
		rc = sk_setup_apply(&plan, s, err);
	if (rc == 0)
		sk_str_set(where, plan.sets_config ? plan.config_file.ptr
						   : s->folder.path.ptr);
	sk_setup_plan_free(&plan);
	return rc;
}

int sk_lane_hooks_install(struct sk_str *where, struct sk_err *err)
{
	struct sk_setup s;
	int rc = sk_setup_open(&s, err);

	if (rc == 0)
		rc = may_install(&s) && find_missing(&s)
			     ? install(&s, where, err)
			     : 1;
	sk_setup_close(&s);
	return rc;
}
