/* SPDX-License-Identifier: MIT */
#include "git/version.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "base/spawn.h"

bool sk_git_has_config_hooks(const struct sk_git_version *version)
{
	static const struct sk_git_version first = SK_GIT_WITH_CONFIG_HOOKS;

	return version->major > first.major ||
	       (version->major == first.major && version->minor >= first.minor);
}

int sk_git_version(struct sk_git_version *version, const char *program,
		   struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	*version = (struct sk_git_version){0, 0};
	rc = sk_spawn_read(&text, NULL,
			   (const char *const[]){program, "--version", NULL},
			   1u << 12, err);
	if (rc >= 0 &&
	    (rc > 0 || sscanf(text.ptr, "git version %u.%u", &version->major,
			      &version->minor) != 2))
		rc = sk_fail(err, SK_EFAIL, "'%s --version' names no version",
			     program);
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

void sk_git_each_on_path(sk_git_fn *each, void *ctx)
{
	const char *at = getenv("PATH");
	struct sk_str path = SK_STR_INIT;
	struct sk_map seen = SK_MAP_INIT;

	for (size_t len; at && *at; at += len + (at[len] == ':')) {
		struct sk_git_version version;
		struct sk_err ignored = {0};
		char real[PATH_MAX];
		bool added = false;

		len = strcspn(at, ":");
		sk_str_clear(&path);
		sk_str_addf(&path, "%.*s/git", (int)len, at);
		if (len && access(path.ptr, X_OK) == 0 &&
		    realpath(path.ptr, real))
			sk_map_add(&seen, real, strlen(real), 1, &added);
		if (added && sk_git_version(&version, path.ptr, &ignored) == 0)
			each(ctx, path.ptr, &version);
	}
	sk_map_free(&seen);
	sk_str_free(&path);
}
