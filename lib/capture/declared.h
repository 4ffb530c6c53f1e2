/* SPDX-License-Identifier: MIT */
/*
 * What a repository says in .kittify/config.yaml about its project: the file of
 * the main worktree, else that of its HEAD. A linked worktree's own does not
 * count, so that all worktrees are one project.
 */
#ifndef SK_CAPTURE_DECLARED_H
#define SK_CAPTURE_DECLARED_H

#include "git/config.h"
#include "git/repo.h"

#define SK_DECLARED_FILE ".kittify/config.yaml"

struct sk_declared {
	struct sk_str uuid; /* "" when there is none */
	struct sk_str slug;
};

#define SK_DECLARED_INIT                                                       \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT                                       \
	}

/*
 * Fill *declared, owned, also on failure: sk_declared_free(). Both are empty
 * where there is no file. Returns 0; -1 when the file cannot be read, or its
 * uuid is none.
 */
int sk_declared_read(struct sk_declared *declared, struct sk_repo *repo,
		     const struct sk_config *config,
		     struct sk_err *err) SK_NODISCARD;
void sk_declared_free(struct sk_declared *declared);

#endif
