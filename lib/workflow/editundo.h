/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/workflow: the files that a change writes into the work trees of a
 * mission, put back when it comes to no commit.
 */
#ifndef SK_WORKFLOW_EDITUNDO_H
#define SK_WORKFLOW_EDITUNDO_H

#include "workflow/edit.h"

/* A file as it was. */
struct sk_undo_file {
	char *path;
	struct sk_str text;
	bool was_there;
};

struct sk_undo {
	struct sk_undo_file *files; /* log and status.json first */
	size_t count, cap;
};

#define SK_UNDO_INIT                                                           \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/*
 * Keep the files that a change has planned to write. *undo is owned, also after
 * a failure: sk_undo_free(). Returns 0 or -1.
 */
int sk_undo_keep(struct sk_undo *undo, const struct sk_edit *edit,
		 struct sk_err *err) SK_NODISCARD;

/*
 * Put them back, the change having written some or all of them. What somebody
 * else has written meanwhile stays. Returns 0; 1 when something of ours stays
 * with it; -1.
 */
int sk_undo_run(const struct sk_undo *undo, const struct sk_edit *edit,
		struct sk_err *err) SK_NODISCARD;
void sk_undo_free(struct sk_undo *undo);

#endif
