/* SPDX-License-Identifier: MIT */
#include "guard/staged.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/spawn.h"
#include "git/mergeheads.h"
#include "git/sequence.h"

enum { NAMES_MAX = 1 << 30, HEADS_MAX = 1 << 16 };

/*
 * `git diff --name-only <how>`, whatever is configured for people: paths, each
 * ended by NUL. Returns git's status, or -1.
 */
static int diff(struct sk_str *out, struct sk_str *said,
		const char *const how[], struct sk_err *err)
{
	const char *argv[14] = {"git",
				"--no-optional-locks",
				"diff",
				"--name-only",
				"-z",
				"--no-renames",
				"--no-relative",
				"--no-ext-diff",
				"--ignore-submodules=none"};
	size_t n = 9;

	while (*how)
		argv[n++] = *how++;
	argv[n++] = "--";
	argv[n] = NULL;
	return sk_spawn_read(out, said, argv, NAMES_MAX, err);
}

typedef void path_fn(void *ctx, const char *path, size_t len);

static void each_path(const struct sk_str *names, path_fn *each, void *ctx)
{
	const char *at = names->ptr, *end = at + names->len;

	while (at < end) {
		size_t len = strlen(at);

		if (len)
			each(ctx, at, len);
		at += len + 1;
	}
}

static void add_path(void *ctx, const char *path, size_t len)
{
	sk_words_add_len(ctx, path, len);
}

static void remember(void *ctx, const char *path, size_t len)
{
	sk_map_add(ctx, path, len, 1, NULL);
}

/* Keep the paths that are in the map, or those that are not. */
static void keep(struct sk_words *paths, const struct sk_map *map, bool in)
{
	size_t kept = 0;

	for (size_t i = 0; i < paths->len; i++) {
		char *path = paths->items[i];

		if ((sk_map_get(map, path, strlen(path)) != NULL) == in)
			paths->items[kept++] = path;
		else
			free(path);
	}
	paths->len = kept;
}

/*
 * What the other side has changed since both parted. Histories that have
 * nothing in common have no such place: all is the merge's then.
 */
static int drop_side(struct sk_words *paths, const char *hex,
		     struct sk_err *err)
{
	struct sk_str range = SK_STR_INIT, names = SK_STR_INIT;
	struct sk_map map = SK_MAP_INIT;
	int rc;

	sk_str_addf(&range, "HEAD...%s", hex);
	rc = diff(&names, NULL, (const char *const[]){range.ptr, NULL}, err);
	if (rc == 0) {
		each_path(&names, remember, &map);
		keep(paths, &map, false);
	} else if (rc > 0) {
		sk_words_free(paths);
	}
	sk_map_free(&map);
	sk_str_free(&names);
	sk_str_free(&range);
	return rc < 0 ? -1 : 0;
}

/* MERGE_HEAD: the ids of the commits, a line each. */
static int drop_heads(struct sk_words *paths, char *text, struct sk_err *err)
{
	char *line, *save = NULL;
	struct sk_oid ignored;
	int rc = 0;

	for (line = strtok_r(text, "\n", &save); line && rc == 0;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sk_oid_parse(&ignored, line) == 0)
			rc = drop_side(paths, line, err);
	}
	return rc;
}

/*
 * The commits being merged: lines of MERGE_HEAD. Before that is written git
 * merge runs pre-merge-commit, which may run this, and names them to its
 * children.
 */
static int drop_merged(struct sk_words *paths, const char *git_dir,
		       struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_merge_head *heads = NULL;
	char hex[SK_HEX_LEN + 1];
	size_t count;
	int rc;

	sk_str_addf(&path, "%s/MERGE_HEAD", git_dir);
	rc = sk_file_read(&text, path.ptr, HEADS_MAX, err);
	if (rc == 0) {
		rc = drop_heads(paths, text.ptr, err);
	} else if (rc > 0) {
		count = sk_merge_heads(&heads);
		rc = 0;
		for (size_t i = 0; rc == 0 && i < count; i++) {
			sk_oid_hex(hex, &heads[i].id);
			rc = drop_side(paths, hex, err);
		}
	}
	free(heads);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc;
}

int sk_staged_paths(struct sk_words *paths, const char *git_dir,
		    struct sk_err *err)
{
	static const char *const how[] = {"--cached", NULL};
	struct sk_str names = SK_STR_INIT, said = SK_STR_INIT;
	int rc = diff(&names, &said, how, err);

	if (rc > 0) {
		sk_str_cut(&said, strcspn(said.ptr, "\n"));
		rc = sk_fail(err, SK_EFAIL, "'git diff --cached' failed: %s",
			     said.ptr);
	}
	if (rc == 0) {
		each_path(&names, add_path, paths);
		rc = paths->len ? drop_merged(paths, git_dir, err) : 0;
	}
	sk_str_free(&said);
	sk_str_free(&names);
	return rc;
}

/* Keep what differs from there, too. */
static void drop_same(struct sk_words *paths, const char *const how[])
{
	struct sk_str names = SK_STR_INIT;
	struct sk_map map = SK_MAP_INIT;
	struct sk_err ignored = {0};

	if (paths->len && diff(&names, NULL, how, &ignored) == 0) {
		each_path(&names, remember, &map);
		keep(paths, &map, true);
	}
	sk_map_free(&map);
	sk_str_free(&names);
}

void sk_staged_drop_undone(struct sk_words *paths, const char *base)
{
	drop_same(paths, (const char *const[]){"--cached", "HEAD~1", NULL});
	drop_same(paths, (const char *const[]){"--cached", "--merge-base", base,
					       NULL});
}

bool sk_staged_is_replay(const char *git_dir)
{
	return sk_git_dir_in_sequence(git_dir) ||
	       sk_git_dir_has(git_dir, "CHERRY_PICK_HEAD") ||
	       sk_git_dir_has(git_dir, "REVERT_HEAD");
}

/* Git's own index for one commit is a lock that the commit ends. */
bool sk_staged_is_kept(void)
{
	const char *index = getenv("GIT_INDEX_FILE");
	size_t len = index ? strlen(index) : 0;

	return len < 5 || strcmp(index + len - 5, ".lock") != 0;
}
