/* SPDX-License-Identifier: MIT */
#include "mission/frontspot.h"

#include <ctype.h>
#include <string.h>

#include "mission/lines.h"

/* The order of the keys that have one; others stand behind, before `history`.
 */
static const char *const order[] = {
	"work_package_id",
	"title",
	"dependencies",
	"requirement_refs",
	"planning_base_branch",
	"merge_target_branch",
	"branch_strategy",
	"base_branch",
	"base_commit",
	"created_at",
	"subtasks",
	"phase",
	"assignee",
	"agent",
	"shell_pid",
	"scope",
	"history",
};

/* Where the front matter is. Returns false when there is none. */
static bool find_front(const struct sk_str *file, size_t *start, size_t *end)
{
	const char *at = file->ptr, *stop = at + file->len;

	if (!sk_front_find(&at, &stop))
		return false;
	*start = (size_t)(at - file->ptr);
	*end = (size_t)(stop - file->ptr);
	return true;
}

static const char *eol_of(struct sk_line line)
{
	return line.len && line.at[line.len - 1] == '\r' ? "\r\n" : "\n";
}

/* Whether the line begins `key:`; *behind is what that takes. */
static bool has_key(struct sk_line line, const char *key, size_t *behind)
{
	size_t len = strlen(key);

	if (!sk_line_begins(line, key))
		return false;
	while (len < line.len && line.at[len] == ' ')
		len++;
	if (len == line.len || line.at[len] != ':')
		return false;
	*behind = len + 1;
	return *behind == line.len || isspace((unsigned char)line.at[*behind]);
}

/* Indented, or an item or an end of a list at column 0. */
static bool goes_on(struct sk_line line, bool is_block)
{
	struct sk_line text = sk_line_trim(line);

	if (!text.len || (*text.at == '#' && !is_block))
		return false;
	if (text.at != line.at || strchr("]}", *line.at))
		return true;
	return *line.at == '-' && (line.len == 1 || isspace(line.at[1]));
}

bool sk_front_spot_find(const struct sk_str *file, const char *key,
			struct sk_front_spot *spot)
{
	const char *at, *end;
	size_t start, stop, behind;
	struct sk_line line, text;
	bool found = false, is_block = false;

	if (!find_front(file, &start, &stop))
		return false;
	at = file->ptr + start;
	end = file->ptr + stop;
	while (sk_line_next(&line, &at, end)) {
		if (found && goes_on(line, is_block)) {
			spot->next = (size_t)(at - file->ptr);
			continue;
		}
		text = sk_line_trim(line);
		if (found && text.len && *text.at != '#')
			break;
		if (found || !has_key(line, key, &behind))
			continue;
		found = true;
		spot->eol = eol_of(line);
		spot->start = (size_t)(line.at - file->ptr);
		spot->value = spot->start + behind;
		spot->line = spot->start + line.len - (*spot->eol == '\r');
		spot->next = (size_t)(at - file->ptr);
		text = sk_line_trim(
			(struct sk_line){line.at + behind, line.len - behind});
		is_block = text.len && strchr("|>", *text.at);
	}
	return found;
}

/* How much of a quoted scalar stands here; all when its end does not. */
static size_t quoted_len(const char *at, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		bool is_quote = at[i] == *at;

		if (is_quote &&
		    (*at == '"' || i + 1 == len || at[i + 1] != *at))
			return i + 1;
		/* two single quotes are one, and so is one behind a slash */
		if (is_quote || (*at == '"' && at[i] == '\\'))
			i++;
	}
	return len;
}

size_t sk_yaml_comment_at(const char *at, size_t len)
{
	bool is_flow;
	size_t i = 0;

	while (i < len && isspace((unsigned char)at[i]))
		i++;
	is_flow = i < len && (at[i] == '[' || at[i] == '{');
	if (i < len && (at[i] == '"' || at[i] == '\''))
		i += quoted_len(at + i, len - i);
	while (i < len) {
		if (at[i] == '#' && i && isspace((unsigned char)at[i - 1]))
			break;
		if (is_flow && (at[i] == '"' || at[i] == '\''))
			i += quoted_len(at + i, len - i);
		else
			i++;
	}
	if (i >= len)
		return len;
	while (i && isspace((unsigned char)at[i - 1]))
		i--;
	return i;
}

/* How far behind in the order a key stands. */
static size_t rank_of(const char *key)
{
	for (size_t i = 0; i < SK_COUNTOF(order); i++) {
		if (strcmp(order[i], key) == 0)
			return i;
	}
	return SK_COUNTOF(order) - 1;
}

struct sk_front_spot sk_front_spot_new(const struct sk_str *file,
				       const char *key)
{
	size_t rank = rank_of(key), last = SK_COUNTOF(order) - 1;
	const char *at = file->ptr;
	size_t start = 0, end = 0;
	struct sk_front_spot spot, near;
	struct sk_line line;

	/* a key without a place in the order has that of `history` */
	for (size_t i = rank; i > 0 && rank < last; i--) {
		if (sk_front_spot_find(file, order[i - 1], &near)) {
			near.start = near.next;
			goto found;
		}
	}
	for (size_t i = rank; i <= last; i++) {
		if (sk_front_spot_find(file, order[i], &near))
			goto found;
	}
	find_front(file, &start, &end);
	near.start = end;
found:
	sk_line_next(&line, &at, file->ptr + file->len);
	spot = (struct sk_front_spot){near.start, near.start, near.start,
				      near.start, eol_of(line)};
	return spot;
}
