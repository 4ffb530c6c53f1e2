/* SPDX-License-Identifier: MIT */
#include "git/indexhold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "base/process.h"

#define MARK	"git-sk is making a commit here\n"
#define PRIVATE "sk-index-"

enum { OURS_WAIT_MS = 30000, INDEX_WAIT_MS = 2000, LEFT_MAX = 4096 };

void sk_hold_add_name(struct sk_str *out, const struct sk_hold *hold,
		      const char *end)
{
	sk_str_addf(out, "%s/" PRIVATE "%ld%s", hold->git_dir, (long)getpid(),
		    end);
}

void sk_hold_add_was(struct sk_str *out, const struct sk_hold *hold)
{
	sk_str_addf(out, "%s/" PRIVATE "was", hold->git_dir);
}

static void add_lock(struct sk_str *out, const struct sk_hold *hold)
{
	sk_str_addf(out, "%s/index.lock", hold->git_dir);
}

static void block_signals(struct sk_hold *hold)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, &hold->before);
}

int sk_hold_enter(struct sk_hold *hold, const char *git_dir, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;

	*hold = (struct sk_hold){.git_dir = git_dir, .ours = -1, .index = -1};
	sk_str_addf(&path, "%s/sk-record.lock", git_dir);
	hold->ours = sk_lock(path.ptr, OURS_WAIT_MS, err);
	if (hold->ours < 0 && err->code == SK_EBUSY)
		sk_hint(err, "another git-sk is making a commit there:"
			     " try again when it has ended");
	if (hold->ours >= 0)
		block_signals(hold);
	sk_str_free(&path);
	return hold->ours < 0 ? -1 : 0;
}

void sk_hold_leave(struct sk_hold *hold)
{
	if (hold->ours < 0)
		return;
	sk_unlock(hold->ours);
	hold->ours = -1;
	sigprocmask(SIG_SETMASK, &hold->before, NULL);
}

int sk_hold_read_left(struct sk_left *left, const struct sk_hold *hold,
		      struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int fd, ret = 1;

	*left = (struct sk_left){.from = ""};
	add_lock(&path, hold);
	/* another's may be gone, or a whole index, before it has been read */
	fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0) {
		char buf[LEFT_MAX];
		ssize_t n = read(fd, buf, sizeof(buf) - 1);

		if (n > 0)
			sk_str_add(&text, buf, (size_t)n);
		close(fd);
	} else if (errno != ENOENT) {
		ret = sk_fail_errno(err, errno, "cannot read '%s'", path.ptr);
	}
	if (strncmp(text.ptr, MARK, strlen(MARK)) == 0) {
		const char *at = text.ptr + strlen(MARK);

		/* what is not there yet stays as it is; a space would match
		 * the end of the line as well */
		(void)!sscanf(at, "from%*1[ ]%64[0-9a-f]", left->from);
		at = strstr(at, "child ");
		if (at)
			(void)!sscanf(at, "child %" SCNd64 " %" SCNd64,
				      &left->child, &left->start);
		ret = 0;
	}
	sk_str_free(&text);
	sk_str_free(&path);
	return ret;
}

void sk_hold_clear_left(const struct sk_hold *hold, bool has_lock)
{
	struct sk_str path = SK_STR_INIT;
	const struct dirent *entry;
	DIR *dir = opendir(hold->git_dir);

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, PRIVATE, strlen(PRIVATE)) != 0)
			continue;
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/%s", hold->git_dir, entry->d_name);
		unlink(path.ptr);
	}
	if (dir)
		closedir(dir);
	if (has_lock) {
		sk_str_clear(&path);
		add_lock(&path, hold);
		unlink(path.ptr);
	}
	sk_str_free(&path);
}

/* Until the lock is out in the world nobody sees the file: it comes whole. */
static int make_lock(const char *made, const char *lock)
{
	if (link(made, lock) == 0) {
		unlink(made);
		return 0;
	}
	if (errno == EEXIST)
		return -1;
	/* a file system without hard links */
	return renameat2(AT_FDCWD, made, AT_FDCWD, lock, RENAME_NOREPLACE);
}

static int fail_held(struct sk_err *err, const char *lock, int saved)
{
	if (saved != EEXIST)
		return sk_fail_errno(err, saved, "cannot create '%s'", lock);
	sk_fail(err, SK_EBUSY, "'%s' exists: another git is writing the index",
		lock);
	return sk_hint(err, "try again; if no git is running there, remove it");
}

int sk_hold_index(struct sk_hold *hold, struct sk_err *err)
{
	struct sk_str made = SK_STR_INIT, lock = SK_STR_INIT;
	int64_t until = sk_mono_ms() + INDEX_WAIT_MS;
	int saved = 0;

	sk_hold_add_name(&made, hold, ".hold");
	add_lock(&lock, hold);
	hold->index =
		open(made.ptr, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (hold->index < 0 ||
	    write(hold->index, MARK, strlen(MARK)) != (ssize_t)strlen(MARK))
		saved = errno ? errno : ENOSPC;
	while (!saved && make_lock(made.ptr, lock.ptr) < 0) {
		if (errno != EEXIST || sk_mono_ms() >= until)
			saved = errno;
		else
			sk_sleep_ms(5);
	}
	if (saved) {
		fail_held(err, lock.ptr, saved);
		unlink(made.ptr);
		if (hold->index >= 0)
			close(hold->index);
		hold->index = -1;
	}
	sk_str_free(&lock);
	sk_str_free(&made);
	return saved ? -1 : 0;
}

static int say(const struct sk_hold *hold, int64_t child, int64_t start)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	sk_str_addf(&text, "from %s\nchild %20" PRId64 " %20" PRId64 "\n",
		    hold->from, child, start);
	rc = pwrite(hold->index, text.ptr, text.len, (off_t)strlen(MARK)) ==
			     (ssize_t)text.len
		     ? 0
		     : -1;
	sk_str_free(&text);
	return rc;
}

int sk_hold_say_from(struct sk_hold *hold, const char *from, struct sk_err *err)
{
	snprintf(hold->from, sizeof(hold->from), "%s", from);
	if (say(hold, 0, 0) < 0)
		return sk_fail_errno(err, errno, "cannot write '%s/index.lock'",
				     hold->git_dir);
	return 0;
}

/* Disks do not fill up between two writes to the same bytes. */
void sk_hold_say_child(const struct sk_hold *hold, pid_t pid)
{
	(void)!say(hold, pid, sk_process_started_at(pid));
}

void sk_hold_release(struct sk_hold *hold, bool stays)
{
	struct sk_str lock = SK_STR_INIT, was = SK_STR_INIT;

	if (hold->index < 0)
		return;
	add_lock(&lock, hold);
	sk_hold_add_was(&was, hold);
	if (!stays) {
		unlink(was.ptr);
		unlink(lock.ptr);
	}
	close(hold->index);
	hold->index = -1;
	sk_str_free(&was);
	sk_str_free(&lock);
}
