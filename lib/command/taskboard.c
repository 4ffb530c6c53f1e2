/* SPDX-License-Identifier: MIT */
#include "command/taskboard.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "front/cell.h"

enum {
	COLUMNS = 80, /* of no terminal */
	LEAST = 12,   /* of a column: the longest name of a lane, and one */
	MOST = 28,
	GAP = 2,
};

/* A lane's column: lines, the first of which is its name. */
struct column {
	enum sk_lane lane;
	char **lines;
	size_t count, cap;
};

static void add_line(struct column *c, struct sk_str *text)
{
	SK_GROW(c->lines, c->count, c->cap);
	c->lines[c->count++] = sk_str_take(text);
}

static void add_heading(struct column *c, const struct sk_mission *m, int width)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_puts(&text, sk_lane_name(c->lane));
	add_line(c, &text);
	sk_str_addf(&text, "%lld ", (long long)m->in_lane[c->lane]);
	while (text.len < (size_t)width)
		sk_str_putc(&text, '-');
	add_line(c, &text);
}

/* What is over takes one line: it is there to be counted. */
static void add_card(struct column *c, const struct sk_mission_look *look,
		     const struct sk_package *p)
{
	bool is_over = sk_lane_is_terminal(p->lane);
	struct sk_str text = SK_STR_INIT;

	if (c->count > 2 && !is_over)
		add_line(c, &text);
	sk_str_addf(&text, "%s ", p->id);
	if (is_over)
		sk_str_puts(&text, p->title ? p->title : "");
	else
		sk_package_add_age(&text, p, look->now_us, true);
	sk_str_rtrim(&text);
	add_line(c, &text);
	if (is_over)
		return;
	if (p->title) {
		sk_str_puts(&text, p->title);
		add_line(c, &text);
	}
	if (strcmp(sk_package_holder(p), "-") != 0) {
		sk_str_puts(&text, sk_package_holder(p));
		add_line(c, &text);
	}
}

static void add_row(struct sk_str *out, const struct sk_mission_look *look,
		    const struct column *columns, size_t count, size_t row,
		    int width)
{
	struct sk_str cell = SK_STR_INIT;
	size_t pad = 0;

	for (size_t i = 0; i < count; i++) {
		const struct column *c = &columns[i];
		const char *line = row < c->count ? c->lines[row] : "";
		int used;

		/* spaces only in front of something */
		sk_str_clear(&cell);
		used = sk_cell_add(&cell, line, width, look->mark);
		for (; used > 0 && pad > 0; pad--)
			sk_str_putc(out, ' ');
		if (row == 0)
			sk_lane_add_coloured(out, look, c->lane, cell.ptr);
		else
			sk_str_add(out, cell.ptr, cell.len);
		pad += (size_t)(width - used + GAP);
	}
	sk_str_putc(out, '\n');
	sk_str_free(&cell);
}

/* Columns side by side. */
static void add_band(struct sk_str *out, const struct sk_mission_look *look,
		     const struct column *columns, size_t count, int width)
{
	size_t rows = 0;

	for (size_t i = 0; i < count; i++)
		rows = columns[i].count > rows ? columns[i].count : rows;
	for (size_t row = 0; row < rows; row++)
		add_row(out, look, columns, count, row, width);
}

/* So many in a band that all bands have about as many. */
static size_t in_a_band(size_t count, int columns)
{
	size_t most = (size_t)(columns + GAP) / (LEAST + GAP), bands;

	if (most == 0)
		most = 1;
	bands = (count + most - 1) / most;
	return (count + bands - 1) / bands;
}

static void fill(struct column *columns, const struct sk_mission_look *look,
		 const struct sk_mission *m, const size_t *place)
{
	for (size_t i = 0; i < m->package_count; i++)
		add_card(&columns[place[m->packages[i].lane]], look,
			 &m->packages[i]);
}

void sk_mission_add_board(struct sk_str *out,
			  const struct sk_mission_look *look,
			  const struct sk_mission *m)
{
	int total = look->columns ? look->columns : COLUMNS, width;
	struct column columns[SK_LANE_COUNT] = {{SK_LANE_NONE, NULL, 0, 0}};
	size_t place[SK_LANE_COUNT] = {0}, count = 0, band;

	for (enum sk_lane lane = 0; lane < SK_LANE_COUNT; lane++) {
		place[lane] = count;
		if (m->in_lane[lane])
			columns[count++].lane = lane;
	}
	if (count == 0)
		return;
	band = in_a_band(count, total);
	width = (total - GAP * (int)(band - 1)) / (int)band;
	width = width > MOST ? MOST : width;
	for (size_t i = 0; i < count; i++)
		add_heading(&columns[i], m, width);
	fill(columns, look, m, place);
	for (size_t i = 0; i < count; i += band) {
		if (i)
			sk_str_putc(out, '\n');
		add_band(out, look, columns + i,
			 count - i < band ? count - i : band, width);
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < columns[i].count; k++)
			free(columns[i].lines[k]);
		free(columns[i].lines);
	}
}
