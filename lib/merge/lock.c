/* SPDX-License-Identifier: MIT */
#include "merge/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "base/process.h"
#include "format/time.h"
#include "git/worktrees.h"

#define FOLDER	 ".kittify"
#define PARTS	 "runtime/merge/__global_merge__"
#define OUR_MARK " git-sk "

enum { WAIT_MS = 30000, TEXT_MAX = 4096, US_PER_MS = 1000 };

/* Append where spec-kitty's lock is. Returns false where it has no place: in a
 * bare repository, or one that it never was in. */
static bool add_theirs(struct sk_str *out, struct sk_repo *repo)
{
	struct sk_worktrees trees = {0};
	struct sk_err ignored = {0};
	struct stat st;
	bool found = false;

	if (sk_worktrees_read(&trees, repo, &ignored) == 0 && trees.count &&
	    !trees.items[0].is_bare && !trees.items[0].is_missing) {
		sk_str_addf(out, "%s/" FOLDER, trees.items[0].folder);
		found = lstat(out->ptr, &st) == 0 && S_ISDIR(st.st_mode);
	}
	sk_worktrees_free(&trees);
	if (found)
		sk_str_puts(out, "/" PARTS "/lock");
	else
		sk_str_clear(out);
	return found;
}

/* Whether that is one of ours whose process is gone, or this one. Appends whose
 * it is otherwise. */
static bool is_free(struct sk_str *whose, const struct sk_str *text)
{
	const char *mark = strstr(text->ptr, OUR_MARK);
	struct sk_process process;
	int64_t pid = 0, start = 0;

	if (mark &&
	    sscanf(mark, OUR_MARK "%" SCNd64 " %" SCNd64, &pid, &start) == 2) {
		sk_process_look(&process, pid);
		if (pid == getpid() || !process.is_alive ||
		    (start && process.start && process.start != start))
			return true;
		sk_str_addf(whose, "process %" PRId64, pid);
		return false;
	}
	sk_str_puts(whose, "spec-kitty since ");
	sk_str_add_visible(whose, text->ptr, strcspn(text->ptr, "\n"), 60);
	return false;
}

/* Returns 0 when the file is there, and not free; 1; or -1. */
static int look(struct sk_str *whose, const char *path, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc = sk_file_read(&text, path, TEXT_MAX, err);

	if (rc == 0)
		rc = is_free(whose, &text);
	sk_str_free(&text);
	return rc;
}

bool sk_merge_lock_look(struct sk_str *path, struct sk_str *whose,
			struct sk_repo *repo)
{
	struct sk_err ignored = {0};

	return add_theirs(path, repo) && look(whose, path->ptr, &ignored) == 0;
}

/* Take away the folders that nothing is in, and so nobody needs. */
static void remove_folders(const struct sk_str *path)
{
	struct sk_str folder = SK_STR_INIT;

	sk_str_puts(&folder, path->ptr);
	for (int i = 0; i < 3; i++) {
		*strrchr(folder.ptr, '/') = '\0';
		if (rmdir(folder.ptr) < 0)
			break;
	}
	sk_str_free(&folder);
}

/* Nobody sees it half written. Returns 0; 1 when it is there; -1. */
static int make(const char *path, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT, made = SK_STR_INIT;
	int rc;

	sk_time_add(&text, sk_now_ms() * US_PER_MS);
	sk_str_addf(&text, OUR_MARK "%ld %" PRId64 "\n", (long)getpid(),
		    sk_process_started_at(getpid()));
	sk_str_addf(&made, "%s.%ld", path, (long)getpid());
	rc = sk_mkdir_for(path, err);
	if (rc == 0)
		rc = sk_file_write_unsynced(made.ptr, text.ptr, text.len, 0644,
					    err);
	if (rc == 0 && renameat2(AT_FDCWD, made.ptr, AT_FDCWD, path,
				 RENAME_NOREPLACE) < 0) {
		rc = errno == EEXIST ? 1
				     : sk_fail_errno(err, errno,
						     "cannot make '%s'", path);
		unlink(made.ptr);
	}
	sk_str_free(&made);
	sk_str_free(&text);
	return rc;
}

static int take_theirs(struct sk_merge_lock *lock, struct sk_err *err)
{
	struct sk_str whose = SK_STR_INIT;
	int rc = make(lock->theirs.ptr, err);

	if (rc == 1) {
		rc = look(&whose, lock->theirs.ptr, err);
		if (rc == 0) {
			sk_fail(err, SK_EBUSY, "%s has locked '%s'", whose.ptr,
				lock->theirs.ptr);
			sk_hint(err, "wait; if nothing of it runs any more,"
				     " remove that file");
			rc = -1;
		} else if (rc == 1) {
			unlink(lock->theirs.ptr);
			rc = make(lock->theirs.ptr, err);
		}
	}
	sk_str_free(&whose);
	return rc == 0 ? 0 : -1;
}

int sk_merge_lock(struct sk_merge_lock *lock, struct sk_repo *repo,
		  struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, whose = SK_STR_INIT;

	*lock = (struct sk_merge_lock)SK_MERGE_LOCK_INIT;
	sk_str_addf(&path, "%s/sk-merge.lock", sk_repo_common_dir(repo));
	lock->fd = sk_lock(path.ptr, WAIT_MS, err);
	if (lock->fd < 0 && err->code == SK_EBUSY) {
		sk_lock_holder(&whose, path.ptr);
		sk_fail(err, SK_EBUSY, "another merge is under way%s%s",
			whose.len ? ": " : "", whose.ptr);
		sk_hint(err, "run the command again when it has ended");
	}
	sk_str_free(&whose);
	sk_str_free(&path);
	if (lock->fd < 0)
		return -1;
	if (add_theirs(&lock->theirs, repo) && take_theirs(lock, err) < 0) {
		sk_str_clear(&lock->theirs);
		sk_merge_unlock(lock);
		return -1;
	}
	return 0;
}

void sk_merge_unlock(struct sk_merge_lock *lock)
{
	if (lock->theirs.len) {
		unlink(lock->theirs.ptr);
		remove_folders(&lock->theirs);
	}
	sk_str_free(&lock->theirs);
	sk_unlock(lock->fd);
	lock->fd = -1;
}
