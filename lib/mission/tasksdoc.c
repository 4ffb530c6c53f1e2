/* SPDX-License-Identifier: MIT */
#include "mission/tasksdoc.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mission/lines.h"
#include "mission/requirement.h"
#include "mission/taskbox.h"
#include "mission/taskids.h"

/* So many work packages are a range, and not a slip of the pen. */
#define RANGE_MAX 100

/* A line being read from left to right. */
struct reader {
	const char *at, *end;
};

static struct reader read_line(struct sk_line line)
{
	return (struct reader){line.at, line.at + line.len};
}

static void skip_any(struct reader *r, const char *chars)
{
	while (r->at < r->end && *r->at && strchr(chars, *r->at))
		r->at++;
}

static bool take_word(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->at) < len ||
	    strncasecmp(r->at, word, len) != 0)
		return false;
	r->at += len;
	return true;
}

static bool ends_word(const struct reader *r)
{
	return r->at == r->end ||
	       (!isalnum((unsigned char)*r->at) && *r->at != '_');
}

/* `WPnn` as a whole word. */
static bool take_id(struct reader *r, char id[SK_WP_ID_MAX])
{
	struct reader from = *r;
	size_t len;

	if (r->end - r->at < 4 || memcmp(r->at, "WP", 2) != 0)
		return false;
	r->at += 2;
	while (r->at < r->end && isdigit((unsigned char)*r->at))
		r->at++;
	len = (size_t)(r->at - from.at);
	if (len < SK_WP_ID_MAX) {
		memcpy(id, from.at, len);
		id[len] = '\0';
	}
	if (len < SK_WP_ID_MAX && ends_word(r) && sk_wp_id_is_valid(id))
		return true;
	*r = from;
	return false;
}

/* "Work Package 3" is WP03. */
static bool take_plain_number(struct reader *r, char id[SK_WP_ID_MAX])
{
	size_t digits = 0;
	int number = 0;

	while (r->at < r->end && isdigit((unsigned char)*r->at)) {
		number = 10 * (number % 100) + *r->at++ - '0';
		digits++;
	}
	snprintf(id, SK_WP_ID_MAX, "WP%02d", number);
	return digits >= 1 && digits <= 2 && ends_word(r);
}

/* The id that a heading's title starts with; *r is behind it then. */
static bool take_section_id(struct reader *r, char id[SK_WP_ID_MAX])
{
	skip_any(r, "*`");
	if (take_id(r, id))
		return true;
	if (!take_word(r, "Work Package "))
		return false;
	skip_any(r, " *`");
	return take_id(r, id) || take_plain_number(r, id);
}

struct sk_tasks_wp *sk_tasks_find(const struct sk_tasks *tasks, const char *id)
{
	const int64_t *place = sk_map_get(&tasks->places, id, strlen(id));

	return place ? &tasks->wps[*place] : NULL;
}

struct sk_tasks_wp *sk_tasks_add(struct sk_tasks *tasks, const char *id)
{
	struct sk_tasks_wp *wp;

	SK_GROW(tasks->wps, tasks->len, tasks->cap);
	sk_map_add(&tasks->places, id, strlen(id), (int64_t)tasks->len, NULL);
	wp = &tasks->wps[tasks->len++];
	*wp = (struct sk_tasks_wp){.title = NULL};
	memcpy(wp->id, id, strlen(id) + 1);
	return wp;
}

/*
 * WP01, and of WP01-WP03 all three. What goes back or too far is no range: it
 * is added as it stands, and no work package is called so.
 */
static void add_member(struct sk_words *out,
		       const struct sk_task_member *member)
{
	struct sk_task_part digits = sk_task_rest(member->first, 2);
	struct sk_str id = SK_STR_INIT;
	uint64_t from, to;

	sk_str_addf(&id, "WP%.*s", (int)digits.len, digits.at);
	sk_words_add_new(out, id.ptr);
	if (!member->last.len) {
		sk_str_free(&id);
		return;
	}
	if (!sk_task_member_range(&from, &to, member) || to < from ||
	    to - from >= RANGE_MAX) {
		sk_str_addf(&id, "-WP%.*s", (int)member->last.len,
			    member->last.at);
		sk_words_add_new(out, id.ptr);
		to = from = 0;
	}
	while (from < to) {
		sk_str_clear(&id);
		sk_str_addf(&id, "WP%0*" PRIu64, (int)digits.len, ++from);
		sk_words_add_new(out, id.ptr);
	}
	sk_str_free(&id);
}

/* What is in front of a semicolon, but for one in brackets. */
static struct sk_task_part clause_of(const struct reader *r)
{
	const char *at = r->at;
	size_t depth = 0;

	for (; at < r->end && (depth || *at != ';'); at++) {
		depth += *at == '(';
		depth -= depth && *at == ')';
	}
	return (struct sk_task_part){r->at, (size_t)(at - r->at)};
}

/* The work packages that a list begins with; what follows is an explanation. */
static bool take_ids(struct reader *r, struct sk_words *out)
{
	struct sk_task_part list = clause_of(r);
	struct sk_task_member member;
	bool any = false;
	size_t at = sk_task_skip(list, 0, " \t[");

	while (sk_task_ids_next(&member, list, &at) &&
	       sk_task_id_is_wp(member.first)) {
		any = true;
		add_member(out, &member);
	}
	return any;
}

/* "none", "[]", "no deps" and the like. */
static bool says_none(struct reader r)
{
	skip_any(&r, " \t*`");
	return take_word(&r, "none") || take_word(&r, "[]") ||
	       take_word(&r, "no deps") || take_word(&r, "no dependencies") ||
	       take_word(&r, "n/a") || r.at == r.end;
}

/* "Depends on", or "Dependencies" and a colon; bold perhaps. */
static bool take_label(struct reader *r)
{
	const char *end;

	skip_any(r, " \t-*+_");
	if (take_word(r, "Depends on")) {
		skip_any(r, "*_ \t:");
		return true;
	}
	if (!take_word(r, "Dependencies"))
		return false;
	end = r->at;
	skip_any(r, "*_ \t:.");
	return memchr(end, ':', (size_t)(r->at - end)) ||
	       memchr(end, '.', (size_t)(r->at - end));
}

/* A line that says them, from its start or from behind a pipe on. */
static void read_dependencies(struct sk_tasks_wp *wp, struct sk_line line)
{
	struct reader r = read_line(line);
	const char *pipe = line.at;

	while (pipe) {
		r.at = pipe;
		if (take_label(&r)) {
			if (says_none(r) || take_ids(&r, &wp->dependencies))
				wp->says_dependencies = true;
			return;
		}
		pipe = memchr(r.at, '|', (size_t)(r.end - r.at));
		pipe = pipe ? pipe + 1 : NULL;
	}
}

/* Behind the mark of a list's item. Returns false when there is none. */
static bool take_bullet(struct reader *r)
{
	const char *start;

	skip_any(r, " \t");
	start = r->at;
	if (r->at < r->end && strchr("-*+", *r->at)) {
		r->at++;
	} else {
		while (r->at < r->end && isdigit((unsigned char)*r->at))
			r->at++;
		if (r->at == start || !(take_word(r, ".") || take_word(r, ")")))
			return false;
	}
	start = r->at;
	skip_any(r, " \t");
	return r->at > start;
}

static void read_box(struct sk_tasks_wp *wp, const struct sk_task_line *line)
{
	struct sk_task_part text;
	size_t mark;

	if (!sk_task_line_has_box(line, &mark) || line->text.at[mark] != ' ')
		return;
	text = sk_task_trim(sk_task_rest(line->text, mark + 2));
	sk_words_add_len(&wp->unchecked, text.at, text.len);
}

/* "Requirement Refs: FR-001, NFR-2", bold perhaps. */
static void read_refs(struct sk_tasks_wp *wp, struct sk_line line)
{
	struct reader r = read_line(sk_line_trim(line));

	skip_any(&r, " \t-*+_");
	if (!take_word(&r, "Requirement"))
		return;
	skip_any(&r, "sS ");
	if (take_word(&r, "Ref"))
		skip_any(&r, "sS");
	skip_any(&r, " *_");
	if (take_word(&r, ":"))
		sk_requirements_add(&wp->requirement_refs, r.at,
				    (size_t)(r.end - r.at));
}

/* Where in the file one is. */
struct place {
	struct sk_tasks *tasks;
	size_t wp;	      /* whose section this is */
	bool is_open;	      /* it is one at all */
	bool in_dependencies; /* below a heading that says so */
};

static bool is_dependencies(struct sk_line title)
{
	struct reader r = read_line(title);

	skip_any(&r, "*_");
	if (!take_word(&r, "Dependencies"))
		return false;
	skip_any(&r, " :*_");
	return r.at == r.end;
}

/* The colon or dash between an id and its title. */
static void skip_mark(struct reader *r)
{
	skip_any(r, " *`:-");
	if (take_word(r, "\xe2\x80\x93") || take_word(r, "\xe2\x80\x94"))
		skip_any(r, " ");
}

static void read_heading(struct place *place, struct sk_line line, size_t level)
{
	struct sk_line title = sk_line_title(line);
	struct reader r = read_line(title);
	char id[SK_WP_ID_MAX];
	struct sk_tasks_wp *wp;

	place->in_dependencies = level <= 4 && is_dependencies(title);
	if (level >= 2 && level <= 4 && take_section_id(&r, id)) {
		wp = sk_tasks_find(place->tasks, id);
		if (!wp) {
			wp = sk_tasks_add(place->tasks, id);
			skip_mark(&r);
			while (r.end > r.at && strchr("*`", r.end[-1]))
				r.end--;
			wp->title = sk_strndup(r.at, (size_t)(r.end - r.at));
		}
		place->wp = (size_t)(wp - place->tasks->wps);
		place->is_open = true;
	} else if (level <= 2 && !place->in_dependencies) {
		place->is_open = false;
	}
}

static void read_content(struct place *place, struct sk_line line)
{
	struct sk_tasks_wp *wp = &place->tasks->wps[place->wp];
	struct reader r = read_line(line);

	read_refs(wp, line);
	if (place->in_dependencies && take_bullet(&r) &&
	    (take_ids(&r, &wp->dependencies) || says_none(r)))
		wp->says_dependencies = true;
	else
		read_dependencies(wp, sk_line_trim(line));
}

void sk_tasks_read(struct sk_tasks *out, const char *data, size_t len)
{
	struct place place = {.tasks = out};
	struct sk_task_text text = SK_TASK_TEXT_INIT;
	size_t bom = len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	sk_task_text_open(&text, data + bom, len - bom);
	for (size_t i = 0; i < text.count; i++) {
		const struct sk_task_line *l = &text.lines[i];
		struct sk_line line = {l->text.at, l->text.len};
		size_t level = sk_line_heading(line);

		if (l->is_hidden)
			continue;
		if (level) {
			read_heading(&place, line, level);
		} else if (place.is_open) {
			read_box(&out->wps[place.wp], l);
			read_content(&place, line);
		}
	}
	sk_task_text_free(&text);
}

void sk_tasks_free(struct sk_tasks *tasks)
{
	for (size_t i = 0; i < tasks->len; i++) {
		free(tasks->wps[i].title);
		sk_words_free(&tasks->wps[i].dependencies);
		sk_words_free(&tasks->wps[i].requirement_refs);
		sk_words_free(&tasks->wps[i].owned_files);
		sk_words_free(&tasks->wps[i].unchecked);
	}
	free(tasks->wps);
	sk_map_free(&tasks->places);
	*tasks = (struct sk_tasks)SK_TASKS_INIT;
}
