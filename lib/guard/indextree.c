/* SPDX-License-Identifier: MIT */
#include "guard/indextree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "git/run.h"

enum { INDEX_MAX = 1 << 30 };

static int write_tree(struct sk_oid *tree, struct sk_repo *repo,
		      const char *index, struct sk_err *err)
{
	const char *work_tree = sk_repo_work_tree(repo);
	struct sk_git_place place = {
		.folder = work_tree ? work_tree : sk_repo_git_dir(repo),
		.git_dir = sk_repo_git_dir(repo),
		.work_tree = work_tree,
		.index = index,
	};
	struct sk_str hex = SK_STR_INIT;
	int rc = sk_git_must(
		&hex, &place, NULL,
		(const char *const[]){"write-tree", "--missing-ok", NULL}, err);

	sk_str_rtrim(&hex);
	if (rc == 0 && sk_oid_parse(tree, hex.ptr) < 0)
		rc = sk_fail(err, SK_EFAIL, "git write-tree names no tree");
	sk_str_free(&hex);
	return rc;
}

int sk_index_tree(struct sk_oid *tree, struct sk_repo *repo, struct sk_err *err)
{
	const char *named = getenv("GIT_INDEX_FILE"), *tmp = getenv("TMPDIR");
	struct sk_str from = SK_STR_INIT, folder = SK_STR_INIT,
		      copy = SK_STR_INIT, bytes = SK_STR_INIT;
	int rc = -1;

	sk_str_addf(&folder, "%s/git-sk-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder.ptr)) {
		sk_fail_errno(err, errno, "cannot make folder '%s'",
			      folder.ptr);
		sk_str_free(&folder);
		return -1;
	}
	if (named && *named)
		sk_str_puts(&from, named);
	else
		sk_str_addf(&from, "%s/index", sk_repo_git_dir(repo));
	sk_str_addf(&copy, "%s/index", folder.ptr);
	rc = sk_file_read(&bytes, from.ptr, INDEX_MAX, err);
	if (rc > 0)
		rc = sk_fail(err, SK_EFAIL, "there is no index '%s'", from.ptr);
	if (rc == 0)
		rc = sk_file_write_unsynced(copy.ptr, bytes.ptr, bytes.len,
					    0600, err);
	if (rc == 0)
		rc = write_tree(tree, repo, copy.ptr, err);
	unlink(copy.ptr);
	rmdir(folder.ptr);
	sk_str_free(&bytes);
	sk_str_free(&copy);
	sk_str_free(&folder);
	sk_str_free(&from);
	return rc;
}
