/* SPDX-License-Identifier: MIT */
/* tasks.md, as a manifest makes it. */
#ifndef SK_MISSION_TASKSTEXT_H
#define SK_MISSION_TASKSTEXT_H

#include "base/str.h"

/*
 * Append to a tasks.md a section for each work package of the manifest that it
 * has none for; what stands there, ticked boxes above all, is let be. Into an
 * empty one goes a heading, too: `name`, or NULL. A manifest that cannot be
 * read adds nothing.
 */
void sk_tasks_text_add(struct sk_str *tasks, const char *name, const char *data,
		       size_t len);

#endif
