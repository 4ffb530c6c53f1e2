/* SPDX-License-Identifier: MIT */
#include "git/advance.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/advancepart.h"
#include "git/indexfollow.h"
#include "git/record.h"
#include "git/treediff.h"
#include "git/worktrees.h"

static int find_git_dir(struct sk_advance *adv, struct sk_err *err)
{
	int rc = sk_git_must(
		&adv->git_dir, &adv->place, NULL,
		(const char *const[]){"rev-parse", "--absolute-git-dir", NULL},
		err);

	if (adv->git_dir.len)
		sk_str_cut(&adv->git_dir, adv->git_dir.len - 1);
	return rc;
}

int sk_advance_begin(struct sk_advance *adv, struct sk_repo *repo,
		     const char *folder, struct sk_err *err)
{
	*adv = (struct sk_advance){.place = sk_worktree_place(repo, folder),
				   .git_dir = SK_STR_INIT,
				   .index = SK_STR_INIT,
				   .hold = {.ours = -1, .index = -1}};
	/* what a commit of ours has left there, when it was killed */
	if (sk_record_mend(repo, folder, err) < 0 ||
	    find_git_dir(adv, err) < 0 ||
	    sk_hold_enter(&adv->hold, adv->git_dir.ptr, err) < 0 ||
	    sk_hold_index(&adv->hold, err) < 0)
		return sk_within(err, "'%.200s'", folder);
	sk_hold_add_name(&adv->index, &adv->hold, ".advance");
	adv->place.index = adv->index.ptr;
	return 0;
}

void sk_advance_end(struct sk_advance *adv)
{
	if (adv->index.len)
		unlink(adv->index.ptr);
	sk_hold_release(&adv->hold, false);
	sk_hold_leave(&adv->hold);
	sk_str_free(&adv->index);
	sk_str_free(&adv->git_dir);
}

int sk_advance_refresh(const struct sk_git_place *place, struct sk_err *err)
{
	const char *const args[] = {"update-index", "-q", "--refresh", NULL};

	/* that some of it is edited is no failure */
	return sk_git_run(NULL, NULL, place, NULL, args, err) < 0 ? -1 : 0;
}

/*
 * Git takes what it is told to ignore for expendable; what is in the place of a
 * new file is not.
 */
static int check_places(struct sk_advance *adv, const char *from,
			const char *to, struct sk_err *err)
{
	struct sk_tree_changes changes = SK_TREE_CHANGES_INIT;
	struct sk_str full = SK_STR_INIT;
	struct stat st;
	int rc = sk_tree_changes_read(&changes, &adv->place, from, to, err);

	for (size_t i = 0; rc == 0 && i < changes.count; i++) {
		const char *path = changes.paths.args[i];

		sk_str_clear(&full);
		sk_str_addf(&full, "%s/%s", adv->place.folder, path);
		if (changes.olds[i].mode || lstat(full.ptr, &st) < 0 ||
		    S_ISDIR(st.st_mode))
			continue;
		rc = sk_fail(err, SK_EFAIL,
			     "the work tree cannot follow: '%.200s' is there"
			     " already",
			     path);
		sk_hint(err, "put it aside, and run the command again");
	}
	sk_str_free(&full);
	sk_tree_changes_free(&changes);
	return rc;
}

/* Who mends what we leave waits for it to have ended. */
static void say_child(void *ctx, pid_t pid)
{
	const struct sk_advance *adv = ctx;

	sk_hold_say_child(&adv->hold, pid);
}

/* Beside the index, which stays as it is until all of it is done. */
static int read_trees(struct sk_advance *adv, const char *from, const char *to,
		      struct sk_err *err)
{
	const char *const args[] = {
		"read-tree", "-m", "-u", "--no-recurse-submodules",
		from,	     to,   NULL};
	const struct sk_feed feed = {.started = say_child, .ctx = adv};
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_run(NULL, &said, &adv->place, &feed, args, err);

	if (rc > 0)
		rc = sk_git_fail(err, "the work tree cannot follow", &said);
	sk_str_free(&said);
	return rc;
}

static int put_in_place(const struct sk_advance *adv, struct sk_err *err)
{
	struct sk_str index = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&index, "%s/index", adv->git_dir.ptr);
	if (rename(adv->index.ptr, index.ptr) < 0)
		rc = sk_fail_errno(err, errno, "cannot replace '%s'",
				   index.ptr);
	sk_str_free(&index);
	return rc;
}

static int begin(struct sk_advance *adv, struct sk_err *err)
{
	if (sk_index_copy(&adv->hold, adv->index.ptr, err) < 0)
		return -1;
	return sk_advance_refresh(&adv->place, err);
}

int sk_advance_run(struct sk_advance *adv, const char *from, const char *to,
		   struct sk_err *err)
{
	if (begin(adv, err) < 0 || check_places(adv, from, to, err) < 0 ||
	    read_trees(adv, from, to, err) < 0 || put_in_place(adv, err) < 0)
		return sk_within(err, "'%.200s'", adv->place.folder);
	return 0;
}

int sk_advance_settle(struct sk_advance *adv, const char *from, const char *to,
		      struct sk_err *err)
{
	char now[SK_HEX_LEN + 1];

	if (begin(adv, err) < 0 ||
	    sk_advance_heal(now, adv, from, to, err) < 0 ||
	    read_trees(adv, now, to, err) < 0 || put_in_place(adv, err) < 0)
		return sk_within(err, "'%.200s'", adv->place.folder);
	return 0;
}
