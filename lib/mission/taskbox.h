/* SPDX-License-Identifier: MIT */
/*
 * Checkboxes in tasks.md, and the ids behind them: `- [ ] T001`, with any
 * bullet or number, in a cell of a table, or further boxes of a checklist's
 * line. The id may be bold, in back quotes, a link, or behind [P].
 */
#ifndef SK_MISSION_TASKBOX_H
#define SK_MISSION_TASKBOX_H

#include "mission/tasktext.h"

struct sk_task_box {
	size_t mark;		/* the place between the brackets */
	bool is_checked;	/* x or X */
	struct sk_task_part id; /* the word behind it, up to white space */
};

/*
 * The next box with a word behind it, from *at on, which begins at 0 and moves
 * on. Returns false when the line has no more; hidden lines have none.
 */
bool sk_task_box_next(struct sk_task_box *box, size_t *at,
		      const struct sk_task_line *line);

/* Whether the line is an item of a list and begins with a box; *mark (may be
 * NULL) is its place. */
bool sk_task_line_has_box(const struct sk_task_line *line, size_t *mark);

/* Check or clear the box at `mark` of line `line`. */
void sk_task_box_put(struct sk_task_text *text, size_t line, size_t mark,
		     bool done);

/*
 * Whether a word is the id, whatever its case: itself or with a name behind,
 * T001-setup; neither a longer one, T0011, T001.2, nor a range, T001-T004.
 */
bool sk_task_word_is(struct sk_task_part word, const char *id);

/* The word at the beginning of `text` that may be an id; len 0 for none. */
struct sk_task_part sk_task_word_at(struct sk_task_part text);

/* Letters and then digits, as T001 and WP01 are; nothing else. */
bool sk_task_id_is_numbered(struct sk_task_part id);

/* WP and digits, whatever the case. */
bool sk_task_id_is_wp(struct sk_task_part id);

/*
 * Behind the code span that begins at `at`, a back quote; behind the quotes
 * when none begins there.
 */
size_t sk_task_skip_code(struct sk_task_part text, size_t at);

#endif
