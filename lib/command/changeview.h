/* SPDX-License-Identifier: MIT */
/* What the answers of commands that change a mission have in common. */
#ifndef SK_COMMAND_CHANGEVIEW_H
#define SK_COMMAND_CHANGEVIEW_H

#include "format/json.h"
#include "workflow/edit.h"

/* Add the member: the id of the commit, null when none was made. */
void sk_change_add_commit(struct sk_jsonw *w, const char *key,
			  const struct sk_oid *commit);

/*
 * Append what was committed where, "on main: 0123456789", the status first when
 * it is on a branch of its own; nothing when no commit was made.
 */
void sk_change_add_committed(struct sk_str *out, const struct sk_edit *edit);

/*
 * Append where a file of the mission is, or its folder when `name` is NULL:
 * below `folder`, or when that is "", within the commits of its branch.
 */
void sk_change_add_path(struct sk_str *out, const char *folder,
			const char *slug, const char *name);

/*
 * Warn of the event log: of a torn line that was set aside, and of lines which
 * nobody can read, conflict markers perhaps. These are kept, and what is not
 * committed of them is committed along.
 */
void sk_change_warn(const struct sk_edit *edit);

#endif
