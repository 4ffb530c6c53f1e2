/* SPDX-License-Identifier: MIT */
/*
 * Hooks that a person adds by hand, where the folder is not ours to write to
 * or is written anew by its manager: a line that runs `git-sk hook <event>`,
 * which does nothing where git-sk is not installed. It may be committed and
 * shared: it holds no path.
 */
#ifndef SK_SETUP_BYHAND_H
#define SK_SETUP_BYHAND_H

#include "setup/setup.h"

/*
 * Append what to add, and where, for the manager of hooks that this repository
 * uses; for a folder without one, a line for each hook. Lines that are there
 * are left out, and where an event has something to run ours goes beside that.
 */
void sk_byhand_add_text(struct sk_str *out, const struct sk_setup *setup);

/*
 * Whether such a line is there: in the hook that git runs, or in the
 * configuration of the manager whose hook that is. Sets *where to the file.
 */
bool sk_byhand_find(struct sk_str *where, const struct sk_setup *setup,
		    const struct sk_hook_event *event);

#endif
