/* SPDX-License-Identifier: MIT */
#include "mission/logmerge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/eventlog.h"
#include "mission/logentry.h"

enum { MARKER_SIZE = 7, NAME_MAX_BYTES = 64 };

/* What of a group goes into the answer. */
enum pick {
	PICK_NONE,
	PICK_OURS,
	PICK_THEIRS,
	PICK_BOTH, /* a conflict */
};

struct choice {
	const struct sk_log_group *group;
	const struct sk_log_entry *first; /* of what is picked */
	int64_t at_us;
	enum pick pick;
	bool is_lost; /* kept, though one side lacks it */
	bool is_ours; /* which one */
};

/* A merge under way. */
struct merging {
	const struct sk_log_merge *in;
	struct sk_log_merged *out;
	struct sk_log_entries entries;
	struct choice *choices;
	size_t count, number; /* of lines in the answer */
	int conflicts;
};

/* All lines of the group in one version against those in another. */
static int compare(const struct merging *m, const struct sk_log_group *group,
		   int a, int b)
{
	return sk_log_group_compare(&m->entries, group, a, b);
}

/* Whether both say the same, in the same bytes or not. */
static bool says_same(const struct merging *m, const struct sk_log_group *group,
		      int a, int b)
{
	return sk_log_group_begins(&m->entries, group, a, b) &&
	       sk_log_group_begins(&m->entries, group, b, a);
}

/* Of two sides that say the same: the one that says it more often. */
static enum pick pick_longer(const struct merging *m,
			     const struct sk_log_group *group)
{
	size_t ours = group->of[SK_LOG_OURS].count;
	size_t theirs = group->of[SK_LOG_THEIRS].count;

	if (ours != theirs)
		return ours > theirs ? PICK_OURS : PICK_THEIRS;
	return compare(m, group, SK_LOG_OURS, SK_LOG_THEIRS) < 0 ? PICK_OURS
								 : PICK_THEIRS;
}

/* Both sides have it. */
static enum pick pick_of(const struct merging *m,
			 const struct sk_log_group *group)
{
	bool has_base = group->of[SK_LOG_BASE].count;

	if (compare(m, group, SK_LOG_OURS, SK_LOG_THEIRS) == 0)
		return PICK_OURS;
	if (has_base) {
		if (compare(m, group, SK_LOG_OURS, SK_LOG_BASE) == 0)
			return PICK_THEIRS;
		if (compare(m, group, SK_LOG_THEIRS, SK_LOG_BASE) == 0)
			return PICK_OURS;
	}
	if (says_same(m, group, SK_LOG_OURS, SK_LOG_THEIRS))
		return pick_longer(m, group);
	if (has_base) {
		if (says_same(m, group, SK_LOG_OURS, SK_LOG_BASE))
			return PICK_THEIRS;
		if (says_same(m, group, SK_LOG_THEIRS, SK_LOG_BASE))
			return PICK_OURS;
	}
	if (sk_log_group_begins(&m->entries, group, SK_LOG_OURS, SK_LOG_THEIRS))
		return PICK_THEIRS; /* more of the same: the first one counts */
	if (sk_log_group_begins(&m->entries, group, SK_LOG_THEIRS, SK_LOG_OURS))
		return PICK_OURS;
	return PICK_BOTH;
}

static void add_note(struct merging *m, enum sk_log_note_kind kind,
		     const struct sk_log_entry *entry, bool is_ours)
{
	struct sk_log_merged *out = m->out;

	SK_GROW(out->notes, out->note_count, out->note_cap);
	out->notes[out->note_count++] = (struct sk_log_note){
		.kind = kind,
		.is_ours = is_ours,
		.is_row = entry->is_row,
		.line = {entry->line.at, entry->line.len},
		.id = entry->id,
		.number = kind == SK_LOG_NOTE_DROPPED ? 0 : m->number,
	};
}

/* The base has it, and one side. */
static void choose_lost(struct merging *m, struct choice *choice)
{
	const struct sk_log_group *group = choice->group;
	const struct sk_log_entry *base =
		sk_log_group_first(&m->entries, group, SK_LOG_BASE);
	bool has_ours = group->of[SK_LOG_OURS].count;
	int other = has_ours ? SK_LOG_OURS : SK_LOG_THEIRS;

	choice->is_ours = !has_ours;
	if ((m->in->loss == SK_LOG_LOSS_DROP || !base->is_row) &&
	    says_same(m, group, other, SK_LOG_BASE)) {
		add_note(m, SK_LOG_NOTE_DROPPED, base, choice->is_ours);
		return;
	}
	choice->is_lost = true;
	choice->pick = has_ours ? PICK_OURS : PICK_THEIRS;
}

static struct choice choose(struct merging *m, const struct sk_log_group *group)
{
	struct choice choice = {.group = group, .pick = PICK_NONE};
	const struct sk_log_entry *ours =
		sk_log_group_first(&m->entries, group, SK_LOG_OURS);
	const struct sk_log_entry *theirs =
		sk_log_group_first(&m->entries, group, SK_LOG_THEIRS);

	if (ours && theirs)
		choice.pick = pick_of(m, group);
	else if (group->of[SK_LOG_BASE].count && (ours || theirs))
		choose_lost(m, &choice);
	else if (ours || theirs)
		choice.pick = ours ? PICK_OURS : PICK_THEIRS;
	choice.first = choice.pick == PICK_THEIRS ? theirs : ours;
	if (choice.pick == PICK_BOTH &&
	    compare(m, group, SK_LOG_THEIRS, SK_LOG_OURS) < 0)
		choice.first = theirs;
	if (choice.pick == PICK_BOTH)
		choice.at_us = ours->at_us < theirs->at_us ? ours->at_us
							   : theirs->at_us;
	else if (choice.pick != PICK_NONE)
		choice.at_us = choice.first->at_us;
	return choice;
}

static int compare_choices(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;
	int rc;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	if (x->group->id && y->group->id) {
		rc = strcmp(x->group->id, y->group->id);
		if (rc)
			return rc;
	} else if (x->group->id || y->group->id) {
		return x->group->id ? 1 : -1;
	}
	return sk_log_entry_compare(x->first, y->first);
}

/* What the log is to have, in its order. */
static void choose_all(struct merging *m)
{
	const struct sk_log_entries *entries = &m->entries;
	bool is_sorted = true;

	m->choices = sk_calloc(entries->group_count + 1, sizeof(*m->choices));
	for (size_t i = 0; i < entries->group_count; i++) {
		m->choices[m->count] = choose(m, &entries->groups[i]);
		if (m->choices[m->count].pick == PICK_NONE)
			continue;
		if (m->count && compare_choices(&m->choices[m->count - 1],
						&m->choices[m->count]) > 0)
			is_sorted = false;
		m->count++;
	}
	if (!is_sorted)
		qsort(m->choices, m->count, sizeof(*m->choices),
		      compare_choices);
}

static void write_version(struct merging *m, const struct choice *choice,
			  int version)
{
	const struct sk_log_entry *entry =
		sk_log_group_first(&m->entries, choice->group, version);

	for (; entry; entry = sk_log_group_next(&m->entries, version, entry)) {
		m->number++;
		sk_str_add(&m->out->text, entry->line.at, entry->line.len);
		sk_str_putc(&m->out->text, '\n');
		if (!entry->is_row)
			add_note(m, SK_LOG_NOTE_UNREADABLE, entry, false);
	}
}

/* A line of seven, or as many as git wants, and whose what follows is. */
static void write_marker(struct merging *m, char mark, const char *label)
{
	struct sk_str *text = &m->out->text;
	unsigned size = m->in->marker_size ? m->in->marker_size : MARKER_SIZE;

	for (unsigned i = 0; i < size; i++)
		sk_str_putc(text, mark);
	if (label)
		sk_str_addf(text, " %s", label);
	sk_str_putc(text, '\n');
	m->number++;
}

/* Both, the lesser bytes first, so that it is the same from either side. */
static void write_conflict(struct merging *m, const struct choice *choice)
{
	const struct sk_log_merge *in = m->in;
	const char *labels[SK_LOG_VERSIONS] = {
		[SK_LOG_OURS] = in->our_label ? in->our_label : "ours",
		[SK_LOG_THEIRS] = in->their_label ? in->their_label : "theirs",
	};
	int first = compare(m, choice->group, SK_LOG_OURS, SK_LOG_THEIRS) < 0
			    ? SK_LOG_OURS
			    : SK_LOG_THEIRS;
	int second = first == SK_LOG_OURS ? SK_LOG_THEIRS : SK_LOG_OURS;

	write_marker(m, '<', labels[first]);
	add_note(m, SK_LOG_NOTE_CONFLICT, choice->first, false);
	write_version(m, choice, first);
	write_marker(m, '=', NULL);
	write_version(m, choice, second);
	write_marker(m, '>', labels[second]);
	m->conflicts++;
}

static void write_all(struct merging *m)
{
	const struct sk_log_merge *in = m->in;

	m->out->is_absent = !m->count && (!in->ours.data || !in->theirs.data);
	sk_str_reserve(&m->out->text, in->ours.len > in->theirs.len
					      ? in->ours.len
					      : in->theirs.len);
	for (size_t i = 0; i < m->count; i++) {
		const struct choice *choice = &m->choices[i];

		if (choice->is_lost) {
			m->number++;
			add_note(m, SK_LOG_NOTE_KEPT, choice->first,
				 choice->is_ours);
			m->number--;
		}
		if (choice->pick == PICK_BOTH)
			write_conflict(m, choice);
		else
			write_version(m, choice,
				      choice->pick == PICK_OURS
					      ? SK_LOG_OURS
					      : SK_LOG_THEIRS);
	}
}

static bool is_same(const struct sk_log_version *a,
		    const struct sk_log_version *b)
{
	return !a->data == !b->data && a->len == b->len &&
	       (!a->len || memcmp(a->data, b->data, a->len) == 0);
}

/*
 * The version that the answer is as it stands, order, blank lines and all: the
 * other of one that has not changed, when that loses nothing. SK_LOG_VERSIONS:
 * there is none.
 */
static int find_whole(const struct merging *m)
{
	const struct sk_log_merge *in = m->in;

	for (size_t i = 0; i < m->count; i++) {
		if (m->choices[i].is_lost)
			return SK_LOG_VERSIONS;
	}
	if (is_same(&in->ours, &in->base) || is_same(&in->ours, &in->theirs))
		return SK_LOG_THEIRS;
	return is_same(&in->theirs, &in->base) ? SK_LOG_OURS : SK_LOG_VERSIONS;
}

static void write_whole(struct merging *m, int version)
{
	const struct sk_log_version *whole =
		version == SK_LOG_OURS ? &m->in->ours : &m->in->theirs;
	const char *at = whole->data;

	m->out->is_absent = !whole->data;
	if (!whole->data)
		return;
	sk_str_add(&m->out->text, whole->data, whole->len);
	m->number = 1;
	for (size_t i = 0; i < m->entries.count[version]; i++) {
		const struct sk_log_entry *entry =
			&m->entries.items[version][i];
		const char *start = entry->line.at;

		if (entry->is_row)
			continue;
		m->number += sk_log_line_number(at, (size_t)(start - at)) - 1;
		at = start;
		add_note(m, SK_LOG_NOTE_UNREADABLE, entry, false);
	}
}

int sk_log_merge(struct sk_log_merged *out, const struct sk_log_merge *in)
{
	struct merging m = {
		.in = in, .out = out, .entries = SK_LOG_ENTRIES_INIT};
	int whole;

	sk_log_entries_read(&m.entries, SK_LOG_BASE, &in->base);
	sk_log_entries_read(&m.entries, SK_LOG_OURS, &in->ours);
	sk_log_entries_read(&m.entries, SK_LOG_THEIRS, &in->theirs);
	choose_all(&m);
	whole = find_whole(&m);
	if (whole != SK_LOG_VERSIONS)
		write_whole(&m, whole);
	else
		write_all(&m);
	free(m.choices);
	sk_log_entries_free(&m.entries);
	return m.conflicts > 0;
}

void sk_log_merged_free(struct sk_log_merged *merged)
{
	sk_str_free(&merged->text);
	free(merged->notes);
	*merged = (struct sk_log_merged)SK_LOG_MERGED_INIT;
}

void sk_log_note_add_name(struct sk_str *out, const struct sk_log_note *note)
{
	struct sk_str id = SK_STR_INIT;

	if (note->id.ptr && sk_json_span_text(&id, &note->id))
		sk_str_add_visible(out, id.ptr, id.len, NAME_MAX_BYTES);
	else
		sk_str_add_visible(out, note->line.ptr, note->line.len,
				   NAME_MAX_BYTES);
	sk_str_free(&id);
}
