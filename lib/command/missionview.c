/* SPDX-License-Identifier: MIT */
#include "command/missionview.h"

#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "format/time.h"
#include "front/cell.h"
#include "front/cli.h"
#include "front/colour.h"
#include "front/terminal.h"

enum {
	WHO_COLUMNS = 16,
	LANE_COLUMNS = 11,
	WHO_LEAST = 4,
	TITLE_LEAST = 8, /* less is not worth a column */
	NAME_BYTES = 300,
};

#define US_PER_S INT64_C(1000000)

struct sk_mission_look sk_mission_look_now(const struct sk_mission_look *look)
{
	return (struct sk_mission_look){
		.has_colour = look->has_colour,
		.columns = isatty(STDOUT_FILENO)
				   ? sk_terminal_columns(STDOUT_FILENO)
				   : 0,
		.mark = look->mark,
		.now_us = sk_now_ms() * 1000,
	};
}

struct sk_mission_look sk_mission_look_here(const struct sk_config *config)
{
	struct sk_mission_look look = {
		.has_colour = sk_colour_from(sk_config_get(config, "color.sk"),
					     sk_config_get(config, "color.ui")),
		.mark = sk_cell_mark(),
	};

	return sk_mission_look_now(&look);
}

void sk_lane_add_coloured(struct sk_str *out,
			  const struct sk_mission_look *look, enum sk_lane lane,
			  const char *text)
{
	static const struct {
		bool is_plain;
		enum sk_colour colour;
	} colours[SK_LANE_COUNT] = {
		[SK_LANE_NONE] = {.is_plain = true},
		[SK_LANE_GENESIS] = {.is_plain = true},
		[SK_LANE_PLANNED] = {.is_plain = true},
		[SK_LANE_CLAIMED] = {.colour = SK_COLOUR_HINT},
		[SK_LANE_IN_PROGRESS] = {.colour = SK_COLOUR_HINT},
		[SK_LANE_FOR_REVIEW] = {.colour = SK_COLOUR_WARNING},
		[SK_LANE_IN_REVIEW] = {.colour = SK_COLOUR_WARNING},
		[SK_LANE_APPROVED] = {.colour = SK_COLOUR_GOOD},
		[SK_LANE_DONE] = {.colour = SK_COLOUR_GOOD},
		[SK_LANE_BLOCKED] = {.colour = SK_COLOUR_ERROR},
		[SK_LANE_CANCELED] = {.is_plain = true},
	};

	sk_colour_add(out, look->has_colour && !colours[lane].is_plain,
		      colours[lane].colour, text);
}

void sk_mission_add_where(struct sk_str *out, const struct sk_mission *m)
{
	struct sk_str name = SK_STR_INIT;

	if (!m->newest)
		return;
	sk_mission_tip_add_name(&name, m->newest);
	sk_str_add_visible(out, name.ptr, name.len, NAME_BYTES);
	sk_str_free(&name);
	if (m->is_coordination)
		sk_str_puts(out, " (coordination)");
	if (m->where == SK_TIP_REMOTE)
		sk_str_puts(out, " (not here yet)");
	if (m->is_united)
		sk_str_puts(out, " and others");
}

void sk_mission_add_progress(struct sk_str *out, const struct sk_mission *m)
{
	if (m->package_count)
		sk_str_addf(out, "%lld of %zu done, %d%%",
			    (long long)m->in_lane[SK_LANE_DONE],
			    m->package_count, m->progress);
}

void sk_mission_add_heading(struct sk_str *out,
			    const struct sk_mission_look *look,
			    const struct sk_mission *m)
{
	struct sk_str rest = SK_STR_INIT, name = SK_STR_INIT;
	int left = look->columns ? look->columns : INT16_MAX, used;

	sk_mission_add_progress(&rest, m);
	if (rest.len)
		sk_str_puts(&rest, ", ");
	sk_str_puts(&rest, "on ");
	sk_mission_add_where(&rest, m);
	used = sk_cell_add(&name, m->slug, left, look->mark);
	sk_colour_add(out, look->has_colour, SK_COLOUR_HEADING, name.ptr);
	/* in a narrow terminal below it, so that nothing is lost */
	if (used + 2 + sk_cell_width(rest.ptr) > left) {
		sk_str_puts(out, "\n  ");
		used = 0;
	} else {
		sk_str_puts(out, "  ");
	}
	sk_cell_add(out, rest.ptr, left - used - 2, look->mark);
	sk_str_putc(out, '\n');
	sk_str_free(&name);
	sk_str_free(&rest);
}

const char *sk_package_holder(const struct sk_package *package)
{
	if (package->lane <= SK_LANE_PLANNED || !package->actor)
		return "-";
	return package->actor;
}

static void add_short_span(struct sk_str *out, int64_t seconds)
{
	static const struct {
		int seconds;
		char unit;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	while (i + 1 < SK_COUNTOF(units) && seconds < units[i].seconds)
		i++;
	sk_str_addf(out, "%lld%c", (long long)(seconds / units[i].seconds),
		    units[i].unit);
}

void sk_package_add_age(struct sk_str *out, const struct sk_package *package,
			int64_t now_us, bool is_short)
{
	int64_t age;

	if (package->since_us == INT64_MIN)
		return;
	age = (now_us - package->since_us) / US_PER_S;
	if (age < 0)
		age = 0; /* another machine's clock */
	if (is_short)
		add_short_span(out, age);
	else
		sk_time_add_span(out, age);
}

/* The widest text of a column, at most `most`. */
struct widths {
	int id, who, age;
	bool short_age;
};

static void widen(int *width, const char *text, int most)
{
	int columns = sk_cell_width(text);

	if (columns > *width)
		*width = columns > most ? most : columns;
}

/* Those of a row without its title. */
static int row_columns(const struct widths *w)
{
	return 2 + w->id + 2 + LANE_COLUMNS + 2 + w->who + 2 + w->age;
}

static struct widths measure(const struct sk_mission_look *look,
			     const struct sk_mission *m)
{
	struct widths w = {.short_age = look->columns && look->columns < 60};
	int most = look->columns ? WHO_COLUMNS : INT16_MAX;
	struct sk_str age = SK_STR_INIT;

	for (size_t i = 0; i < m->package_count; i++) {
		sk_str_clear(&age);
		sk_package_add_age(&age, &m->packages[i], look->now_us,
				   w.short_age);
		widen(&w.id, m->packages[i].id, most);
		widen(&w.who, sk_package_holder(&m->packages[i]), most);
		widen(&w.age, age.ptr, most);
	}
	sk_str_free(&age);
	most = look->columns - row_columns(&w) + w.who;
	if (look->columns && w.who > most)
		w.who = most > WHO_LEAST ? most : WHO_LEAST;
	return w;
}

static void add_package(struct sk_str *out, const struct sk_mission_look *look,
			const struct sk_package *p, const struct widths *w)
{
	int left = INT16_MAX;
	struct sk_str text = SK_STR_INIT;

	if (look->columns)
		left = look->columns - row_columns(w) - 2;
	sk_str_puts(out, "  ");
	sk_cell_pad(out, p->id, w->id, look->mark);
	sk_str_puts(out, "  ");
	sk_cell_pad(&text, sk_lane_name(p->lane), LANE_COLUMNS, look->mark);
	sk_lane_add_coloured(out, look, p->lane, text.ptr);
	sk_str_puts(out, "  ");
	sk_cell_pad(out, sk_package_holder(p), w->who, look->mark);
	sk_str_puts(out, "  ");
	sk_str_clear(&text);
	sk_package_add_age(&text, p, look->now_us, w->short_age);
	sk_cell_pad(out, text.ptr, w->age, look->mark);
	if (p->title && left >= TITLE_LEAST) {
		sk_str_puts(out, "  ");
		sk_cell_add(out, p->title, left, look->mark);
	}
	sk_str_rtrim(out);
	sk_str_putc(out, '\n');
	sk_str_free(&text);
}

void sk_mission_add_packages(struct sk_str *out,
			     const struct sk_mission_look *look,
			     const struct sk_mission *m)
{
	struct widths w = measure(look, m);

	for (size_t i = 0; i < m->package_count; i++)
		add_package(out, look, &m->packages[i], &w);
}

static void warn_of(const struct sk_mission *m)
{
	struct sk_str name = SK_STR_INIT;

	sk_str_add_visible(&name, m->slug, strlen(m->slug), NAME_BYTES);
	if (m->unreadable)
		sk_warn("mission '%s': %lld %s of its event log cannot be read",
			name.ptr, (long long)m->unreadable,
			m->unreadable == 1 ? "line" : "lines");
	if (m->fault)
		sk_warn("mission '%s': %s", name.ptr, m->fault);
	sk_str_free(&name);
}

void sk_missions_warn(const struct sk_missions *all,
		      const struct sk_mission *only)
{
	const char *hint = NULL;

	if (all->unreadable_tips) {
		sk_warn("%zu %s cannot be read: %s", all->unreadable_tips,
			all->unreadable_tips == 1 ? "branch" : "branches",
			all->fault.msg);
		hint = all->fault.hint;
	}
	for (size_t i = 0; i < all->count; i++) {
		const struct sk_mission *m = &all->items[i];

		if (only && m != only)
			continue;
		warn_of(m);
		hint = hint ? hint : m->hint;
	}
	if (hint && *hint)
		sk_advise("%s", hint);
}
