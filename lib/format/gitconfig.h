/* SPDX-License-Identifier: MIT */
/*
 * Git's configuration as bytes: the syntax of its files (git-config(1),
 * "SYNTAX"), includes left alone, for git reads what a repository is from its
 * own file, without them; and the lists that git prints.
 */
#ifndef SK_FORMAT_GITCONFIG_H
#define SK_FORMAT_GITCONFIG_H

#include "base/err.h"
#include "base/str.h"

/* "core.bare" and its value; a key that stands alone is "true". Borrowed. */
typedef void sk_gitconfig_fn(void *ctx, const char *key, const char *value);

/*
 * Visit all settings in order. Section and name are in lower case, a subsection
 * between them as it stands. Returns 0; -1 with SK_EDATA where git could not
 * read it either, having visited what is before.
 */
int sk_gitconfig_each(const char *data, size_t len, sk_gitconfig_fn *each,
		      void *ctx, struct sk_err *err) SK_NODISCARD;

/*
 * The same of what `git config -z` prints: records of `key LF value NUL`, or
 * `key NUL`, with all that git reads, and as git spells it.
 */
void sk_gitconfig_each_printed(const struct sk_str *printed,
			       sk_gitconfig_fn *each, void *ctx);

#endif
