/* SPDX-License-Identifier: MIT */
/* Inside lib/workflow: what a change says, put into files and commits. */
#ifndef SK_WORKFLOW_EDITSAVE_H
#define SK_WORKFLOW_EDITSAVE_H

#include "mission/lanes.h"
#include "workflow/edit.h"

/* Append the path of a file of the mission, from the top of the work tree. */
void sk_edit_add_path(struct sk_str *out, const struct sk_edit *edit,
		      const char *name);

/*
 * Remove what those who were killed while they wrote the mission's files have
 * left beside them. Its lock is held, so that nobody else is at it.
 */
void sk_edit_sweep(struct sk_edit *edit);

/*
 * Read lanes.json of these bytes. *out is owned: sk_lanes_free(), also after a
 * failure. Returns 0; -1 with what to do about it.
 */
int sk_edit_parse_lanes(struct sk_lanes *out, const struct sk_edit *edit,
			const struct sk_str *text,
			struct sk_err *err) SK_NODISCARD;

/* Hint at the work packages there are. Returns -1; 0 when there is none. */
int sk_edit_hint_packages(const struct sk_edit *edit, struct sk_err *err);

/* Hint at what makes lanes.json anew. Returns -1. */
int sk_edit_hint_finalize(const struct sk_edit *edit, struct sk_err *err);

/*
 * Write and commit. Returns as sk_edit_run(); -1 with SK_EBUSY when somebody
 * else has committed one of the files since they were read, and it is to be
 * done again.
 */
int sk_edit_save(struct sk_edit *edit, struct sk_err *err) SK_NODISCARD;

/* Say that what is written is not committed, if it is. Returns -1. */
int sk_edit_fail_commit(const struct sk_edit *edit, struct sk_err *err);

#endif
