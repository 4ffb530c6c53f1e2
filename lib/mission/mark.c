/* SPDX-License-Identifier: MIT */
#include "mission/mark.h"

#include <ctype.h>
#include <string.h>

#include "mission/taskbox.h"
#include "mission/tasklist.h"
#include "mission/taskrow.h"

static const struct {
	const char *name;
	const char *what; /* for people */
} formats[] = {
	[SK_MARK_NOWHERE] = {NULL, ""},
	[SK_MARK_CHECKBOX] = {"checkbox", "checkbox row"},
	[SK_MARK_PIPE_TABLE] = {"pipe_table", "pipe-table row"},
	[SK_MARK_INLINE] = {"inline_subtasks", "inline Subtasks reference"},
	[SK_MARK_WP_ID] = {"wp_id", ""},
};

const char *sk_mark_format_name(enum sk_mark_format format)
{
	return formats[format].name;
}

const char *sk_mark_outcome_name(enum sk_mark_outcome outcome)
{
	static const char *const names[] = {
		[SK_MARK_UPDATED] = "updated",
		[SK_MARK_SATISFIED] = "already_satisfied",
		[SK_MARK_NOT_FOUND] = "not_found",
		[SK_MARK_TO_MOVE] = NULL,
	};

	return names[outcome];
}

void sk_mark_free(struct sk_mark *mark)
{
	sk_str_free(&mark->id);
	sk_str_free(&mark->message);
}

static bool is_slug_byte(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._-", c));
}

static void add_upper(struct sk_str *out, const char *text)
{
	for (; *text; text++)
		sk_str_putc(out, (char)toupper((unsigned char)*text));
}

/* The id behind `mission/` or `mission:`; NULL when it is not typed so. */
static const char *behind_mission(const char *typed)
{
	const char *at = typed;

	if (!isalnum((unsigned char)*at))
		return NULL;
	while (is_slug_byte(*at))
		at++;
	if ((*at != '/' && *at != ':') ||
	    !sk_task_id_is_numbered(
		    (struct sk_task_part){at + 1, strlen(at + 1)}))
		return NULL;
	return at + 1;
}

static void normalise(struct sk_str *id, const char *typed)
{
	struct sk_str trimmed = SK_STR_INIT;
	const char *behind;

	while (isspace((unsigned char)*typed))
		typed++;
	sk_str_puts(&trimmed, typed);
	sk_str_rtrim(&trimmed);
	behind = behind_mission(trimmed.ptr);
	sk_str_clear(id);
	if (behind ||
	    sk_task_id_is_wp((struct sk_task_part){trimmed.ptr, trimmed.len}))
		add_upper(id, behind ? behind : trimmed.ptr);
	else
		sk_str_puts(id, trimmed.ptr);
	sk_str_free(&trimmed);
}

bool sk_mark_boxes(struct sk_task_text *text, const char *id, bool done,
		   bool *changed)
{
	struct sk_task_box box;
	bool found = false;

	for (size_t i = 0; i < text->count; i++) {
		size_t at = 0;

		while (sk_task_box_next(&box, &at, &text->lines[i])) {
			if (!sk_task_word_is(box.id, id))
				continue;
			found = true;
			if (box.is_checked == done)
				continue;
			sk_task_box_put(text, i, box.mark, done);
			*changed = true;
		}
	}
	return found;
}

bool sk_mark_rows(struct sk_task_text *text, const char *id, bool done,
		  bool *changed)
{
	enum sk_task_state wanted = done ? SK_TASK_DONE : SK_TASK_PENDING;
	bool found = false;

	for (size_t i = 0; i < text->count; i++) {
		if (!sk_task_row_is_of(text, &text->lines[i], id))
			continue;
		found = true;
		if (sk_task_row_state(text, &text->lines[i], NULL) == wanted)
			continue;
		sk_task_row_put(text, i, done);
		*changed = true;
	}
	return found;
}

bool sk_mark_list(struct sk_task_text *text, const char *id, bool done,
		  bool *changed)
{
	struct sk_str spelling = SK_STR_INIT;
	size_t line = 0, box_line, mark;
	bool found = sk_task_list_find(&line, &spelling, text, id);

	if (found && sk_task_list_box(&box_line, &mark, text, line, id)) {
		if ((text->lines[box_line].text.at[mark] != ' ') != done) {
			sk_task_box_put(text, box_line, mark, done);
			*changed = true;
		}
	} else if (found) {
		sk_task_list_insert(text, line, spelling.ptr, done);
		*changed = true;
	}
	sk_str_free(&spelling);
	return found;
}

/* Whether the log says that the task is done, or the work package that has it:
 * then it needs no box. */
static bool is_done_by_log(const struct sk_task_text *text, const char *id,
			   const struct sk_mark_facts *facts)
{
	struct sk_str spelling = SK_STR_INIT, wp = SK_STR_INIT;
	size_t line = 0, box_line, mark;
	bool done = false;

	if (facts && facts->is_done &&
	    sk_task_list_find(&line, &spelling, text, id) &&
	    !sk_task_list_box(&box_line, &mark, text, line, id)) {
		done = facts->is_done(facts->ctx, spelling.ptr) ||
		       (sk_task_list_wp(&wp, text, line) &&
			facts->is_done(facts->ctx, wp.ptr));
	}
	sk_str_free(&spelling);
	sk_str_free(&wp);
	return done;
}

/* Whether a line of the text says the word, code and comments too. */
static bool has_word(const struct sk_task_text *text, const char *id)
{
	for (size_t i = 0; i < text->count; i++) {
		struct sk_task_part line = text->lines[i].text;

		for (size_t at = 0; at < line.len;) {
			struct sk_task_part word =
				sk_task_word_at((struct sk_task_part){
					line.at + at, line.len - at});

			if (sk_task_word_is(word, id))
				return true;
			at += word.len ? word.len : 1;
		}
	}
	return false;
}

static void set_found(struct sk_mark *mark, enum sk_mark_format format,
		      bool changed, bool done)
{
	const char *id = mark->id.ptr, *status = done ? "done" : "pending";
	const char *what = formats[format].what;

	mark->format = format;
	mark->outcome = changed ? SK_MARK_UPDATED : SK_MARK_SATISFIED;
	if (!changed)
		sk_str_addf(&mark->message, "%s is already %s (%s).", id,
			    status, what);
	else if (format == SK_MARK_INLINE)
		sk_str_addf(&mark->message, "Persisted status for %s %s as %s.",
			    what, id, status);
	else
		sk_str_addf(&mark->message, "Marked %s as %s (%s updated).", id,
			    status, what);
}

/* Only a word can be an id; anything else is found nowhere. */
static bool is_word(const char *id)
{
	size_t len = strlen(id);

	return len &&
	       sk_task_word_at((struct sk_task_part){id, len}).len == len;
}

/* The first form that has the id. */
static void mark_text(struct sk_mark *mark, struct sk_task_text *text,
		      bool done, const struct sk_mark_facts *facts)
{
	const char *id = mark->id.ptr;
	bool changed = false;

	if (sk_mark_rows(text, id, done, &changed)) {
		set_found(mark, SK_MARK_PIPE_TABLE, changed, done);
	} else if (done && is_done_by_log(text, id, facts)) {
		mark->format = SK_MARK_INLINE;
		mark->outcome = SK_MARK_SATISFIED;
		sk_str_addf(&mark->message,
			    "%s is already done according to the event log.",
			    id);
	} else if (sk_mark_list(text, id, done, &changed)) {
		set_found(mark, SK_MARK_INLINE, changed, done);
	}
}

void sk_mark_task(struct sk_mark *mark, struct sk_task_text *text,
		  const char *typed, bool done,
		  const struct sk_mark_facts *facts)
{
	bool is_wp, changed = false;

	normalise(&mark->id, typed);
	sk_str_clear(&mark->message);
	mark->outcome = SK_MARK_NOT_FOUND;
	mark->format = SK_MARK_NOWHERE;
	is_wp = sk_task_id_is_wp(
		(struct sk_task_part){mark->id.ptr, mark->id.len});
	if (is_word(mark->id.ptr)) {
		if (sk_mark_boxes(text, mark->id.ptr, done, &changed))
			set_found(mark, SK_MARK_CHECKBOX, changed, done);
		/* a table of work packages shows the plan; their lane is in
		 * the log */
		else if (is_wp && facts && facts->has_wp &&
			 facts->has_wp(facts->ctx, mark->id.ptr))
			mark->outcome = SK_MARK_TO_MOVE;
		else
			mark_text(mark, text, done, facts);
	}
	if (is_wp && mark->outcome == SK_MARK_NOT_FOUND &&
	    has_word(text, mark->id.ptr))
		mark->outcome = SK_MARK_TO_MOVE;
	if (mark->outcome == SK_MARK_TO_MOVE ||
	    (is_wp && mark->outcome == SK_MARK_NOT_FOUND))
		mark->format = SK_MARK_WP_ID;
	if (mark->outcome == SK_MARK_NOT_FOUND)
		sk_str_addf(&mark->message,
			    "%s was not found in any supported task format.",
			    mark->id.ptr);
}
