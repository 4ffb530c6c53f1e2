/* SPDX-License-Identifier: MIT */
/*
 * One event's hook in one folder: what is there, and the steps that put ours
 * in, or take it out.
 *
 * Where ours stands: at <event>; or, when that is a hook of pre-commit or
 * prek, at <event>.legacy, which they run first, so that each of the two can
 * come, go and be renewed without the other. The hook that was in the place
 * of ours is kept beside it (see text.h). Whatever is ours under any other
 * name was put there by another tool, and gives its place back to the hook it
 * kept.
 */
#ifndef SK_SETUP_PLACE_H
#define SK_SETUP_PLACE_H

#include "setup/look.h"
#include "setup/step.h"
#include "setup/text.h"

struct sk_place {
	const struct sk_hook_event *event;
	const char *dir;	    /* borrowed */
	struct sk_hook_look active; /* <event> */
	struct sk_hook_look legacy; /* <event>.legacy */
	struct sk_hook_look kept;   /* the one below, or absent */
	enum sk_hook_kept kept_as;
	char **strays; /* names of ours that are neither: "post-commit.old" */
	size_t stray_count, stray_cap;
};

/*
 * Look at the event's files in `dir`, which may be absent and is borrowed for
 * as long as *place lives. *place is owned: sk_place_free().
 */
void sk_place_look(struct sk_place *place, const char *dir,
		   const struct sk_hook_event *event);
void sk_place_free(struct sk_place *place);

/* Our hook where git, or the manager that git runs, runs it; else NULL. */
const struct sk_hook_look *sk_place_ours(const struct sk_place *place);

/*
 * Append the steps that put ours in place, none when it is. Returns 0; -1 when
 * a hook is kept already and another, not ours, has taken our place.
 */
int sk_place_install(const struct sk_place *place, const char *program,
		     struct sk_steps *steps, struct sk_err *err) SK_NODISCARD;

/*
 * Append the steps after which the folder is as it would be without us.
 * `has_lfs`: git-lfs is still configured here; a kept hook of one that was
 * uninstalled meanwhile is not brought back.
 */
void sk_place_remove(const struct sk_place *place, bool has_lfs,
		     struct sk_steps *steps);

#endif
