/* SPDX-License-Identifier: MIT */
/*
 * Whose file is it: the globs in `owned_files` of a work package, over the
 * components of paths, so that src/foo and src/foobar have nothing in common.
 * `*`, `?` and [...] stay within a component, `**` is any number of them. What
 * a glob matches it owns with all that is below, so that a folder's name is as
 * good as the name with a slash and stars behind. Globs are relative to the top
 * of the repository; "./" and doubled slashes mean nothing.
 */
#ifndef SK_MISSION_OWNERSHIP_H
#define SK_MISSION_OWNERSHIP_H

#include "base/words.h"

/* Longer ones are taken to match everything. */
#define SK_GLOB_MAX 4096

/*
 * Whether some path is owned by both globs: one that sk_glob_owns() finds in
 * both. Exact, but that a component with `**` and other characters is taken for
 * any number of components, and that nothing is looked for below what has the
 * name of a file and no slash behind it: below "x.c" unless the other glob has
 * a component for it, below "*.c" unless that component has a dot as well.
 */
bool sk_globs_overlap(const char *a, const char *b);

/* Whether the glob owns this path, which is no glob itself. */
bool sk_glob_owns(const char *glob, const char *path);

/* Whether one of the globs does. */
bool sk_globs_own(const struct sk_words *globs, const char *path);

/* Whether the glob is about kitty-specs/: the mission's own files. */
bool sk_glob_is_of_missions(const char *glob);

/* Whether the glob leaves the repository, or means nothing: "/x", "../x", "" */
bool sk_glob_is_outside(const char *glob);

#endif
