/* SPDX-License-Identifier: MIT */
#include "git/worktree.h"

#include <string.h>

#include "base/file.h"
#include "base/spawn.h"
#include "git/commitfile.h"

enum { HEAD_MAX = 4096 };

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

int sk_main_read_head(struct sk_str *out, struct sk_repo *repo,
		      const char *path, size_t max, struct sk_err *err)
{
	struct sk_oid head;
	int rc = sk_main_head(&head, repo, err);

	if (rc == 0)
		rc = sk_commit_file_read(out, repo, &head, path, max, err);
	return rc;
}
