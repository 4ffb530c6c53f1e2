/* SPDX-License-Identifier: MIT */
/*
 * Rows of the tables in tasks.md: whose row it is, and the cell that says how
 * far it is. A pipe behind a backslash is text, as GitHub reads tables.
 */
#ifndef SK_MISSION_TASKROW_H
#define SK_MISSION_TASKROW_H

#include "mission/tasktext.h"

/* A line with more cells is no row. */
#define SK_TASK_CELLS_MAX 128

struct sk_task_cells {
	struct sk_task_part cell[SK_TASK_CELLS_MAX]; /* as they stand */
	size_t count;
	bool is_led;	/* begins with a pipe */
	bool is_closed; /* ends with one */
};

/* Take a row apart; the cells are parts of it. Returns false for no row. */
bool sk_task_cells_read(struct sk_task_cells *cells, struct sk_task_part row);

/* Whether there is a pipe that divides cells on the line. */
bool sk_task_row_has_pipe(const struct sk_task_line *line);

/* Whether the line is the one of dashes between header and rows. */
bool sk_task_row_is_separator(const struct sk_task_line *line);

/* Whether a line without dashes below can only be a header: `Status` is on it.
 */
bool sk_task_row_is_header(const struct sk_task_line *line);

/*
 * Whether the row is that of `id`, and does not only mention it: the id is in
 * the first cell or below `ID`; where no column is called so, there may be
 * empty cells, marks, numbers and its work package before it.
 */
bool sk_task_row_is_of(const struct sk_task_text *text,
		       const struct sk_task_line *line, const char *id);

/* How far the work is, as a mark says it. */
enum sk_task_state {
	SK_TASK_UNTOLD, /* nothing says it */
	SK_TASK_PENDING,
	SK_TASK_DONE,
	SK_TASK_OTHER, /* a word, e.g. `in review` */
};

/*
 * What the row's status cell says: that below `Status`, else the last one that
 * is [D], [ ] or, but below `Parallel`, [x]. *index (may
 * be NULL) is its place, from 0; SIZE_MAX when there is none.
 */
enum sk_task_state sk_task_row_state(const struct sk_task_text *text,
				     const struct sk_task_line *line,
				     size_t *index);

/*
 * Write [D] or [ ] into the status cell of line `line`, a row; into a new one
 * behind all columns where there is none. What surrounds the word stays.
 */
void sk_task_row_put(struct sk_task_text *text, size_t line, bool done);

#endif
