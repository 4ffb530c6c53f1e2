/* SPDX-License-Identifier: MIT */
/*
 * What holds of marking an id in any text; for random and for fuzzed ones. Each
 * check returns NULL, or what does not hold.
 */
#ifndef SK_TESTS_UNIT_MARKCHECK_H
#define SK_TESTS_UNIT_MARKCHECK_H

#include <string.h>

#include "mission/mark.h"
#include "mission/ourlines.h"

struct marking {
	struct sk_mark mark;
	struct sk_task_text text;
	struct sk_str after;
};

static inline void marking_make(struct marking *m, const char *data, size_t len,
				const char *id, bool done)
{
	m->mark = (struct sk_mark)SK_MARK_INIT;
	m->text = (struct sk_task_text)SK_TASK_TEXT_INIT;
	m->after = (struct sk_str)SK_STR_INIT;
	sk_task_text_open(&m->text, data, len);
	sk_mark_task(&m->mark, &m->text, id, done, NULL);
	sk_task_text_add(&m->after, &m->text);
}

static inline void marking_free(struct marking *m)
{
	sk_mark_free(&m->mark);
	sk_task_text_free(&m->text);
	sk_str_free(&m->after);
}

/* Lines without a flag are those of the text before, byte for byte; so are all
 * ends of line, but one that a last line got for a new one below. */
static inline const char *check_lines(const struct marking *m, const char *data,
				      size_t len)
{
	struct sk_task_text before = SK_TASK_TEXT_INIT;
	size_t at = 0, flagged = 0;
	const char *fault = NULL;

	sk_task_text_open(&before, data, len);
	for (size_t i = 0; i < m->text.count && !fault; i++) {
		const struct sk_task_line *line = &m->text.lines[i], *old;

		flagged += line->is_changed || line->is_inserted;
		if (line->is_inserted)
			continue;
		old = &before.lines[at++];
		if (at > before.count)
			fault = "a line too many";
		else if (!line->is_changed &&
			 (line->text.len != old->text.len ||
			  memcmp(line->text.at, old->text.at, old->text.len) !=
				  0))
			fault = "a line without a flag changed";
		else if (old->end.len &&
			 (line->end.len != old->end.len ||
			  memcmp(line->end.at, old->end.at, old->end.len) != 0))
			fault = "an end of line changed";
	}
	if (!fault && at != before.count)
		fault = "a line is gone";
	if (!fault && (flagged > 0) != (m->mark.outcome == SK_MARK_UPDATED))
		fault = "outcome and lines say different things";
	if (!fault && !flagged &&
	    (m->after.len != len || memcmp(m->after.ptr, data, len) != 0))
		fault = "an untouched text changed";
	sk_task_text_free(&before);
	return fault;
}

/* Whoever reads what was written finds it marked. */
static inline const char *check_again(const struct marking *m, const char *id,
				      bool done)
{
	struct marking again;
	const char *fault = NULL;

	marking_make(&again, m->after.ptr, m->after.len, id, done);
	if (m->mark.outcome == SK_MARK_UPDATED
		    ? again.mark.outcome != SK_MARK_SATISFIED
		    : again.mark.outcome != m->mark.outcome)
		fault = "marked again, it is not satisfied";
	marking_free(&again);
	return fault;
}

/* A box or a cell that was clear is clear again, and all else as before. */
static inline const char *check_back(const struct marking *m, const char *data,
				     size_t len, const char *id)
{
	struct marking pending, back;
	const char *fault = NULL;
	bool was_clear;

	marking_make(&pending, data, len, id, false);
	was_clear = pending.mark.outcome == SK_MARK_SATISFIED &&
		    pending.mark.format == SK_MARK_CHECKBOX;
	marking_make(&back, m->after.ptr, m->after.len, id, false);
	if (was_clear &&
	    (back.after.len != len || memcmp(back.after.ptr, data, len) != 0))
		fault = "done and then pending is another text";
	marking_free(&pending);
	marking_free(&back);
	return fault;
}

/* Where nothing else was edited, all of it is ours; where nothing is marked,
 * nothing. */
static inline const char *check_ours(const struct marking *m, const char *data,
				     size_t len, bool done)
{
	struct sk_our_text head = {data, len};
	struct sk_our_text work = {m->after.ptr, m->after.len};
	struct sk_str got = SK_STR_INIT;
	const char *fault = NULL;
	bool left = false;

	sk_our_lines(&got, head, work, &m->mark, 1, done, &left);
	if (left || got.len != work.len ||
	    memcmp(got.ptr, work.data, got.len) != 0)
		fault = "not all of our own edit would be committed";
	sk_str_free(&got);
	return fault;
}

/* Committing twice is committing once, whatever else was edited. */
static inline const char *check_merge(struct sk_our_text head,
				      struct sk_our_text before, const char *id,
				      bool done)
{
	struct sk_str once = SK_STR_INIT, twice = SK_STR_INIT;
	struct sk_our_text work;
	const char *fault = NULL;
	struct marking m;
	size_t lines;

	marking_make(&m, before.data, before.len, id, done);
	work = (struct sk_our_text){m.after.ptr, m.after.len};
	sk_our_lines(&once, head, work, &m.mark, 1, done, NULL);
	lines = sk_our_lines(&twice, (struct sk_our_text){once.ptr, once.len},
			     work, &m.mark, 1, done, NULL);
	if (lines || once.len != twice.len ||
	    memcmp(once.ptr, twice.ptr, once.len) != 0)
		fault = "a second commit would hold more than the first";
	marking_free(&m);
	sk_str_free(&once);
	sk_str_free(&twice);
	return fault;
}

/* Everything above for one id. */
static inline const char *check_marking(const char *data, size_t len,
					const char *id, bool done)
{
	struct marking m;
	const char *fault;

	marking_make(&m, data, len, id, done);
	fault = check_lines(&m, data, len);
	if (!fault)
		fault = check_again(&m, id, done);
	if (!fault && done)
		fault = check_back(&m, data, len, id);
	if (!fault)
		fault = check_ours(&m, data, len, done);
	marking_free(&m);
	return fault;
}

#endif
