/* SPDX-License-Identifier: MIT */
#include "front/hookstart.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "git/config.h"

bool sk_hook_is_switched_off(const char *event)
{
	const char *all = getenv("GIT_SK"), *skip = getenv("GIT_SK_SKIP");
	size_t len = strlen(event);

	if (all && *all && sk_config_parse_bool(all) == 0)
		return true;
	for (; skip && *skip; skip += strcspn(skip, ",")) {
		skip += strspn(skip, ",");
		if (strcspn(skip, ",") == len && strncmp(skip, event, len) == 0)
			return true;
	}
	return false;
}

/*
 * Git runs hooks in the top of the work tree and names the git folder of a
 * linked worktree; a `.git` that is a file is left to who looks closer.
 */
const char *sk_hook_git_dir(void)
{
	const char *dir = getenv("GIT_DIR");
	struct stat st;

	if (dir && *dir)
		return dir;
	return stat(".git", &st) == 0 && S_ISDIR(st.st_mode) ? ".git" : NULL;
}
