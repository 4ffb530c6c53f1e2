/* SPDX-License-Identifier: MIT */
#include "git/worktreeclear.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "base/process.h"
#include "git/glance.h"
#include "git/run.h"
#include "git/source.h"

enum { FILE_MAX = 1 << 20, WALK_FDS = 16, CHILD_WAIT_MS = 10000 };

static int run(const struct sk_repo *repo, const char *const args[])
{
	const char *common = sk_repo_common_dir(repo);
	const struct sk_git_place place = {.folder = common, .git_dir = common};
	struct sk_err ignored = {0};

	return sk_git_run(NULL, NULL, &place, NULL, args, &ignored);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* Set *out to a file of git's about a worktree. Returns as sk_file_read(). */
static int read_about(struct sk_str *out, const char *dir, const char *name)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc;

	sk_str_clear(out);
	sk_str_addf(&path, "%s/%s", dir, name);
	rc = sk_file_read(out, path.ptr, FILE_MAX, &ignored);
	sk_str_rtrim(out);
	sk_str_free(&path);
	return rc;
}

/*
 * Who is killed leaves a git that goes on: its id is in a file meanwhile, for
 * the next of us to wait until it is gone.
 */
static void add_child_path(struct sk_str *out, const struct sk_repo *repo)
{
	sk_str_addf(out, "%s/sk-worktree", sk_repo_common_dir(repo));
}

void sk_worktree_say_child(void *ctx, pid_t pid)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};

	add_child_path(&path, ctx);
	sk_str_addf(&text, "%ld %" PRId64 "\n", (long)pid,
		    sk_process_started_at(pid));
	(void)!sk_file_write_unsynced(path.ptr, text.ptr, text.len,
				      sk_git_file_mode(sk_repo_common_dir(ctx)),
				      &ignored);
	sk_str_free(&text);
	sk_str_free(&path);
}

int sk_worktree_await_child(const struct sk_repo *repo, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int64_t until = sk_mono_ms() + CHILD_WAIT_MS, pid = 0, start = 0;
	struct sk_err ignored = {0};
	struct sk_process git = {0};

	add_child_path(&path, repo);
	if (sk_file_read(&text, path.ptr, FILE_MAX, &ignored) == 0 &&
	    sscanf(text.ptr, "%" SCNd64 " %" SCNd64, &pid, &start) == 2) {
		while (sk_process_look(&git, pid), git.start == start &&
							   git.is_alive &&
							   sk_mono_ms() < until)
			sk_sleep_ms(10);
	}
	if (!git.is_alive || git.start != start) {
		unlink(path.ptr);
		pid = 0;
	}
	sk_str_free(&text);
	sk_str_free(&path);
	if (!pid)
		return 0;
	sk_fail(err, SK_EBUSY, "process %" PRId64 " is still making a worktree",
		pid);
	return sk_hint(err, "try again when it has ended");
}

struct clearing {
	const struct sk_repo *repo;
	bool is_ours;
};

/*
 * What git itself cannot remove, as the little that it has written about it is
 * torn: the folder, when it says that it is that worktree's, or nothing yet.
 */
static void remove_torn(const char *dir, const char *folder)
{
	struct sk_str text = SK_STR_INIT, link = SK_STR_INIT;
	int rc = *folder ? read_about(&text, folder, ".git") : 1;

	sk_str_addf(&link, "gitdir: %s", dir);
	if (rc == 0 && strcmp(text.ptr, link.ptr) == 0) {
		nftw(folder, remove_one, WALK_FDS,
		     FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	} else if (rc == 0 && !text.len) {
		sk_str_clear(&link);
		sk_str_addf(&link, "%s/.git", folder);
		unlink(link.ptr);
	}
	if (!*folder || rmdir(folder) == 0 || errno == ENOENT)
		nftw(dir, remove_one, WALK_FDS, FTW_DEPTH | FTW_PHYS);
	sk_str_free(&link);
	sk_str_free(&text);
}

/*
 * One that a dead one of us has left. With an index it is whole, and somebody
 * may have worked in it: it is a worktree like others. Without there is nothing
 * in it but what git was writing.
 */
static int clear_one(void *ctx, const char *name)
{
	const struct clearing *clearing = ctx;
	const struct sk_repo *repo = clearing->repo;
	struct sk_str dir = SK_STR_INIT, text = SK_STR_INIT;
	bool is_whole;

	sk_str_addf(&dir, "%s/worktrees/%s", sk_repo_common_dir(repo), name);
	if (read_about(&text, dir.ptr, "locked") != 0 ||
	    strcmp(text.ptr, SK_WORKTREE_MARK) != 0)
		goto out;
	sk_str_addf(&dir, "/index");
	is_whole = !clearing->is_ours && access(dir.ptr, F_OK) == 0;
	sk_str_cut(&dir, dir.len - 6);
	if (read_about(&text, dir.ptr, "gitdir") == 0 && text.len > 5 &&
	    strcmp(text.ptr + text.len - 5, "/.git") == 0)
		sk_str_cut(&text, text.len - 5);
	if (is_whole) {
		(void)!run(repo, (const char *const[]){"worktree", "unlock",
						       text.ptr, NULL});
		goto out;
	}
	if (!text.len ||
	    run(repo, (const char *const[]){"worktree", "remove", "-f", "-f",
					    text.ptr, NULL}) != 0)
		remove_torn(dir.ptr, text.ptr);
out:
	sk_str_free(&text);
	sk_str_free(&dir);
	return 0;
}

void sk_worktree_clear(const struct sk_repo *repo, bool is_ours)
{
	struct clearing clearing = {repo, is_ours};

	sk_refs_each_worktree(repo, clear_one, &clearing);
}
