/* SPDX-License-Identifier: MIT */
#include "mission/ourlines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "mission/taskbox.h"
#include "mission/tasklist.h"
#include "mission/taskrow.h"

/* So far above a checkbox its `Subtasks:` line is looked for. */
#define LIST_MAX 64

/* Make the marks again where they belong. Returns false where that is not. */
static bool mark_again(struct sk_task_text *head, const struct sk_mark *mark,
		       bool done)
{
	bool changed = false;

	switch (mark->format) {
	case SK_MARK_CHECKBOX:
		return sk_mark_boxes(head, mark->id.ptr, done, &changed);
	case SK_MARK_PIPE_TABLE:
		return sk_mark_rows(head, mark->id.ptr, done, &changed);
	case SK_MARK_INLINE:
		/* satisfied: by the log, which needs no line, or by a box,
		 * which is like any other of an earlier command */
		return mark->outcome != SK_MARK_UPDATED ||
		       sk_mark_boxes(head, mark->id.ptr, done, &changed) ||
		       sk_mark_list(head, mark->id.ptr, done, &changed);
	case SK_MARK_NOWHERE:
	case SK_MARK_WP_ID:
		break;
	}
	return true;
}

/* Whether a box or a row on the line names a numbered id. */
static bool is_numbered(struct sk_task_part word)
{
	size_t len = 0;

	while (len < word.len && word.at[len] != '-' && word.at[len] != '.')
		len++;
	return sk_task_id_is_numbered((struct sk_task_part){word.at, len});
}

/* Whether the line is the checkbox below a `Subtasks:` line that stands for one
 * of its ids, which is elsewhere on it. */
static bool is_backing(const struct sk_task_text *text, size_t number)
{
	const struct sk_task_line *line = &text->lines[number];
	size_t list = number;

	if (!sk_task_line_has_box(line, NULL))
		return false;
	while (list-- > 0 && number - list <= LIST_MAX) {
		const struct sk_task_line *above = &text->lines[list];

		if (sk_task_list_has(above, (struct sk_task_part){NULL, 0}))
			return sk_task_list_end(text, list) >= number &&
			       sk_task_list_names(above, line);
		if (!sk_task_line_is_blank(above) && !above->start &&
		    !sk_task_line_has_box(above, NULL))
			break;
	}
	return false;
}

/*
 * What is left of a line without its marks; lines with one key differ in marks
 * alone. Returns false when it has no marks that are made here.
 */
static bool add_key(struct sk_str *key, const struct sk_task_text *text,
		    size_t number)
{
	const struct sk_task_line *line = &text->lines[number];
	struct sk_task_part part = sk_task_trim(line->text);
	struct sk_task_cells cells;
	struct sk_task_box box;
	bool has_id = is_backing(text, number);
	size_t at = 0, status;

	sk_str_clear(key);
	sk_str_add(key, line->text.at, line->text.len);
	while (sk_task_box_next(&box, &at, line)) {
		has_id = has_id || is_numbered(box.id);
		key->ptr[box.mark] = ' ';
	}
	if (has_id || !line->is_row || !sk_task_cells_read(&cells, part))
		return has_id;
	sk_str_clear(key);
	sk_task_row_state(text, line, &status);
	for (size_t i = 0; i < cells.count; i++) {
		part = sk_task_trim(cells.cell[i]);
		if (i == status)
			continue;
		has_id = has_id || is_numbered(part);
		sk_str_putc(key, '|');
		sk_str_add(key, part.at, part.len);
	}
	return has_id;
}

/* Lines with one key, in their order. */
struct twins {
	size_t first, last; /* of the committed text */
	size_t head_count, work_count;
};

struct pairing {
	struct sk_map map; /* key -> its twins */
	struct twins *twins;
	size_t count, cap;
	size_t *next; /* of each committed line: its next twin */
};

static void index_head(struct pairing *pairing, const struct sk_task_text *head)
{
	struct sk_str key = SK_STR_INIT;
	struct twins *twins;
	bool added;
	int64_t *at;

	pairing->next = sk_calloc(head->count, sizeof(*pairing->next));
	for (size_t i = 0; i < head->count; i++) {
		if (!add_key(&key, head, i))
			continue;
		at = sk_map_add(&pairing->map, key.ptr, key.len,
				(int64_t)pairing->count, &added);
		if (added) {
			SK_GROW(pairing->twins, pairing->count, pairing->cap);
			pairing->twins[pairing->count++] =
				(struct twins){i, i, 1, 0};
			continue;
		}
		twins = &pairing->twins[*at];
		pairing->next[twins->last] = i;
		twins->last = i;
		twins->head_count++;
	}
	sk_str_free(&key);
}

static struct twins *find_twins(struct pairing *pairing, struct sk_str *key,
				const struct sk_task_text *work, size_t line)
{
	int64_t *at;

	if (!add_key(key, work, line))
		return NULL;
	at = sk_map_get(&pairing->map, key->ptr, key->len);
	return at ? &pairing->twins[*at] : NULL;
}

/* Take over the boxes of a line with the same key; the words are the same. */
static void carry_boxes(struct sk_task_text *head, size_t to,
			const struct sk_task_line *from)
{
	struct sk_task_box box, now;
	size_t at = 0, now_at = 0;

	while (sk_task_box_next(&box, &at, from) &&
	       sk_task_box_next(&now, &now_at, &head->lines[to])) {
		if (now.is_checked != box.is_checked &&
		    (is_numbered(now.id) || is_backing(head, to)))
			sk_task_box_put(head, to, now.mark, box.is_checked);
	}
}

static void carry_row(struct sk_task_text *head, size_t to,
		      const struct sk_task_text *work, size_t from)
{
	const struct sk_task_line *line = &work->lines[from];
	enum sk_task_state state;
	struct sk_task_cells cells;
	struct sk_task_part cell;
	size_t status;

	state = sk_task_row_state(work, line, &status);
	if (status == SIZE_MAX || !line->is_row ||
	    !sk_task_cells_read(&cells, sk_task_trim(line->text)))
		return;
	cell = sk_task_trim(cells.cell[status]);
	/* another word there was written by somebody else */
	if (cell.len != 3 ||
	    (memcmp(cell.at, "[D]", 3) != 0 && memcmp(cell.at, "[ ]", 3) != 0))
		return;
	if (sk_task_row_state(head, &head->lines[to], NULL) != state)
		sk_task_row_put(head, to, state == SK_TASK_DONE);
}

/*
 * Lines that stand several times are paired in their order, when there are as
 * many of them in both texts: else nobody can say which is which.
 */
static void carry_marks(struct sk_task_text *head,
			const struct sk_task_text *work)
{
	struct pairing pairing = {SK_MAP_INIT, NULL, 0, 0, NULL};
	struct sk_str key = SK_STR_INIT;
	struct twins *twins;

	index_head(&pairing, head);
	for (size_t i = 0; i < work->count; i++) {
		twins = find_twins(&pairing, &key, work, i);
		if (twins)
			twins->work_count++;
	}
	for (size_t i = 0; i < work->count; i++) {
		twins = find_twins(&pairing, &key, work, i);
		if (!twins || twins->head_count != twins->work_count)
			continue;
		carry_boxes(head, twins->first, &work->lines[i]);
		carry_row(head, twins->first, work, i);
		twins->first = pairing.next[twins->first];
	}
	sk_map_free(&pairing.map);
	free(pairing.twins);
	free(pairing.next);
	sk_str_free(&key);
}

/* Whether the line is `- [x] ID` and nothing more, as marking inserts it. */
static bool is_inserted_row(const struct sk_task_line *line,
			    struct sk_task_box *box)
{
	size_t at = 0;

	return sk_task_line_has_box(line, NULL) &&
	       sk_task_box_next(box, &at, line) &&
	       sk_task_id_is_numbered(box->id) &&
	       line->text.at + line->text.len == box->id.at + box->id.len &&
	       box->id.at == line->text.at + box->mark + 3 &&
	       box->mark == line->start + 3 &&
	       line->text.at[line->start] == '-';
}

static void add_lower(struct sk_str *out, struct sk_task_part word)
{
	sk_str_clear(out);
	for (size_t i = 0; i < word.len; i++)
		sk_str_putc(out, (char)tolower((unsigned char)word.at[i]));
}

/* The ids that have a box, in lower case as the map's keys. */
static void index_boxes(struct sk_map *ids, const struct sk_task_text *text)
{
	struct sk_str id = SK_STR_INIT;
	struct sk_task_box box;

	for (size_t i = 0; i < text->count; i++) {
		size_t at = 0;

		while (sk_task_box_next(&box, &at, &text->lines[i])) {
			add_lower(&id, box.id);
			sk_map_add(ids, id.ptr, id.len, 0, NULL);
		}
	}
	sk_str_free(&id);
}

/* Insert the row of the work tree's text where the committed one has none. */
static void carry_row_of_list(struct sk_task_text *head, struct sk_map *ids,
			      const struct sk_task_line *list,
			      const struct sk_task_line *row)
{
	struct sk_str id = SK_STR_INIT;
	struct sk_task_box box;
	bool changed = false, added = false;

	if (is_inserted_row(row, &box) && sk_task_list_has(list, box.id)) {
		add_lower(&id, box.id);
		sk_map_add(ids, id.ptr, id.len, 0, &added);
	}
	if (added) {
		sk_str_clear(&id);
		sk_str_add(&id, box.id.at, box.id.len);
		sk_mark_list(head, id.ptr, box.is_checked, &changed);
	}
	sk_str_free(&id);
}

/* Insert the rows that marking inserted into the work tree's text. */
static void carry_inserted(struct sk_task_text *head,
			   const struct sk_task_text *work)
{
	struct sk_task_part any = {NULL, 0};
	struct sk_map ids = SK_MAP_INIT;

	index_boxes(&ids, head);
	for (size_t list = 0; list < work->count; list++) {
		size_t end;

		if (!sk_task_list_has(&work->lines[list], any))
			continue;
		end = sk_task_list_end(work, list);
		for (size_t i = list + 1; i <= end; i++)
			carry_row_of_list(head, &ids, &work->lines[list],
					  &work->lines[i]);
	}
	sk_map_free(&ids);
}

size_t sk_our_lines(struct sk_str *out, struct sk_our_text head,
		    struct sk_our_text work, const struct sk_mark *marks,
		    size_t count, bool done, bool *left)
{
	struct sk_task_text committed = SK_TASK_TEXT_INIT,
			    now = SK_TASK_TEXT_INIT;
	size_t entered = 0;

	sk_task_text_open(&committed, head.data, head.len);
	sk_task_text_open(&now, work.data, work.len);
	carry_marks(&committed, &now);
	carry_inserted(&committed, &now);
	for (size_t i = 0; i < count; i++) {
		bool is_made = mark_again(&committed, &marks[i], done);

		if (left)
			left[i] = !is_made;
	}
	for (size_t i = 0; i < committed.count; i++) {
		entered += committed.lines[i].is_changed ||
			   committed.lines[i].is_inserted;
	}
	sk_task_text_add(out, &committed);
	sk_task_text_free(&committed);
	sk_task_text_free(&now);
	return entered;
}
