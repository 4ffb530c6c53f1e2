/* SPDX-License-Identifier: MIT */
#include "setup/everywhere.h"

#include "setup/setup.h"
#include "setup/wanted.h"

int sk_everywhere_open(struct sk_everywhere *all, struct sk_err *err)
{
	*all = (struct sk_everywhere){.file = SK_STR_INIT};
	if (sk_setup_find_programs(all->programs, err) < 0 ||
	    sk_git_version(&all->git, "git", err) < 0 ||
	    sk_confighook_file(&all->file, SK_SCOPE_GLOBAL, err) < 0)
		return -1;
	return sk_confighooks_read(all->configured, err);
}

void sk_everywhere_close(struct sk_everywhere *all)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		sk_str_free(&all->programs[i]);
	sk_confighooks_free(all->configured);
	sk_str_free(&all->file);
}

/* One of lanes not even here: most repositories have none. */
static bool wants(const struct sk_everywhere *all, size_t i)
{
	return sk_event_is_wanted(&sk_hook_events[i],
				  all->configured[i].is_in[SK_SCOPE_GLOBAL],
				  NULL);
}

bool sk_everywhere_is_set(const struct sk_everywhere *all)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		if (wants(all, i) &&
		    (!all->configured[i].is_there ||
		     all->configured[i].is_off ||
		     !all->configured[i].is_in[SK_SCOPE_GLOBAL]))
			return false;
	}
	return sk_git_has_config_hooks(&all->git);
}

int sk_everywhere_set(struct sk_everywhere *all, bool want, bool dry_run,
		      struct sk_err *err)
{
	const char *programs[SK_HOOK_EVENTS];
	int rc;

	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		programs[i] = wants(all, i) ? all->programs[i].ptr : NULL;
	if (want && !sk_git_has_config_hooks(&all->git)) {
		sk_fail(err, SK_EFAIL,
			"hooks for all repositories need git 2.54, this is"
			" %u.%u",
			all->git.major, all->git.minor);
		return sk_hint(err, "run 'git sk-setup' in each repository");
	}
	if (dry_run)
		return 0;
	rc = sk_confighooks_write(all->file.ptr, want ? programs : NULL,
				  SK_SCOPE_GLOBAL, err);
	all->is_changed = rc == 0;
	return rc < 0 ? -1 : 0;
}
