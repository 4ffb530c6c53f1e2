/* SPDX-License-Identifier: MIT */
/* What moving a work package and claiming it for review have in common. */
#ifndef SK_COMMAND_TASKMOVE_H
#define SK_COMMAND_TASKMOVE_H

#include "workflow/move.h"

/* How it is asked for; borrowed. */
struct sk_task_move {
	const char *handle, *agent;
	bool json, no_commit;
};

/*
 * Make the move, whose actor is filled in, and reviewer where none is named;
 * print the answer, capture, send. Returns the exit status, or -1. *move is to
 * be freed by who made it.
 */
int sk_task_move_run(struct sk_move *move, const struct sk_task_move *how,
		     struct sk_err *err) SK_NODISCARD;

#endif
