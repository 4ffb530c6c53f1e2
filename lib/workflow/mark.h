/* SPDX-License-Identifier: MIT */
/*
 * Marking tasks and work packages of a mission done or pending, as files and
 * commits: tasks.md is changed for tasks, the event log for work packages, and
 * neither for what is so already.
 */
#ifndef SK_WORKFLOW_MARK_H
#define SK_WORKFLOW_MARK_H

#include "mission/mark.h"
#include "workflow/edit.h"

struct sk_marking {
	/* to be set; borrowed */
	const char *const *typed; /* the ids, */
	size_t count;		  /* so many of them */
	bool done;		  /* or pending */
	const char *actor;

	/* what came of them */
	struct sk_mark *marks; /* one for each */
	bool *left;   /* its line is not committed, and so its mark is not */
	size_t found; /* how many are done, or pending, now */
	size_t stuck; /* the first work package whose lane is in the way;
			 `count` when there is none */

	/* while it goes on; message is SK_STR_INIT at first */
	const struct sk_edit *edit;
	size_t at; /* the one it is about */
	struct sk_err fault;
	struct sk_str message;
};

/*
 * Mark them, with *edit, whose repository, handle and no_commit are set; each
 * id sees what those before it have changed. A work package is moved to done
 * where its next hop may go there, with the evidence of the approval that the
 * log has; never by force. What cannot be moved is not found, and its message
 * says why. Of tasks.md only marks are committed, also those of an earlier run
 * (ourlines.h). *marking is owned, also after a failure: sk_marking_free().
 *
 * Returns 0; -1 as sk_edit_run(), also when there is no tasks.md for a task.
 */
int sk_marking_run(struct sk_marking *marking, struct sk_edit *edit,
		   struct sk_err *err) SK_NODISCARD;
void sk_marking_free(struct sk_marking *marking);

#endif
