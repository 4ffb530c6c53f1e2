/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/workflow: which mission was begun, noted in the folder of git
 * under its name, with its id and its target branch. For who holds the lock.
 */
#ifndef SK_WORKFLOW_CREATENOTE_H
#define SK_WORKFLOW_CREATENOTE_H

#include "workflow/create.h"

/*
 * Set the id to that of a mission of this name that was noted, for this branch.
 * Returns 1; 0 when none was; -1.
 */
int sk_create_read_note(struct sk_create *c, struct sk_err *err) SK_NODISCARD;

/* Note it, or forget the note. Returns 0 or -1. */
int sk_create_write_note(const struct sk_create *c,
			 struct sk_err *err) SK_NODISCARD;
void sk_create_remove_note(const struct sk_create *c);

#endif
