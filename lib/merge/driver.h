/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/merge: which files git has a program for that merges them, by the
 * attribute `merge` and the configuration. What git does by itself for them, as
 * `union` or `binary`, or as it knows no driver of that name, is none.
 */
#ifndef SK_MERGE_DRIVER_H
#define SK_MERGE_DRIVER_H

#include "base/map.h"
#include "git/run.h"

/* The paths that have one. */
struct sk_drivers {
	struct sk_map paths;
};

/*
 * Ask, with attributes from where 'git merge-tree' has them: never from an
 * index. `none` is a path where no file is. `paths` is ended by NULL. *out is
 * owned: sk_drivers_free(). Runs git twice. Returns 0 or -1.
 */
int sk_drivers_ask(struct sk_drivers *out, const struct sk_git_place *place,
		   const char *none, const char *const paths[],
		   struct sk_err *err) SK_NODISCARD;
bool sk_drivers_has(const struct sk_drivers *drivers, const char *path);
void sk_drivers_free(struct sk_drivers *drivers);

#endif
