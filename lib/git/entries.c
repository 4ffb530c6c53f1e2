/* SPDX-License-Identifier: MIT */
#include "git/entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct sk_entry nothing;

static void put(struct sk_entries *out, const char *path,
		const struct sk_entry *entry)
{
	bool added;
	int64_t *at = sk_map_add(&out->names, path, strlen(path),
				 (int64_t)out->count, &added);

	if (!added) {
		/* a conflict has up to three */
		out->items[*at].is_unmerged = true;
		return;
	}
	SK_GROW(out->items, out->count, out->cap);
	out->items[out->count++] = *entry;
}

/* Lists of `<words>\t<path>`, each ended by NUL. */
static int ask(struct sk_entries *out, const struct sk_git_place *place,
	       const char *const first[], const char *const paths[],
	       int (*parse)(struct sk_entry *entry, const char *words),
	       struct sk_err *err)
{
	struct sk_git_args args = {0};
	struct sk_str said = SK_STR_INIT;
	int rc;

	for (size_t i = 0; first[i]; i++)
		sk_git_args_add(&args, first[i]);
	for (size_t i = 0; paths && paths[i]; i++)
		sk_git_args_add(&args, paths[i]);
	rc = sk_git_must(&said, place, NULL, args.args, err);
	for (char *at = said.ptr; rc == 0 && at < said.ptr + said.len;) {
		struct sk_entry entry = {0};
		char *next = at + strlen(at) + 1, *tab = strchr(at, '\t');

		if (tab)
			*tab = '\0';
		if (!tab || parse(&entry, at) < 0)
			rc = sk_fail(err, SK_EDATA, "git %s says '%.80s'",
				     first[1], at);
		else
			put(out, tab + 1, &entry);
		at = next;
	}
	sk_str_free(&said);
	free(args.args);
	return rc;
}

/* `100644 blob <id>` */
static int parse_tree(struct sk_entry *entry, const char *words)
{
	return sscanf(words, "%o %*s %64[0-9a-f]", &entry->mode, entry->id) == 2
		       ? 0
		       : -1;
}

/* `H 100644 <id> <stage>` */
static int parse_index(struct sk_entry *entry, const char *words)
{
	unsigned stage;

	if (sscanf(words + 1, " %o %64[0-9a-f] %u", &entry->mode, entry->id,
		   &stage) != 3)
		return -1;
	entry->is_skipped = *words == 'S';
	entry->is_unmerged = stage > 0;
	return 0;
}

int sk_entries_of_tree(struct sk_entries *out, const struct sk_git_place *place,
		       const char *tree, const char *const paths[],
		       struct sk_err *err)
{
	return ask(out, place,
		   (const char *const[]){"--literal-pathspecs", "ls-tree", "-z",
					 "--full-tree", tree, "--", NULL},
		   paths, parse_tree, err);
}

int sk_entries_of_index(struct sk_entries *out,
			const struct sk_git_place *place,
			const char *const paths[], struct sk_err *err)
{
	return ask(out, place,
		   (const char *const[]){"--literal-pathspecs", "ls-files",
					 "-t", "-s", "-z", "--", NULL},
		   paths, parse_index, err);
}

const struct sk_entry *sk_entries_get(const struct sk_entries *entries,
				      const char *path)
{
	const int64_t *at = sk_map_get(&entries->names, path, strlen(path));

	return at ? &entries->items[*at] : &nothing;
}

void sk_entries_free(struct sk_entries *entries)
{
	sk_map_free(&entries->names);
	free(entries->items);
	*entries = (struct sk_entries){0};
}

bool sk_entry_equal(const struct sk_entry *a, const struct sk_entry *b)
{
	return a->mode == b->mode && strcmp(a->id, b->id) == 0 &&
	       !a->is_unmerged && !b->is_unmerged;
}

void sk_entry_add_info(struct sk_str *out, const struct sk_entry *entry,
		       const char *path, bool is_sha256)
{
	if (entry->mode)
		sk_str_addf(out, "%o %s\t", entry->mode, entry->id);
	else
		sk_str_addf(out, "0 %0*d\t", is_sha256 ? 64 : 40, 0);
	sk_str_add(out, path, strlen(path) + 1);
}
