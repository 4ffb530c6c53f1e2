/* SPDX-License-Identifier: MIT */
/*
 * The syntax of git's configuration files (git-config(1), "SYNTAX"), includes
 * left alone: git reads what a repository is from its own file, without them.
 */
#ifndef SK_FORMAT_GITCONFIG_H
#define SK_FORMAT_GITCONFIG_H

#include "base/err.h"

/* "core.bare" and its value; a key that stands alone is "true". Borrowed. */
typedef void sk_gitconfig_fn(void *ctx, const char *key, const char *value);

/*
 * Visit all settings in order. Section and name are in lower case, a subsection
 * between them as it stands. Returns 0; -1 with SK_EDATA where git could not
 * read it either, having visited what is before.
 */
int sk_gitconfig_each(const char *data, size_t len, sk_gitconfig_fn *each,
		      void *ctx, struct sk_err *err) SK_NODISCARD;

#endif
