/* SPDX-License-Identifier: MIT */
/* Which git is in use, and which others a person here might run. */
#ifndef SK_GIT_VERSION_H
#define SK_GIT_VERSION_H

#include "base/err.h"

struct sk_git_version {
	unsigned major, minor;
};

/*
 * The first git that runs hooks named in the configuration, hook.<name>.event
 * (git's release notes of 2.54).
 */
#define SK_GIT_WITH_CONFIG_HOOKS                                               \
	{                                                                      \
		2, 54                                                          \
	}

/* Whether that git is SK_GIT_WITH_CONFIG_HOOKS or a later one. */
bool sk_git_has_config_hooks(const struct sk_git_version *version);

/*
 * Ask `program` ("git", or a path). Runs one process.
 * Returns 0; -1 when it cannot be run or says no version.
 */
int sk_git_version(struct sk_git_version *version, const char *program,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Visit each different git in the folders of PATH, the one in use first, with
 * its path and version, borrowed for the call. Runs a process for each.
 */
typedef void sk_git_fn(void *ctx, const char *path,
		       const struct sk_git_version *version);
void sk_git_each_on_path(sk_git_fn *each, void *ctx);

#endif
