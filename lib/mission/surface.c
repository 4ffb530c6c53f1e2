/* SPDX-License-Identifier: MIT */
#include "mission/surface.h"

#include <ctype.h>
#include <string.h>

#include "mission/ownership.h"

/* A folder's name without what means nothing. */
static const char *without_dot(const char *path)
{
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	return path;
}

bool sk_surface_covers(const char *surface, const struct sk_words *globs)
{
	size_t len;

	surface = without_dot(surface);
	len = strlen(surface);
	while (len && surface[len - 1] == '/')
		len--;
	for (size_t i = 0; i < globs->len; i++) {
		const char *glob = without_dot(globs->items[i]);

		if (strncmp(glob, surface, len) == 0 &&
		    (!len || glob[len] == '/' || !glob[len]))
			return true;
	}
	return false;
}

static size_t count(const char *text, size_t len, const char *word)
{
	const char *at = text, *end = text + len;
	size_t n = 0;

	while ((at = memmem(at, (size_t)(end - at), word, strlen(word)))) {
		at += strlen(word);
		n++;
	}
	return n;
}

static bool seems_planning(const char *text, size_t len)
{
	static const char *const planning[] = {
		"kitty-specs/", "spec.md",	 "plan.md",
		"tasks.md",	"data-model.md", "quickstart.md",
	};
	static const char *const code[] = {"src/", "test/", "tests/",
					   ".py",  ".ts",   ".js"};
	size_t plans = 0, codes = 0;

	for (size_t i = 0; i < SK_COUNTOF(planning); i++)
		plans += count(text, len, planning[i]);
	for (size_t i = 0; i < SK_COUNTOF(code); i++)
		codes += count(text, len, code[i]);
	return plans && !codes;
}

static bool is_of_path(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_./*?-+", c));
}

/* A path that is named: a file as it is, a folder with all below it. */
static void add_path(struct sk_words *out, const char *at, size_t len)
{
	struct sk_str path = SK_STR_INIT;
	const char *last;

	while (len && strchr(".-+?", at[len - 1]))
		len--; /* the end of a sentence */
	sk_str_add(&path, at, len);
	while (path.len && path.ptr[path.len - 1] == '/')
		sk_str_cut(&path, path.len - 1);
	last = strrchr(path.ptr, '/');
	if (last ? !strpbrk(last, ".*") : path.len > 0)
		sk_str_puts(&path, "/**");
	if (!sk_glob_is_outside(path.ptr) && !sk_glob_is_of_missions(path.ptr))
		sk_words_add_new(out, path.ptr);
	sk_str_free(&path);
}

void sk_ownership_infer(struct sk_ownership *out, const char *text, size_t len)
{
	static const char *const roots[] = {"src/", "test/", "tests/", "docs/"};
	const char *at = text, *end = text + len;

	*out = (struct sk_ownership){.is_planning = seems_planning(text, len)};
	while (at < end) {
		const char *start = at;

		while (at < end && is_of_path(*at))
			at++;
		for (size_t i = 0; i < SK_COUNTOF(roots); i++) {
			size_t root = strlen(roots[i]);

			if ((size_t)(at - start) >= root &&
			    memcmp(start, roots[i], root) == 0)
				add_path(&out->files, start,
					 (size_t)(at - start));
		}
		at += at == start;
	}
	if (!out->files.len && !out->is_planning) {
		sk_words_add(&out->files, "src/**");
		out->is_guess = true;
	}
}

/* How much of the glob is folders without wildcards, slash included. */
static size_t folder_len(const char *glob)
{
	size_t plain = strcspn(glob, "*?["), len = plain;

	while (len && glob[len - 1] != '/')
		len--;
	return len;
}

void sk_ownership_surface(struct sk_str *out, const struct sk_words *globs)
{
	const char *first = globs->len ? without_dot(globs->items[0]) : "";
	size_t len = folder_len(first);

	for (size_t i = 1; i < globs->len; i++) {
		const char *glob = without_dot(globs->items[i]);
		size_t same = 0;

		while (same < len && glob[same] == first[same])
			same++;
		while (same && first[same - 1] != '/')
			same--;
		len = same;
	}
	sk_str_add(out, first, len ? len : folder_len(first));
}

void sk_surfaces_infer(struct sk_words *out, const char *text, size_t len)
{
	static const struct {
		const char *word, *surface;
	} words[] = {
		{"api", "api"},
		{"endpoint", "api"},
		{"app shell", "app-shell"},
		{"navigation", "app-shell"},
		{"template", "artifact-rendering"},
		{"dashboard", "dashboard"},
		{"legacy", "legacy-cleanup"},
		{"deprecat", "legacy-cleanup"},
		{"lint", "lint-cleanup"},
		{"test", "tests"},
		{"tracker", "tracker-integration"},
		{"workspace", "workspace"},
		{"worktree", "workspace"},
	};
	struct sk_str lower = SK_STR_INIT;

	sk_str_add(&lower, text, len);
	for (size_t i = 0; i < lower.len; i++)
		lower.ptr[i] = (char)tolower((unsigned char)lower.ptr[i]);
	for (size_t i = 0; i < SK_COUNTOF(words); i++) {
		if (count(lower.ptr, lower.len, words[i].word))
			sk_words_add_new(out, words[i].surface);
	}
	sk_words_sort(out);
	sk_str_free(&lower);
}
