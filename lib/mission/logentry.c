/* SPDX-License-Identifier: MIT */
#include "mission/logentry.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/time.h"
#include "mission/eventlog.h"

/* The line without a CR at its end. */
static struct sk_line bare_line(const struct sk_log_entry *entry)
{
	struct sk_line line = entry->line;

	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* What a line is read for. */
struct members {
	struct sk_json_span id, at, timestamp;
};

static bool is_key(const char *key, size_t len, const char *name)
{
	return len == strlen(name) && memcmp(key, name, len) == 0;
}

static bool keep_member(void *ctx, const char *key, size_t len,
			const struct sk_json_span *value)
{
	struct members *members = ctx;

	if (is_key(key, len, "event_id"))
		members->id = *value;
	else if (is_key(key, len, "at"))
		members->at = *value;
	else if (is_key(key, len, "timestamp"))
		members->timestamp = *value;
	return true; /* a key may come twice, and a line is judged whole */
}

/* The text of a value, until the next is asked for; NULL when it is none. */
static const char *text_of(struct sk_log_entries *entries,
			   const struct sk_json_span *value)
{
	sk_str_clear(&entries->text);
	return value->ptr && sk_json_span_text(&entries->text, value)
		       ? entries->text.ptr
		       : NULL;
}

/* What the line is known by: the place of its group. */
static size_t group_of(struct sk_log_entries *entries,
		       const struct sk_log_entry *entry)
{
	const char *id = text_of(entries, &entry->id);
	struct sk_line bare = bare_line(entry);
	struct sk_log_group *group;
	bool added;
	int64_t *at;

	if (id)
		at = sk_map_add(&entries->ids, id, entries->text.len,
				(int64_t)entries->group_count, &added);
	else
		at = sk_map_add(&entries->lines, bare.at, bare.len,
				(int64_t)entries->group_count, &added);
	if (added) {
		SK_GROW(entries->groups, entries->group_count,
			entries->group_cap);
		group = &entries->groups[entries->group_count++];
		*group = (struct sk_log_group){.id = sk_strdup(id)};
		for (int i = 0; i < SK_LOG_VERSIONS; i++)
			group->of[i].first = SK_LOG_NO_ENTRY;
	}
	return (size_t)*at;
}

/* As the reducer takes it: `at`, else `timestamp`. */
static int64_t time_of(struct sk_log_entries *entries,
		       const struct members *members)
{
	const char *text = text_of(entries, &members->at);
	int64_t us;

	if (!text)
		text = text_of(entries, &members->timestamp);
	return text && sk_time_parse(&us, text) == 0 ? us : INT64_MIN;
}

static void read_entry(struct sk_log_entries *entries,
		       struct sk_log_entry *entry)
{
	struct members members = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	struct sk_err ignored = {0};

	entry->at_us = INT64_MIN;
	entry->is_row = sk_json_members(entry->line.at, entry->line.len,
					keep_member, &members, &ignored) == 0;
	if (entry->is_row) {
		const char *id = text_of(entries, &members.id);

		if (id && *id)
			entry->id = members.id;
		entry->at_us = time_of(entries, &members);
	}
	entry->group = group_of(entries, entry);
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

		if (sk_log_is_blank(line.at, line.len))
			continue;
		if (read_in_base(entries, next, &entry)) {
			next++;
		} else {
			read_entry(entries, &entry);
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
	sk_map_free(&entries->ids);
	sk_map_free(&entries->lines);
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
	return compare_bytes(bare_line(a), bare_line(b));
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
		struct sk_line bare = bare_line(entry);
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
