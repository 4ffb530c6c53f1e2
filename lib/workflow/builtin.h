/* SPDX-License-Identifier: MIT */
/*
 * The package: the templates that come with the program, or the folder that
 * $SPEC_KITTY_TEMPLATE_ROOT names in their place. A file of it has a name like
 * "software-dev/templates/spec-template.md". What stands in brackets in one of
 * ours is to be filled in, and counts as not written yet.
 */
#ifndef SK_WORKFLOW_BUILTIN_H
#define SK_WORKFLOW_BUILTIN_H

#include "base/err.h"
#include "base/str.h"

/* The mission type whose templates come with the program. */
#define SK_BUILTIN_MISSION "software-dev"

/* A larger file is no template. */
#define SK_TEMPLATE_MAX (1u << 20)

struct sk_builtin {
	const char *name;
	const char *text;
};

/* All that are built in, by name. Borrowed for ever. */
const struct sk_builtin *sk_builtins(size_t *count);

/* The text of one; NULL when there is none. Borrowed for ever. */
const char *sk_builtin_text(const char *name);

/*
 * Set *out to the folder that stands in for what is built in, the one of the
 * mission types. Returns 0; 1 when no other is named; -1 when what is named is
 * no absolute path.
 */
int sk_package_root(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

#endif
