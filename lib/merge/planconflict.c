/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/planning.h"

enum { SHORTEST_ID = 40 };

/* What git calls it: "CONFLICT (contents)" is "contents". */
static void add_kind(struct sk_str *out, const struct sk_merged_tree *git,
		     const char *path)
{
	static const char begin[] = "CONFLICT (";

	for (size_t i = 0; i < git->message_count; i++) {
		const struct sk_merge_message *message = &git->messages[i];
		bool is_of_it = false;

		for (size_t k = 0; k < message->path_count; k++)
			is_of_it |= strcmp(message->paths[k], path) == 0;
		if (!is_of_it ||
		    strncmp(message->kind, begin, strlen(begin)) != 0)
			continue;
		sk_str_puts(out, " (");
		sk_str_puts(out, message->kind + strlen(begin));
		return;
	}
}

/* "lane-a (WP01, WP02)" */
static void add_lane(struct sk_str *out, const struct sk_merge_lane *lane)
{
	sk_str_add_visible(out, lane->id, strlen(lane->id), 100);
	for (size_t i = 0; i < lane->wp_ids.len; i++) {
		const char *wp = lane->wp_ids.items[i];

		sk_str_puts(out, i ? ", " : " (");
		sk_str_add_visible(out, wp, strlen(wp), 60);
	}
	sk_str_puts(out, lane->wp_ids.len ? ")" : "");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Git lists them in order of bytes; a folder is where there is a file of it. */
static bool brings(const struct sk_merge_lane *lane, const char *path)
{
	size_t len = strlen(path);

	if (lane->files.len &&
	    bsearch(&path, lane->files.items, lane->files.len,
		    sizeof(*lane->files.items), by_name))
		return true;
	for (size_t i = 0; i < lane->files.len; i++) {
		const char *file = lane->files.items[i];

		if (strncmp(file, path, len) == 0 && file[len] == '/')
			return true;
	}
	return false;
}

/*
 * Append which of the lanes that are merged already bring this path, the others
 * being NULL. Returns the last of them; NULL: none does.
 */
static const struct sk_merge_lane *
add_sources(struct sk_str *out, const struct sk_planning *p, const char *path)
{
	const struct sk_merge_lane *last = NULL;

	for (size_t i = 0; i < p->plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &p->plan->lanes[i];

		if (!brings(lane, path))
			continue;
		sk_str_puts(out, last ? ", " : "");
		add_lane(out, lane);
		last = lane;
	}
	return last;
}

/* A lane is made to fit the one it clashes with, else the mission. */
static void describe_lane(struct sk_blocker *b, const struct sk_planning *p,
			  const struct sk_merge_lane *lane, const char *path)
{
	struct sk_str sources = SK_STR_INIT;
	const struct sk_merge_lane *other = add_sources(&sources, p, path);

	add_lane(&b->message, lane);
	sk_str_puts(&b->message, " against ");
	if (other)
		sk_str_puts(&b->message, sources.ptr);
	else
		sk_plan_add_name(&b->message, p->plan->branch);
	sk_plan_add_merge(&b->remediation, p, lane->branch,
			  other	      ? other->branch
			  : p->branch ? p->plan->branch
				      : p->start);
	sk_str_free(&sources);
}

/* What of the mission clashes is made to fit the target. */
static void describe_mission(struct sk_blocker *b, const struct sk_planning *p,
			     const char *path)
{
	struct sk_str sources = SK_STR_INIT;
	const struct sk_merge_lane *lane = add_sources(&sources, p, path);

	if (lane)
		sk_str_puts(&b->message, sources.ptr);
	else
		sk_plan_add_name(&b->message, p->plan->branch);
	sk_str_puts(&b->message, " against ");
	sk_plan_add_name(&b->message, p->plan->target);
	sk_plan_add_merge(&b->remediation, p,
			  lane ? lane->branch : p->plan->branch,
			  p->plan->target);
	sk_str_free(&sources);
}

/* The merge as a whole has none, or nothing would be replayed. */
static void describe_replay(struct sk_blocker *b, const struct sk_planning *p,
			    const char *commit)
{
	sk_str_addf(&b->message, ", where commit %.12s is replayed", commit);
	sk_str_clear(&b->remediation);
	sk_plan_add_strategy(&b->remediation, p);
}

/*
 * A file in whose place the merge has a folder git puts beside it, and calls it
 * after the commit that has it, which is another one each time. Owned.
 */
static char *name_of(const char *path)
{
	char *name = sk_strdup(path), *id = strrchr(name, '~');

	if (id && strspn(id + 1, "0123456789abcdef") >= SHORTEST_ID)
		*id = '\0';
	return name;
}

void sk_plan_add_conflicts(struct sk_planning *p, const struct sk_merge *merge,
			   const struct sk_merge_lane *lane, const char *commit)
{
	sk_plan_list_files(p);
	for (size_t i = 0; i < merge->git.conflict_count; i++) {
		const char *path = merge->git.conflicts[i].path;
		char *name = name_of(path);
		struct sk_blocker *b = sk_blocker_add(
			&p->plan->found, SK_BLOCKER_MERGE_CONFLICT, name);

		sk_plan_add_name(&b->message, name);
		sk_str_puts(&b->message, " conflicts");
		add_kind(&b->message, &merge->git, path);
		sk_str_puts(&b->message, ": ");
		if (lane)
			describe_lane(b, p, lane, name);
		else
			describe_mission(b, p, name);
		if (commit)
			describe_replay(b, p, commit);
		sk_blockers_drop_twin(&p->plan->found);
		free(name);
	}
}

void sk_plan_add_notes(struct sk_planning *p, const struct sk_merge *merge)
{
	for (size_t i = 0; i < merge->note_count; i++) {
		const struct sk_merge_note *note = &merge->notes[i];
		struct sk_blocker *b;

		if (note->kind != SK_LOG_NOTE_KEPT)
			continue;
		b = sk_warning_add(&p->plan->found, SK_WARNING_KEPT_EVENTS,
				   p->plan->slug);
		sk_plan_add_name(&b->message, note->path);
		sk_str_addf(&b->message,
			    ": one side had lost %s, which is kept",
			    note->name);
		sk_blockers_drop_twin(&p->plan->found);
	}
}
