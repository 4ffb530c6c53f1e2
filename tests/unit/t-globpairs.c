/* SPDX-License-Identifier: MIT */
/*
 * Globs of owned files against a search: all globs of up to three components
 * out of a few, and all paths of up to five names out of a few, which is what
 * any two of these globs have in common when they have anything.
 */
#include <fnmatch.h>
#include <stdlib.h>

#include "mission/ownership.h"
#include "tests/unit/tap.h"

enum { PARTS = 3, DEPTH = 5, PATHS = 1365, WORDS = (PATHS + 63) / 64 };

static const char *const parts[] = {"a",   "*",	  "?",	   "**",
				    "a.c", "*.c", "[!a]*", "b.?"};
static const char *const names[] = {"a", "b", "a.c", "b.c"};

/* Who took a name: what is below a file is found by that alone. */
enum taker { ANYTHING, A_NAME, A_NAME_WITH_DOT, TAKERS };

static struct path {
	const char *names[DEPTH];
	size_t len, parent;
	char text[32];
} paths[PATHS];

struct glob {
	const char *parts[PARTS];
	size_t len;
	char text[32];
	/* by path: what it matches; what is in front of that, by its taker */
	uint64_t is_matched[WORDS], goes_on[TAKERS][WORDS];
};

static void set(uint64_t *words, size_t at)
{
	words[at / 64] |= UINT64_C(1) << at % 64;
}

static bool has(const uint64_t *words, size_t at)
{
	return words[at / 64] >> at % 64 & 1;
}

static bool share(const uint64_t *a, const uint64_t *b)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (a[i] & b[i])
			return true;
	}
	return false;
}

/* The parts from `i` on, the names from `at` on; `taken` by such a one. */
static bool matches(const struct glob *glob, size_t i, const struct path *path,
		    size_t at, size_t taken, enum taker by)
{
	const char *part;

	if (i == glob->len)
		return at == path->len;
	part = glob->parts[i];
	if (strcmp(part, "**") == 0)
		return matches(glob, i + 1, path, at, taken, by) ||
		       (at < path->len && (at != taken || by == ANYTHING) &&
			matches(glob, i, path, at + 1, taken, by));
	return at < path->len && fnmatch(part, path->names[at], 0) == 0 &&
	       (at != taken || by < A_NAME_WITH_DOT || strchr(part, '.')) &&
	       matches(glob, i + 1, path, at + 1, taken, by);
}

static void find_paths(struct glob *glob)
{
	for (size_t i = 0; i < PATHS; i++) {
		size_t front = i;

		if (!matches(glob, 0, &paths[i], 0, DEPTH, ANYTHING))
			continue;
		set(glob->is_matched, i);
		while (paths[front].len) {
			front = paths[front].parent;
			for (int by = ANYTHING; by < TAKERS; by++) {
				if (paths[front].len &&
				    matches(glob, 0, &paths[i], 0,
					    paths[front].len - 1,
					    (enum taker)by))
					set(glob->goes_on[by], front);
			}
		}
	}
}

/* Who must have taken its last name for what is below to be its own. */
static enum taker folder_of(const struct glob *glob)
{
	const char *last = glob->parts[glob->len - 1];

	if (!strchr(last, '.'))
		return ANYTHING;
	return strpbrk(last, "*?[") ? A_NAME_WITH_DOT : A_NAME;
}

static bool owns(const struct glob *glob, size_t path)
{
	while (paths[path].len && !has(glob->is_matched, path))
		path = paths[path].parent;
	return paths[path].len || has(glob->is_matched, path);
}

static bool overlap(const struct glob *a, const struct glob *b)
{
	return share(a->is_matched, b->is_matched) ||
	       share(a->is_matched, b->goes_on[folder_of(a)]) ||
	       share(b->is_matched, a->goes_on[folder_of(b)]);
}

static void make_paths(void)
{
	size_t count = 1; /* of no names */

	for (size_t i = 0; count < PATHS; i++) {
		for (size_t k = 0; k < SK_COUNTOF(names); k++, count++) {
			struct path *path = &paths[count];

			*path = paths[i];
			path->names[path->len++] = names[k];
			path->parent = i;
			snprintf(path->text, sizeof(path->text), "%.24s%s%s",
				 paths[i].text, i ? "/" : "", names[k]);
		}
	}
}

static size_t make_globs(struct glob *globs)
{
	size_t count = 0;

	for (size_t made = 0; made <= count; made++) {
		struct glob from = made ? globs[made - 1] : (struct glob){0};

		for (size_t k = 0; from.len < PARTS && k < SK_COUNTOF(parts);
		     k++) {
			struct glob *glob = &globs[count++];

			*glob = from;
			glob->parts[glob->len++] = parts[k];
			snprintf(glob->text, sizeof(glob->text), "%.24s%s%s",
				 from.text, made ? "/" : "", parts[k]);
		}
	}
	for (size_t i = 0; i < count; i++)
		find_paths(&globs[i]);
	return count;
}

static void test_owns(const struct glob *globs, size_t count)
{
	size_t wrong = 0, asked = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 1; k < PATHS; k++, asked++) {
			if (sk_glob_owns(globs[i].text, paths[k].text) ==
			    owns(&globs[i], k))
				continue;
			wrong++;
			printf("# %s and the path %s\n", globs[i].text,
			       paths[k].text);
		}
	}
	ok(wrong == 0, "own: %zu globs and paths as a search has them", asked);
}

static void test_overlap(const struct glob *globs, size_t count)
{
	size_t wrong = 0, asked = 0, meet = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++, asked++) {
			bool want = overlap(&globs[i], &globs[k]);

			meet += want;
			if (sk_globs_overlap(globs[i].text, globs[k].text) ==
			    want)
				continue;
			wrong++;
			printf("# %s and %s\n", globs[i].text, globs[k].text);
		}
	}
	ok(wrong == 0, "overlap: %zu pairs as a search has them", asked);
	ok(meet > asked / 10 && meet < asked - asked / 10,
	   "overlap: of these %zu share a path", meet);
}

/* Every text of one to `most` of these, the short ones first. */
static size_t make_texts(char (*texts)[16], const char *const *of, size_t kinds,
			 size_t most)
{
	size_t count = 0, begin = 0, end;

	for (size_t len = 1; len <= most; len++, begin = end) {
		end = count;
		for (size_t i = begin; i < (len == 1 ? 1 : end); i++) {
			for (size_t k = 0; k < kinds; k++, count++)
				snprintf(texts[count], sizeof(texts[count]),
					 "%.12s%s", len == 1 ? "" : texts[i],
					 of[k]);
		}
	}
	return count;
}

/* Characters within one component: three of them, and the names they match. */
static void test_component(void)
{
	static const char *const tokens[] = {"a", "b",	  "?",
					     "*", "[!a]", "[a-b]"};
	static const char *const letters[] = {"a", "b", "c"};
	static char texts[258][16], found[120][16];
	static uint64_t matched[258][WORDS];
	size_t count = make_texts(texts, tokens, SK_COUNTOF(tokens), 3);
	size_t name_count = make_texts(found, letters, SK_COUNTOF(letters), 4);
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < name_count; k++) {
			if (fnmatch(texts[i], found[k], 0) == 0)
				set(matched[i], k);
		}
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++) {
			if (strstr(texts[i], "**") || strstr(texts[k], "**") ||
			    sk_globs_overlap(texts[i], texts[k]) ==
				    share(matched[i], matched[k]))
				continue;
			wrong++;
			printf("# %s and %s\n", texts[i], texts[k]);
		}
	}
	ok(wrong == 0 && count == 258 && name_count == 120,
	   "overlap: %zu patterns of one component with each other", count);
}

int main(void)
{
	struct glob *globs = calloc(8 + 64 + 512, sizeof(*globs));
	size_t count;

	if (!globs)
		abort();
	make_paths();
	count = make_globs(globs);
	test_owns(globs, count);
	test_overlap(globs, count);
	test_component();
	free(globs);
	return done_testing();
}
