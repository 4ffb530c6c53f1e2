/* SPDX-License-Identifier: MIT */
/*
 * Marking tasks done or pending in tasks.md. An id is looked for as a checkbox,
 * then as the row of a table, then on a `Subtasks:` line, then as a work
 * package, whose lane is the caller's to change: that never touches the text.
 * Only the bytes of the mark change. Nothing here reads or writes files.
 */
#ifndef SK_MISSION_MARK_H
#define SK_MISSION_MARK_H

#include "mission/tasktext.h"

enum sk_mark_outcome {
	SK_MARK_UPDATED,
	SK_MARK_SATISFIED, /* it was in that state */
	SK_MARK_NOT_FOUND,
	SK_MARK_TO_MOVE, /* a work package: the caller moves it, or not */
};

enum sk_mark_format {
	SK_MARK_NOWHERE,
	SK_MARK_CHECKBOX,
	SK_MARK_PIPE_TABLE,
	SK_MARK_INLINE,
	SK_MARK_WP_ID,
};

/* The words of the JSON answer. TO_MOVE has none, NOWHERE is null: NULL. */
const char *sk_mark_outcome_name(enum sk_mark_outcome outcome);
const char *sk_mark_format_name(enum sk_mark_format format);

struct sk_mark {
	struct sk_str id; /* normalised */
	enum sk_mark_outcome outcome;
	enum sk_mark_format format;
	struct sk_str message; /* empty when it is TO_MOVE */
};

#define SK_MARK_INIT                                                           \
	{                                                                      \
		SK_STR_INIT, SK_MARK_NOT_FOUND, SK_MARK_NOWHERE, SK_STR_INIT   \
	}

/* Release it; it is SK_MARK_INIT again, but for its outcome. */
void sk_mark_free(struct sk_mark *mark);

/* What the mission says besides tasks.md. Either may be NULL for never. */
struct sk_mark_facts {
	/* whether the event log says that this task or work package is done */
	bool (*is_done)(void *ctx, const char *id);
	/* whether there is such a work package, as a file or in the log */
	bool (*has_wp)(void *ctx, const char *wp);
	void *ctx;
};

/*
 * Mark `typed` done or pending in the text, which later ids see. What is typed
 * may have a mission in front, `my-mission/T001`; only a work package's id, and
 * one behind a mission, becomes upper case. *mark is SK_MARK_INIT, or one to be
 * used again; it is owned: sk_mark_free(). `facts` may be NULL.
 */
void sk_mark_task(struct sk_mark *mark, struct sk_task_text *text,
		  const char *typed, bool done,
		  const struct sk_mark_facts *facts);

/* The steps for one form, for text that holds the same tasks. Each returns
 * whether the id is there in that form; *changed says whether it had to be. */
bool sk_mark_boxes(struct sk_task_text *text, const char *id, bool done,
		   bool *changed);
bool sk_mark_rows(struct sk_task_text *text, const char *id, bool done,
		  bool *changed);
bool sk_mark_list(struct sk_task_text *text, const char *id, bool done,
		  bool *changed);

#endif
