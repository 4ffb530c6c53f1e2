/* SPDX-License-Identifier: MIT */
/*
 * The steps that put our hook into a folder, or take it out, made of what is
 * there.
 *
 * Where ours stands: at <event>; or, when that is a hook of pre-commit or
 * prek, at <event>.legacy, which they run first, so that each of the two can
 * come, go and be renewed without the other. The hook that was in the place
 * of ours is kept beside it (see text.h). Whatever is ours under any other
 * name was put there by another tool, and gives its place back to the hook it
 * kept.
 */
#ifndef SK_SETUP_ARRANGE_H
#define SK_SETUP_ARRANGE_H

#include "setup/place.h"
#include "setup/step.h"

/*
 * Append the steps that put ours in place, none when it is. Returns 0; -1 when
 * a hook is kept already and another, not ours, has taken our place.
 */
int sk_arrange_install(const struct sk_place *place, const char *program,
		       struct sk_steps *steps, struct sk_err *err) SK_NODISCARD;

/*
 * Append the steps after which the folder is as it would be without us.
 * `has_lfs`: git-lfs is still configured here; a kept hook of one that was
 * uninstalled meanwhile is not brought back.
 */
void sk_arrange_remove(const struct sk_place *place, bool has_lfs,
		       struct sk_steps *steps);

#endif
