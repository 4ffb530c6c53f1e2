/* SPDX-License-Identifier: MIT */
/*
 * The line of tasks.md that names the subtasks of a work package,
 * `**Subtasks**: T001, T002-T004 (4 in all)`, and the checkboxes below it.
 */
#ifndef SK_MISSION_TASKLIST_H
#define SK_MISSION_TASKLIST_H

#include "mission/tasktext.h"

/* Whether the line is one, and names the id by itself or in a range. An empty
 * id: whether it is one. */
bool sk_task_list_has(const struct sk_task_line *line, struct sk_task_part id);

/* Whether another line names an id, anywhere, that the list line `list` has. */
bool sk_task_list_names(const struct sk_task_line *list,
			const struct sk_task_line *line);

/*
 * Find the first `Subtasks:` line, from line *line on, that names `id`, by
 * itself or in a range. `spelling` becomes the id as the line writes it.
 * Returns false when there is none.
 */
bool sk_task_list_find(size_t *line, struct sk_str *spelling,
		       const struct sk_task_text *text, const char *id);

/* The last line of the list at line `line`: that of its last checkbox, with
 * what is indented below it; the line itself when it has none. */
size_t sk_task_list_end(const struct sk_task_text *text, size_t line);

/*
 * Find the checkbox of the list at line `line` that stands for `id`: it names
 * the id anywhere, and no other one of the list. Returns false when none does.
 */
bool sk_task_list_box(size_t *box_line, size_t *mark,
		      const struct sk_task_text *text, size_t line,
		      const char *id);

/* Insert `- [x] <id>` at the end of the list, indented as its boxes are. */
void sk_task_list_insert(struct sk_task_text *text, size_t line, const char *id,
			 bool done);

/*
 * The work package that line `line` is about: one named before `Subtasks` on
 * it, else by the nearest heading that it stands below. Upper case; appended.
 * Returns false when none is named.
 */
bool sk_task_list_wp(struct sk_str *wp, const struct sk_task_text *text,
		     size_t line);

#endif
