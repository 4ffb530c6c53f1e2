/* SPDX-License-Identifier: MIT */
#include "git/marked.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HASHED_AT_ONCE = 500 };

/* One line of 'git ls-files -v -s -z': "h 100644 <id> 0\t<path>". */
struct entry {
	bool is_skipped, is_file;
	const char *id, *path;
	size_t id_len;
};

static bool take_entry(struct entry *out, const char *line)
{
	const char *mode = line + 2, *tab = strchr(line, '\t');

	if ((*line != 'S' && !islower((unsigned char)*line)) || !tab ||
	    tab - mode < 10 || strncmp(mode, "160000", 6) == 0)
		return false;
	*out = (struct entry){
		.is_skipped = *line == 'S',
		.is_file = strncmp(mode, "100", 3) == 0,
		.id = mode + 7,
		.path = tab + 1,
	};
	out->id_len = strcspn(out->id, " ");
	return true;
}

static void add(struct sk_marked *out, const struct entry *entry)
{
	sk_words_add(entry->is_skipped ? &out->skipped : &out->assumed,
		     entry->path);
}

/* Those of the batch whose bytes, as git would keep them, are others. */
static int add_changed(struct sk_marked *out, const struct sk_git_place *place,
		       const struct entry *entries, size_t count,
		       struct sk_err *err)
{
	struct sk_git_args args = {0};
	struct sk_str ids = SK_STR_INIT, said = SK_STR_INIT;
	const char *at;
	int rc;

	sk_git_args_add(&args, "hash-object");
	sk_git_args_add(&args, "--");
	for (size_t i = 0; i < count; i++)
		sk_git_args_add(&args, entries[i].path);
	rc = sk_git_run(&ids, &said, place, NULL, args.args, err);
	at = rc == 0 ? ids.ptr : "";
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		size_t len = strcspn(at, "\n");

		if (len != entries[i].id_len ||
		    memcmp(at, entries[i].id, len) != 0)
			add(out, &entries[i]);
		at += len + (at[len] == '\n');
	}
	free(args.args);
	sk_str_free(&said);
	sk_str_free(&ids);
	return rc < 0 ? -1 : 0;
}

static int look(struct sk_marked *out, const struct sk_git_place *place,
		const struct sk_str *said, struct sk_err *err)
{
	const char *end = said->ptr + said->len;
	struct entry batch[HASHED_AT_ONCE];
	struct sk_str full = SK_STR_INIT;
	size_t count = 0;
	struct stat st;
	int rc = 0;

	for (const char *at = said->ptr; at < end && rc == 0;
	     at += strlen(at) + 1) {
		struct entry *entry = &batch[count];

		if (!take_entry(entry, at))
			continue;
		sk_str_clear(&full);
		sk_str_addf(&full, "%s/%s", place->folder, entry->path);
		if (lstat(full.ptr, &st) < 0)
			continue;
		if (!entry->is_file || !S_ISREG(st.st_mode))
			add(out, entry);
		else if (++count == HASHED_AT_ONCE) {
			rc = add_changed(out, place, batch, count, err);
			count = 0;
		}
	}
	if (rc == 0 && count)
		rc = add_changed(out, place, batch, count, err);
	sk_str_free(&full);
	return rc;
}

int sk_marked_find(struct sk_marked *out, const struct sk_git_place *place,
		   struct sk_err *err)
{
	const char *const args[] = {"ls-files", "-v", "-s", "-z", NULL};
	struct sk_str said = SK_STR_INIT;
	int rc;

	*out = (struct sk_marked)SK_MARKED_INIT;
	rc = sk_git_must(&said, place, NULL, args, err);
	if (rc == 0)
		rc = look(out, place, &said, err);
	sk_str_free(&said);
	return rc;
}

void sk_marked_free(struct sk_marked *marked)
{
	sk_words_free(&marked->assumed);
	sk_words_free(&marked->skipped);
}
