/* SPDX-License-Identifier: MIT */
#include "mission/logentry.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/time.h"
#include "mission/logkeys.h"

/* The group of what is known by this key: its place. */
static size_t group_of(struct sk_log_entries *entries, const struct sk_str *key)
{
	struct sk_log_group *group;
	bool added;
	int64_t *at = sk_map_add(&entries->keys, key->ptr, key->len,
				 (int64_t)entries->group_count, &added);

	if (added) {
		SK_GROW(entries->groups, entries->group_count,
			entries->group_cap);
		group = &entries->groups[entries->group_count++];
		*group = (struct sk_log_group){.id = NULL};
		if (key->ptr[0] == SK_LOG_KEY_ID)
			group->id = sk_strdup(key->ptr + 1);
		for (int i = 0; i < SK_LOG_VERSIONS; i++)
			group->of[i].first = SK_LOG_NO_ENTRY;
	}
	return (size_t)*at;
}

/* As the reducer takes it: `at`, else `timestamp`. */
static int64_t time_of(struct sk_str *text, const struct sk_log_known *known)
{
	const struct sk_json_span *values[] = {&known->at, &known->timestamp};
	int64_t us;

	for (size_t i = 0; i < SK_COUNTOF(values); i++) {
		sk_str_clear(text);
		if (values[i]->ptr && sk_json_span_text(text, values[i]))
			return sk_time_parse(&us, text->ptr) == 0 ? us
								  : INT64_MIN;
	}
	return INT64_MIN;
}

/* Returns false for a blank line. */
static bool read_entry(struct sk_log_entries *entries,
		       struct sk_log_entry *entry)
{
	struct sk_log_known known;

	if (!sk_log_line_known(&known, &entries->text, entry->line))
		return false;
	entry->group = group_of(entries, &entries->text);
	entry->is_row = known.kind != SK_LOG_KEY_BROKEN;
	entry->id = known.id;
	entry->at_us =
		entry->is_row ? time_of(&entries->text, &known) : INT64_MIN;
	return true;
}

static void add_entry(struct sk_log_entries *entries, int version,
		      const struct sk_log_entry *entry)
{
	struct sk_log_group *group = &entries->groups[entry->group];
	size_t at = entries->count[version];

	SK_GROW(entries->items[version], entries->count[version],
		entries->cap[version]);
	entries->items[version][entries->count[version]++] = *entry;
	if (group->of[version].count)
		entries->items[version][group->of[version].last].next = at;
	else
		group->of[version].first = at;
	group->of[version].last = at;
	group->of[version].count++;
}

/*
 * Versions of a log share most of their lines, in one order as a rule: what
 * stands next in the base, and is the same here, was read there.
 */
static bool read_in_base(const struct sk_log_entries *entries, size_t next,
			 struct sk_log_entry *entry)
{
	const struct sk_log_entry *known;
	struct sk_line line = entry->line;

	if (next >= entries->count[SK_LOG_BASE])
		return false;
	known = &entries->items[SK_LOG_BASE][next];
	if (known->line.len != line.len ||
	    memcmp(known->line.at, line.at, line.len) != 0)
		return false;
	*entry = *known;
	entry->line = line;
	entry->next = SK_LOG_NO_ENTRY;
	return true;
}

void sk_log_entries_read(struct sk_log_entries *entries, int version,
			 const struct sk_log_version *bytes)
{
	const char *at = bytes->data, *end = at ? at + bytes->len : NULL;
	size_t next = version == SK_LOG_BASE ? SK_LOG_NO_ENTRY : 0;
	struct sk_line line;

	while (at && sk_line_next(&line, &at, end)) {
		struct sk_log_entry entry = {.line = line,
					     .next = SK_LOG_NO_ENTRY};
		const struct sk_log_group *group;

		if (read_in_base(entries, next, &entry)) {
			next++;
		} else if (!read_entry(entries, &entry)) {
			continue;
		} else {
			group = &entries->groups[entry.group];
			if (version != SK_LOG_BASE &&
			    group->of[SK_LOG_BASE].count)
				next = group->of[SK_LOG_BASE].last + 1;
		}
		add_entry(entries, version, &entry);
	}
}

void sk_log_entries_free(struct sk_log_entries *entries)
{
	for (int i = 0; i < SK_LOG_VERSIONS; i++)
		free(entries->items[i]);
	for (size_t i = 0; i < entries->group_count; i++)
		free(entries->groups[i].id);
	free(entries->groups);
	sk_map_free(&entries->keys);
	sk_str_free(&entries->text);
	*entries = (struct sk_log_entries)SK_LOG_ENTRIES_INIT;
}

const struct sk_log_entry *
sk_log_group_first(const struct sk_log_entries *entries,
		   const struct sk_log_group *group, int version)
{
	return group->of[version].count
		       ? &entries->items[version][group->of[version].first]
		       : NULL;
}

const struct sk_log_entry *
sk_log_group_next(const struct sk_log_entries *entries, int version,
		  const struct sk_log_entry *entry)
{
	return entry->next == SK_LOG_NO_ENTRY
		       ? NULL
		       : &entries->items[version][entry->next];
}

static int compare_bytes(struct sk_line a, struct sk_line b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int rc = len ? memcmp(a.at, b.at, len) : 0;

	return rc ? rc : (a.len > b.len) - (a.len < b.len);
}

int sk_log_entry_compare(const struct sk_log_entry *a,
			 const struct sk_log_entry *b)
{
	return compare_bytes(sk_log_bare_line(a->line),
			     sk_log_bare_line(b->line));
}

int sk_log_group_compare(const struct sk_log_entries *entries,
			 const struct sk_log_group *group, int a, int b)
{
	const struct sk_log_entry *x = sk_log_group_first(entries, group, a);
	const struct sk_log_entry *y = sk_log_group_first(entries, group, b);

	for (; x && y; x = sk_log_group_next(entries, a, x),
		       y = sk_log_group_next(entries, b, y)) {
		int rc = compare_bytes(x->line, y->line);

		if (rc)
			return rc;
	}
	return (x != NULL) - (y != NULL);
}

/* From this line on, the first that says what none before it said. */
static const struct sk_log_entry *find_new(const struct sk_log_entries *entries,
					   int version,
					   const struct sk_log_entry *entry,
					   struct sk_map *said)
{
	for (; entry; entry = sk_log_group_next(entries, version, entry)) {
		struct sk_line bare = sk_log_bare_line(entry->line);
		bool added;

		sk_map_add(said, bare.at, bare.len, 0, &added);
		if (added)
			break;
	}
	return entry;
}

bool sk_log_group_begins(const struct sk_log_entries *entries,
			 const struct sk_log_group *group, int a, int b)
{
	struct sk_map said_a = SK_MAP_INIT, said_b = SK_MAP_INIT;
	const struct sk_log_entry *x = sk_log_group_first(entries, group, a);
	const struct sk_log_entry *y = sk_log_group_first(entries, group, b);
	bool is_same = true;

	for (;;) {
		x = find_new(entries, a, x, &said_a);
		y = find_new(entries, b, y, &said_b);
		is_same = !x || (y && sk_log_entry_compare(x, y) == 0);
		if (!x || !is_same)
			break;
		x = sk_log_group_next(entries, a, x);
		y = sk_log_group_next(entries, b, y);
	}
	sk_map_free(&said_a);
	sk_map_free(&said_b);
	return is_same;
}
