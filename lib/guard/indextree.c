/* SPDX-License-Identifier: MIT */
#include "guard/indextree.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "git/glance.h"
#include "git/run.h"

enum { INDEX_MAX = 1 << 30, LOCK_WAIT_MS = 2000 };

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

/* Also what writing it, and git's looking at it, left half done. */
static void remove_copy(const char *copy)
{
	struct sk_str lock = SK_STR_INIT;

	sk_str_addf(&lock, "%s.lock", copy);
	sk_file_sweep(copy);
	unlink(copy);
	unlink(lock.ptr);
	sk_str_free(&lock);
}

int sk_index_tree(struct sk_oid *tree, struct sk_repo *repo, struct sk_err *err)
{
	const char *named = getenv("GIT_INDEX_FILE");
	const char *git_dir = sk_repo_git_dir(repo);
	struct sk_str from = SK_STR_INIT, copy = SK_STR_INIT,
		      held = SK_STR_INIT, bytes = SK_STR_INIT;
	int rc = -1, lock;

	if (named && *named)
		sk_str_puts(&from, named);
	else
		sk_str_addf(&from, "%s/index", git_dir);
	sk_str_addf(&copy, "%s/sk-index.copy", git_dir);
	sk_str_addf(&held, "%s/sk-index.lock", git_dir);
	lock = sk_lock_as(held.ptr, sk_git_file_mode(git_dir), LOCK_WAIT_MS,
			  err);
	if (lock < 0)
		goto out;
	remove_copy(copy.ptr); /* of one that was killed */
	rc = sk_file_read(&bytes, from.ptr, INDEX_MAX, err);
	if (rc > 0)
		rc = sk_fail(err, SK_EFAIL, "there is no index '%s'", from.ptr);
	if (rc == 0)
		rc = sk_file_write_unsynced(copy.ptr, bytes.ptr, bytes.len,
					    0600, err);
	if (rc == 0)
		rc = write_tree(tree, repo, copy.ptr, err);
	remove_copy(copy.ptr);
	sk_unlock(lock);
out:
	sk_str_free(&bytes);
	sk_str_free(&held);
	sk_str_free(&copy);
	sk_str_free(&from);
	return rc;
}
