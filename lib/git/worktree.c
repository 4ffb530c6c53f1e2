/* SPDX-License-Identifier: MIT */
#include "git/worktree.h"

#include <string.h>

#include "base/file.h"
#include "base/spawn.h"
#include "git/tree.h"
#include "git/walk.h"

enum { HEAD_MAX = 4096, NAME_MAX_LEN = 255 };

static bool is_main(const struct sk_repo *repo)
{
	return strcmp(sk_repo_git_dir(repo), sk_repo_common_dir(repo)) == 0;
}

/* As git does: core.bare, core.worktree, then the folder around `.git`. */
int sk_main_folder(struct sk_str *out, const struct sk_repo *repo,
		   const struct sk_config *config)
{
	const char *common = sk_repo_common_dir(repo);
	const char *bare = sk_config_get(config, "core.bare");
	const char *named = sk_config_get(config, "core.worktree");
	const char *name = strrchr(common, '/');

	sk_str_clear(out);
	if (is_main(repo)) {
		if (sk_repo_work_tree(repo))
			sk_str_puts(out, sk_repo_work_tree(repo));
	} else if (bare && sk_config_parse_bool(bare) == 1) {
		return 1;
	} else if (named && *named == '/') {
		sk_str_puts(out, named);
	} else if (named) {
		sk_str_addf(out, "%s/%s", common, named);
	} else if (name && strcmp(name, "/.git") == 0) {
		sk_str_add(out, common, (size_t)(name - common));
	}
	return out->len ? 0 : 1;
}

/* Of a linked worktree, all but the repository itself. */
static int ask_git(struct sk_oid *out, const char *common, struct sk_err *err)
{
	const char *const argv[] = {"env",
				    "-u",
				    "GIT_DIR",
				    "-u",
				    "GIT_WORK_TREE",
				    "git",
				    "--git-dir",
				    common,
				    "rev-parse",
				    "-q",
				    "--verify",
				    "HEAD^{commit}",
				    NULL};
	struct sk_str text = SK_STR_INIT;
	int rc = sk_spawn_read(&text, NULL, argv, HEAD_MAX, err);

	sk_str_rtrim(&text);
	if (rc == 0 && sk_oid_parse(out, text.ptr) < 0)
		rc = 1;
	sk_str_free(&text);
	return rc > 0 ? 1 : rc;
}

int sk_main_head(struct sk_oid *out, struct sk_repo *repo, struct sk_err *err)
{
	const char *common = sk_repo_common_dir(repo);
	struct sk_str ref = SK_STR_INIT;
	int rc;

	if (is_main(repo)) {
		rc = sk_repo_head(repo, out, &ref, err);
		sk_str_free(&ref);
		return rc;
	}
	return ask_git(out, common, err);
}

/* The entry at `path` below a tree. Returns 0; 1 when there is none; -1. */
static int find_entry(struct sk_tree_entry *out, struct sk_repo *repo,
		      const struct sk_oid *tree, const char *path,
		      struct sk_err *err)
{
	struct sk_oid at = *tree;
	char name[NAME_MAX_LEN + 1];
	int rc = 0;

	while (rc == 0) {
		size_t len = strcspn(path, "/");

		if (len > NAME_MAX_LEN)
			return 1;
		memcpy(name, path, len);
		name[len] = '\0';
		rc = sk_tree_find(repo, &at, name, out, err);
		if (rc != 0 || !path[len])
			break;
		if (!sk_tree_entry_is_dir(out))
			return 1;
		at = out->id;
		path += len + 1;
	}
	return rc;
}

/* One that a partial clone left out is not absent: it may say anything. */
static int read_file(struct sk_raw *raw, struct sk_repo *repo,
		     const struct sk_oid *id, const char *path,
		     struct sk_err *err)
{
	int rc = sk_repo_read(repo, id, SK_OBJECT_BLOB, raw, err);

	if (rc <= 0)
		return rc;
	sk_fail(err, SK_EDATA, "'%s' of HEAD is missing", path);
	return sk_hint(err, "run 'git show HEAD:%s', which fetches it", path);
}

int sk_main_read_head(struct sk_str *out, struct sk_repo *repo,
		      const char *path, size_t max, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_raw raw = SK_RAW_INIT;
	struct sk_tree_entry entry;
	struct sk_oid head;
	int rc = sk_main_head(&head, repo, err);

	if (rc == 0)
		rc = sk_commit_read(&commit, repo, &head, err);
	if (rc == 0)
		rc = find_entry(&entry, repo, &commit->tree, path, err);
	if (rc == 0 && !sk_tree_entry_is_file(&entry))
		rc = 1;
	if (rc == 0)
		rc = read_file(&raw, repo, &entry.id, path, err);
	if (rc == 0 && raw.len > max)
		rc = sk_fail(err, SK_EDATA, "'%s' is larger than %zu bytes",
			     path, max);
	else if (rc == 0)
		sk_str_add(out, raw.data, raw.len);
	sk_raw_release(&raw);
	sk_commit_free(commit);
	return rc;
}
