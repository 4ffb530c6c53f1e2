/* SPDX-License-Identifier: MIT */
#include "mission/taskrow.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "mission/taskbox.h"

static bool is_pipe(struct sk_task_part row, size_t i)
{
	size_t slashes = 0;

	if (row.at[i] != '|')
		return false;
	while (slashes < i && row.at[i - slashes - 1] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

bool sk_task_row_has_pipe(const struct sk_task_line *line)
{
	const char *at = line->text.at, *end = at + line->text.len;

	while ((at = memchr(at, '|', (size_t)(end - at)))) {
		if (is_pipe(line->text, (size_t)(at - line->text.at)))
			return true;
		at++;
	}
	return false;
}

bool sk_task_cells_read(struct sk_task_cells *cells, struct sk_task_part row)
{
	size_t from = 0;

	row = sk_task_trim(row);
	cells->count = 0;
	cells->is_led = row.len && row.at[0] == '|';
	cells->is_closed = row.len > 1 && is_pipe(row, row.len - 1);
	if (!row.len)
		return false;
	if (cells->is_led)
		from = 1;
	if (cells->is_closed)
		row.len--;
	for (size_t i = from; i <= row.len; i++) {
		if (i < row.len && !is_pipe(row, i))
			continue;
		if (cells->count == SK_TASK_CELLS_MAX)
			return false;
		cells->cell[cells->count++] =
			(struct sk_task_part){row.at + from, i - from};
		from = i + 1;
	}
	return true;
}

static bool is_dashes(struct sk_task_part cell)
{
	size_t dashes = 0;

	cell = sk_task_trim(cell);
	if (cell.len && cell.at[0] == ':') {
		cell.at++;
		cell.len--;
	}
	while (dashes < cell.len && cell.at[dashes] == '-')
		dashes++;
	return dashes && (dashes == cell.len ||
			  (dashes + 1 == cell.len && cell.at[dashes] == ':'));
}

bool sk_task_row_is_separator(const struct sk_task_line *line)
{
	struct sk_task_cells cells;

	if (!sk_task_cells_read(&cells, sk_task_rest(line->text, line->start)))
		return false;
	for (size_t i = 0; i < cells.count; i++) {
		if (!is_dashes(cells.cell[i]))
			return false;
	}
	return true;
}

/* Without the marks of bold, italic, struck and code text around it. */
static struct sk_task_part undecorated(struct sk_task_part cell)
{
	cell = sk_task_trim(cell);
	while (cell.len && strchr("*_`~", cell.at[0]) && cell.at[0]) {
		cell.at++;
		cell.len--;
	}
	while (cell.len && strchr("*_`~", cell.at[cell.len - 1]) &&
	       cell.at[cell.len - 1])
		cell.len--;
	return sk_task_trim(cell);
}

static bool is_word(struct sk_task_part cell, const char *word)
{
	return cell.len == strlen(word) &&
	       strncasecmp(cell.at, word, cell.len) == 0;
}

/* The column of a header that is called so; SIZE_MAX when none is. */
static size_t find_column(struct sk_task_part header, const char *name)
{
	struct sk_task_cells cells;

	if (!header.len || !sk_task_cells_read(&cells, header))
		return SIZE_MAX;
	for (size_t i = 0; i < cells.count; i++) {
		if (is_word(undecorated(cells.cell[i]), name))
			return i;
	}
	return SIZE_MAX;
}

bool sk_task_row_is_header(const struct sk_task_line *line)
{
	struct sk_task_part row = sk_task_rest(line->text, line->start);

	return row.len && row.at[0] == '|' &&
	       find_column(row, "status") != SIZE_MAX;
}

/* The id in a cell: bold, in back quotes, or the text of a link. */
static struct sk_task_part id_in(struct sk_task_part cell)
{
	const char *close;

	cell = undecorated(cell);
	if (cell.len > 2 && cell.at[0] == '[') {
		close = memchr(cell.at, ']', cell.len);
		/* [P] and [D] are marks, [text](address) is a link */
		if (close && close + 1 < cell.at + cell.len && close[1] == '(')
			cell = undecorated((struct sk_task_part){
				cell.at + 1, (size_t)(close - cell.at) - 1});
	}
	return cell;
}

static size_t id_column(struct sk_task_part header)
{
	static const char *const names[] = {"id", "task id", "subtask id",
					    "subtask"};
	size_t column = SIZE_MAX;

	for (size_t i = 0; i < SK_COUNTOF(names) && column == SIZE_MAX; i++)
		column = find_column(header, names[i]);
	return column;
}

/* Whether the cell has the id; below Status a word is no id, T001 is one. */
static bool has_id(const struct sk_task_cells *cells, size_t i, size_t status,
		   const char *id)
{
	struct sk_task_part cell = id_in(cells->cell[i]);

	return is_word(cell, id) &&
	       (i != status || sk_task_id_is_numbered(cell));
}

/* Whether a cell may stand before that of the id: it is empty, a mark, the
 * number of the row, or the work package that a task belongs to. */
static bool is_before_id(struct sk_task_part cell, bool is_wp)
{
	size_t digits = 0;

	cell = id_in(cell);
	while (digits < cell.len && isdigit((unsigned char)cell.at[digits]))
		digits++;
	return digits == cell.len || (!is_wp && sk_task_id_is_wp(cell)) ||
	       (cell.len == 3 && cell.at[0] == '[' && cell.at[2] == ']');
}

bool sk_task_row_is_of(const struct sk_task_text *text,
		       const struct sk_task_line *line, const char *id)
{
	struct sk_task_part header = sk_task_text_header(text, line);
	bool is_wp = sk_task_id_is_wp((struct sk_task_part){id, strlen(id)});
	size_t column, status = find_column(header, "status"), i = 0;
	struct sk_task_cells cells;

	if (!line->is_row ||
	    !sk_task_cells_read(&cells, sk_task_rest(line->text, line->start)))
		return false;
	column = id_column(header);
	if (column < cells.count && has_id(&cells, column, status, id))
		return true;
	while (i + 1 < cells.count && !has_id(&cells, i, status, id) &&
	       is_before_id(cells.cell[i], is_wp))
		i++;
	return has_id(&cells, i, status, id) && (column == SIZE_MAX || i == 0);
}

static enum sk_task_state state_of(struct sk_task_part cell)
{
	static const char *const done[] = {
		"[D]",	     "[x]",	     "done",	     "complete",
		"completed", "\xe2\x9c\x85", "\xe2\x9c\x93", "\xe2\x9c\x94"};
	static const char *const pending[] = {"[ ]", "pending", "planned",
					      "todo"};

	cell = undecorated(cell);
	for (size_t i = 0; i < SK_COUNTOF(done); i++) {
		if (is_word(cell, done[i]))
			return SK_TASK_DONE;
	}
	for (size_t i = 0; i < SK_COUNTOF(pending); i++) {
		if (is_word(cell, pending[i]))
			return SK_TASK_PENDING;
	}
	return cell.len ? SK_TASK_OTHER : SK_TASK_UNTOLD;
}

/* The status cell, or where there is none, the place of a new one. */
static size_t find_status(const struct sk_task_text *text,
			  const struct sk_task_line *line,
			  const struct sk_task_cells *cells)
{
	struct sk_task_part header = sk_task_text_header(text, line), cell;
	size_t column = find_column(header, "status");
	size_t parallel = find_column(header, "parallel");
	struct sk_task_cells columns;

	/* below a header that is another's an id may stand */
	if (column != SIZE_MAX &&
	    (column >= cells->count ||
	     !sk_task_id_is_numbered(id_in(cells->cell[column]))))
		return column;
	for (size_t i = cells->count; i-- > 0;) {
		cell = sk_task_trim(cells->cell[i]);
		/* [x] below Parallel says that it may run beside others; [D]
		 * and [ ] there are what spec-kitty wrote over [P] */
		if (is_word(cell, "[D]") || is_word(cell, "[ ]") ||
		    (is_word(cell, "[x]") && i != parallel))
			return i;
	}
	/* below none of the columns, where the row is shorter than they are */
	if (header.len && sk_task_cells_read(&columns, header) &&
	    columns.count > cells->count)
		return columns.count;
	return cells->count;
}

enum sk_task_state sk_task_row_state(const struct sk_task_text *text,
				     const struct sk_task_line *line,
				     size_t *index)
{
	struct sk_task_cells cells;
	size_t at = SIZE_MAX;

	if (line->is_row &&
	    sk_task_cells_read(&cells, sk_task_rest(line->text, line->start))) {
		at = find_status(text, line, &cells);
		if (at >= cells.count)
			at = SIZE_MAX;
	}
	if (index)
		*index = at;
	return at == SIZE_MAX ? SK_TASK_UNTOLD : state_of(cells.cell[at]);
}

/* Put the mark into a cell that is there. */
static void fill(struct sk_task_text *text, size_t line,
		 struct sk_task_part cell, struct sk_task_part mark)
{
	struct sk_task_part word = sk_task_trim(cell);
	size_t from = (size_t)(cell.at - text->lines[line].text.at);
	struct sk_str padded = SK_STR_INIT;

	if (word.len) {
		from += (size_t)(word.at - cell.at);
		sk_task_text_replace(text, line, from, word.len, mark);
		return;
	}
	sk_str_addf(&padded, " %.*s ", (int)mark.len, mark.at);
	/* an empty cell that is wide enough keeps its width */
	sk_task_text_replace(text, line, from,
			     cell.len < padded.len ? cell.len : padded.len,
			     (struct sk_task_part){padded.ptr, padded.len});
	sk_str_free(&padded);
}

void sk_task_row_put(struct sk_task_text *text, size_t line, bool done)
{
	struct sk_task_part mark = {done ? "[D]" : "[ ]", 3};
	struct sk_task_line *l = &text->lines[line];
	struct sk_str more = SK_STR_INIT;
	struct sk_task_part row = sk_task_trim(l->text);
	struct sk_task_cells cells;
	size_t at, end = (size_t)(row.at - l->text.at) + row.len;

	if (!sk_task_cells_read(&cells, sk_task_rest(l->text, l->start)))
		return;
	at = find_status(text, l, &cells);
	if (at < cells.count) {
		fill(text, line, cells.cell[at], mark);
		return;
	}
	if (!cells.is_closed)
		sk_str_puts(&more, " |");
	for (size_t i = cells.count; i < at; i++)
		sk_str_puts(&more, "  |");
	sk_str_addf(&more, " %s", mark.at);
	if (cells.is_led || cells.is_closed)
		sk_str_puts(&more, " |");
	sk_task_text_replace(text, line, end, 0,
			     (struct sk_task_part){more.ptr, more.len});
	sk_str_free(&more);
}
