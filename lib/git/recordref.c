/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/now.h"
#include "git/committree.h"
#include "git/headfile.h"
#include "git/recordpart.h"
#include "git/worktrees.h"

enum { AGAIN = 2 };

/* Who has it checked out would find an index that does not know the commit. */
static int check_nobody_has(struct sk_repo *repo, const char *branch,
			    struct sk_err *err)
{
	struct sk_worktrees list = {0};
	const struct sk_worktree *tree;
	int rc = sk_worktrees_read(&list, repo, err);

	tree = rc == 0 ? sk_worktrees_find_branch(&list, repo, branch) : NULL;
	if (tree) {
		rc = sk_fail(err, SK_EFAIL,
			     "branch '%s' is checked out in '%s'",
			     sk_branch_name(branch), tree->folder);
		if (tree->is_missing)
			sk_worktree_hint_missing(tree, repo, err);
	}
	sk_worktrees_free(&list);
	if (rc == 0 && sk_worktrees_are_busy_with(repo, branch)) {
		rc = sk_fail(err, SK_EFAIL,
			     "branch '%s' is being rebased or bisected",
			     sk_branch_name(branch));
		sk_hint(err, "end that first, or give it up");
	}
	return rc;
}

static int find_branch(struct sk_recording *rec, struct sk_err *err)
{
	const char *branch = rec->record->branch;

	if (sk_recording_look(rec, branch, err) < 0)
		return -1;
	if (*rec->tip)
		return 0;
	sk_fail(err, SK_EFAIL, "there is no branch '%s'",
		sk_branch_name(branch));
	return sk_hint(err, "make it: run 'git branch %s <commit>'",
		       sk_branch_name(branch));
}

static int make_commit(char id[SK_HEX_LEN + 1], struct sk_recording *rec,
		       struct sk_err *err)
{
	const char *const parents[] = {rec->tip, NULL};
	const struct sk_commit_wanted wanted = {
		.tree = rec->made,
		.parents = parents,
		.message = rec->record->message,
	};
	int rc = sk_recording_make_index(rec, err);

	if (rc == 0)
		rc = sk_recording_write_tree(rec, err);
	if (rc == 0)
		rc = sk_commit_tree(id, &rec->place, &wanted, err);
	return rc;
}

/* Returns 0; AGAIN when the branch has moved; -1. */
static int move_branch(struct sk_recording *rec, const char *id,
		       struct sk_err *err)
{
	const struct sk_record *record = rec->record;
	struct sk_str words = SK_STR_INIT, said = SK_STR_INIT;
	int rc = check_nobody_has(rec->repo, record->branch, err);

	sk_str_addf(&words, "commit: %.*s", (int)strcspn(record->message, "\n"),
		    record->message);
	if (rc == 0)
		rc = sk_git_run(NULL, &said, &rec->place, NULL,
				(const char *const[]){"update-ref", "-m",
						      words.ptr, record->branch,
						      id, rec->tip, NULL},
				err);
	if (rc > 0) {
		rc = sk_recording_has_moved(rec, record->branch, &said, err);
		if (rc == 0)
			rc = sk_git_fail(err, "cannot move the branch", &said);
		else if (rc > 0)
			rc = AGAIN;
	}
	sk_str_free(&said);
	sk_str_free(&words);
	return rc;
}

/* What was left beside an index whose lock is not ours is a dead one's. */
static void sweep(struct sk_recording *rec)
{
	struct sk_err ignored = {0};
	struct sk_left left;

	if (sk_hold_read_left(&left, &rec->hold, &ignored) == 1)
		sk_hold_clear_left(&rec->hold, false);
}

int sk_record_on_ref(struct sk_oid *out, struct sk_repo *repo,
		     const struct sk_record *record, struct sk_err *err)
{
	const char *common = sk_repo_common_dir(repo);
	const char *tree = sk_repo_work_tree(repo);
	struct sk_recording rec = {
		.repo = repo,
		.record = record,
		.place = {.folder = common, .git_dir = common},
		.git_dir = SK_STR_INIT,
		.index = SK_STR_INIT,
	};
	char id[SK_HEX_LEN + 1];
	int rc;

	/* where there is a work tree its attributes count */
	if (tree)
		rec.place = sk_worktree_place(repo, tree);
	sk_str_puts(&rec.git_dir, common);
	rc = sk_recording_begin(&rec, err);
	if (rc == 0)
		rc = check_nobody_has(repo, record->branch, err);
	if (rc == 0)
		sweep(&rec);
	for (int i = 0; rc == 0 || rc == AGAIN; i++) {
		if (i == SK_RECORD_TRIES) {
			rc = sk_fail(err, SK_EBUSY, "'%s' moves all the time",
				     record->branch);
			break;
		}
		rc = find_branch(&rec, err);
		if (rc == 0)
			rc = sk_recording_make_blobs(&rec, err);
		if (rc == 0)
			rc = make_commit(id, &rec, err);
		if (rc == 0)
			rc = move_branch(&rec, id, err);
		if (rc == 0)
			break;
		if (rc == AGAIN)
			sk_sleep_ms((unsigned)i);
	}
	if (rc == 0)
		rc = sk_oid_parse(out, id);
	sk_recording_end(&rec);
	return rc;
}
