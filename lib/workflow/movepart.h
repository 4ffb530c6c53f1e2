/* SPDX-License-Identifier: MIT */
/* Inside lib/workflow: what a move looks at, and what it writes into files. */
#ifndef SK_WORKFLOW_MOVEPART_H
#define SK_WORKFLOW_MOVEPART_H

#include "workflow/move.h"

/*
 * Set *mode to how the work package is worked on, "worktree" or "direct_repo",
 * as lanes.json has it. Borrowed for ever. Returns 0; -1 when lanes.json cannot
 * be read.
 */
int sk_move_find_mode(const char **mode, const struct sk_move *move,
		      const struct sk_edit *edit,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Set *open to how many boxes of the work package's section of tasks.md are
 * not ticked, and append what they say to *names. Returns 0 or -1.
 */
int sk_move_find_open(size_t *open, struct sk_str *names,
		      const struct sk_move *move, const struct sk_edit *edit,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Refuse with SK_ENO when the newest review of the work package, its
 * review-cycle-N.md, rejects it, or does not say. Returns 0 or -1.
 */
int sk_move_check_review(const struct sk_move *move, const struct sk_edit *edit,
			 struct sk_err *err) SK_NODISCARD;

/*
 * Put the activity log of the work package's file, and the front matter that
 * was asked for, into the edit. `at_us` is when the move was made; it gets an
 * entry, if `is_new` or when it has none. Entries of earlier moves that are
 * not committed will be. When none is missing, `is_due` is false, and the file
 * does not name the agent that is asked for, nothing is put.
 * Returns 0; 1 when nothing was; -1.
 */
int sk_move_put_file(struct sk_move *move, struct sk_edit *edit, int64_t at_us,
		     bool is_new, bool is_due, struct sk_err *err) SK_NODISCARD;

#endif
