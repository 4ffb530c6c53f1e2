/* SPDX-License-Identifier: MIT */
/*
 * One event's hook in one folder: what stands at the names that matter, ours,
 * kept, or somebody else's.
 */
#ifndef SK_SETUP_PLACE_H
#define SK_SETUP_PLACE_H

#include "setup/look.h"
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
 * Set *out to a path: that of <event><suffix>, and that of a hook kept in one
 * of the two ways.
 */
void sk_place_path(struct sk_str *out, const struct sk_place *place,
		   const char *suffix);
void sk_place_kept_path(struct sk_str *out, const struct sk_place *place,
			enum sk_hook_kept as);

#endif
