/* SPDX-License-Identifier: MIT */
#include "merge/bothsides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "guard/push.h"
#include "mission/eventlog.h"
#include "mission/snapshot.h"

enum { TYPE_MASK = 0170000, TYPE_FILE = 0100000 };

/* What one side did to a file; `from` NULL: added it, `to` NULL: removed it. */
struct change {
	char *from, *to;
	struct sk_entry old, now;
	bool is_joined;
};

struct changes {
	struct sk_map by_from, by_to;
	struct change *items;
	size_t count, cap;
};

static void free_changes(struct changes *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].from);
		free(list->items[i].to);
	}
	free(list->items);
	sk_map_free(&list->by_from);
	sk_map_free(&list->by_to);
}

static struct change *find(const struct changes *list, const struct sk_map *map,
			   const char *path)
{
	const int64_t *at = sk_map_get(map, path, strlen(path));

	return at ? &list->items[*at] : NULL;
}

static void index_change(struct changes *list, size_t i)
{
	const struct change *change = &list->items[i];

	if (change->from)
		sk_map_add(&list->by_from, change->from, strlen(change->from),
			   (int64_t)i, NULL);
	if (change->to)
		sk_map_add(&list->by_to, change->to, strlen(change->to),
			   (int64_t)i, NULL);
}

/* `:<mode> <mode> <id> <id> <letter>[<score>] NUL <path> NUL [<path> NUL]` */
static int parse(struct changes *list, const struct sk_str *text,
		 struct sk_err *err)
{
	const char *at = text->ptr, *end = text->ptr + text->len;

	while (at < end) {
		struct change change = {0};
		char letter = 0;
		const char *from = at + strlen(at) + 1, *to = from;

		if (sscanf(at, ":%o %o %64[0-9a-f] %64[0-9a-f] %c",
			   &change.old.mode, &change.now.mode, change.old.id,
			   change.now.id, &letter) != 5 ||
		    from >= end)
			return sk_fail(err, SK_EDATA,
				       "git diff-tree says"
				       " '%.80s'",
				       at);
		if (letter == 'R')
			to += strlen(from) + 1;
		if (to >= end)
			return sk_fail(err, SK_EDATA,
				       "git diff-tree ends"
				       " behind '%.80s'",
				       from);
		at = to + strlen(to) + 1;
		change.from = letter == 'A' ? NULL : sk_strdup(from);
		change.to = letter == 'D' ? NULL : sk_strdup(to);
		SK_GROW(list->items, list->count, list->cap);
		list->items[list->count++] = change;
		index_change(list, list->count - 1);
	}
	return 0;
}

static int diff(struct changes *list, const struct sk_git_place *place,
		const char *base, const char *side, struct sk_err *err)
{
	static const char logs[] = ":(glob)kitty-specs/*/" SK_EVENT_LOG_NAME,
			  statuses[] = ":(glob)kitty-specs/*/" SK_SNAPSHOT_NAME;
	struct sk_str text = SK_STR_INIT;
	int rc = sk_git_must(&text, place, NULL,
			     (const char *const[]){"diff-tree", "-r", "-z",
						   "--raw", "-M", base, side,
						   "--", logs, statuses, NULL},
			     err);

	if (rc == 0)
		rc = parse(list, &text, err);
	sk_str_free(&text);
	return rc;
}

static bool is_named(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash && strcmp(slash + 1, name) == 0;
}

static bool is_file(const struct sk_entry *entry)
{
	return (entry->mode & TYPE_MASK) == TYPE_FILE;
}

/* The pair of these two paths. */
static struct sk_both *pair_of(struct sk_boths *out, const char *ours,
			       const char *theirs)
{
	struct sk_str key = SK_STR_INIT;
	bool added;
	int64_t at;

	sk_str_add(&key, ours, strlen(ours) + 1);
	sk_str_puts(&key, theirs);
	at = *sk_map_add(&out->pairs, key.ptr, key.len, (int64_t)out->count,
			 &added);
	sk_str_free(&key);
	if (added) {
		SK_GROW(out->items, out->count, out->cap);
		out->items[out->count++] = (struct sk_both){
			.is_log = is_named(ours, SK_EVENT_LOG_NAME)};
	}
	return &out->items[at];
}

static void add_base(struct sk_both *both, const struct sk_entry *base)
{
	for (size_t i = 0; i < both->base_count; i++) {
		if (sk_entry_equal(&both->bases[i], base))
			return;
	}
	SK_GROW(both->bases, both->base_count, both->base_cap);
	both->bases[both->base_count++] = *base;
}

/* Where the two have it: the place of the side that moved it. */
static void set_path(struct sk_both *both, const char *from, const char *ours,
		     const char *theirs)
{
	if (both->path)
		return;
	if (strcmp(ours, theirs) == 0) {
		both->path = sk_strdup(ours);
	} else if (from && strcmp(ours, from) == 0) {
		both->path = sk_strdup(theirs);
		both->other = sk_strdup(ours);
	} else if (from && strcmp(theirs, from) == 0) {
		both->path = sk_strdup(ours);
		both->other = sk_strdup(theirs);
	} else {
		both->has_no_place = true;
	}
}

/* One file of a base, and what the sides did to it; either NULL: nothing. */
static void join(struct sk_boths *out, const struct change *ours,
		 const struct change *theirs)
{
	const struct change *any = ours ? ours : theirs;
	const struct change same = {any->from, any->from, any->old, any->old,
				    false};
	struct sk_both *both;

	if (!ours)
		ours = &same;
	if (!theirs)
		theirs = &same;
	if (!ours->to || !theirs->to || !is_file(&ours->now) ||
	    !is_file(&theirs->now) || (any->from && !is_file(&any->old)) ||
	    is_named(ours->to, SK_EVENT_LOG_NAME) !=
		    is_named(theirs->to, SK_EVENT_LOG_NAME))
		return;
	both = pair_of(out, ours->to, theirs->to);
	both->ours = ours->now;
	both->theirs = theirs->now;
	both->is_changed_here |= strcmp(ours->now.id, any->old.id) != 0;
	both->is_changed_there |= strcmp(theirs->now.id, any->old.id) != 0;
	if (any->from)
		add_base(both, &any->old);
	set_path(both, any->from, ours->to, theirs->to);
}

/* What both did since one commit that they have in common. */
static int look(struct sk_boths *out, const struct sk_git_place *place,
		const char *base, const char *ours, const char *theirs,
		struct sk_err *err)
{
	struct changes here = {0}, there = {0};
	int rc = diff(&here, place, base, ours, err);

	if (rc == 0)
		rc = diff(&there, place, base, theirs, err);
	for (size_t i = 0; rc == 0 && i < here.count; i++) {
		const struct change *change = &here.items[i];
		struct change *other;

		if (change->from) {
			other = find(&there, &there.by_from, change->from);
		} else {
			other = find(&there, &there.by_to, change->to);
			if (!other || other->from)
				continue;
		}
		if (other)
			other->is_joined = true;
		join(out, change, other);
	}
	for (size_t i = 0; rc == 0 && i < there.count; i++) {
		if (there.items[i].from && !there.items[i].is_joined)
			join(out, NULL, &there.items[i]);
	}
	free_changes(&there);
	free_changes(&here);
	return rc;
}

static void free_both(struct sk_both *both)
{
	free(both->path);
	free(both->other);
	free(both->bases);
}

/* What is no merge of two changes goes. */
static void sift(struct sk_boths *boths)
{
	size_t kept = 0;

	for (size_t i = 0; i < boths->count; i++) {
		struct sk_both *both = &boths->items[i];

		if (both->is_changed_here && both->is_changed_there &&
		    !both->has_no_place &&
		    strcmp(both->ours.id, both->theirs.id) != 0)
			boths->items[kept++] = *both;
		else
			free_both(both);
	}
	boths->count = kept;
	sk_map_free(&boths->pairs);
}

/* Whether two commits have the same missions, as far as that can be told
 * without git: most merges are of lanes, which have no business there. */
static bool have_same(struct sk_specs *specs, struct sk_repo *repo,
		      const char *base, const char *side)
{
	struct sk_oid commits[2], trees[2];
	struct sk_err ignored = {0};

	return sk_oid_parse(&commits[0], base) == 0 &&
	       sk_oid_parse(&commits[1], side) == 0 &&
	       sk_specs_find(specs, repo, &commits[0], &trees[0], &ignored) ==
		       0 &&
	       sk_specs_find(specs, repo, &commits[1], &trees[1], &ignored) ==
		       0 &&
	       sk_oid_equal(&trees[0], &trees[1]);
}

int sk_boths_find(struct sk_boths *out, struct sk_repo *repo,
		  const struct sk_git_place *place, const char *ours,
		  const char *theirs, struct sk_err *err)
{
	struct sk_specs specs = SK_SPECS_INIT;
	struct sk_str bases = SK_STR_INIT;
	char *eol;
	int rc;

	*out = (struct sk_boths){.pairs = SK_MAP_INIT};
	rc = sk_git_must(&bases, place, NULL,
			 (const char *const[]){"merge-base", "--all", ours,
					       theirs, NULL},
			 err);
	for (char *at = bases.ptr; rc == 0 && (eol = strchr(at, '\n'));
	     at = eol + 1) {
		*eol = '\0';
		if (!have_same(&specs, repo, at, ours) &&
		    !have_same(&specs, repo, at, theirs))
			rc = look(out, place, at, ours, theirs, err);
	}
	sift(out);
	sk_specs_free(&specs);
	sk_str_free(&bases);
	return rc;
}

void sk_boths_free(struct sk_boths *boths)
{
	for (size_t i = 0; i < boths->count; i++)
		free_both(&boths->items[i]);
	free(boths->items);
	sk_map_free(&boths->pairs);
	*boths = (struct sk_boths){.pairs = SK_MAP_INIT};
}
