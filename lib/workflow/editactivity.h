/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/workflow: the entries of activity logs that were written with
 * transitions, known by time and actor.
 */
#ifndef SK_WORKFLOW_EDITACTIVITY_H
#define SK_WORKFLOW_EDITACTIVITY_H

#include "base/words.h"
#include "workflow/edit.h"

/* Add how entries begin that belong to the work package's transitions. */
void sk_edit_add_starts(struct sk_words *starts, const struct sk_edit *edit,
			const char *wp);

/*
 * Have the entries committed whose transitions are in the work tree alone, and
 * are committed with the change: of files that the change does not put itself.
 */
void sk_edit_follow(struct sk_edit *edit);

#endif
