/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "git/headfile.h"
#include "git/recordpart.h"
#include "git/worktrees.h"

int sk_recording_find(struct sk_recording *rec, struct sk_err *err)
{
	const char *folder = rec->record->folder;
	const char *ours = sk_repo_work_tree(rec->repo);
	struct sk_str said = SK_STR_INIT;
	const char *dir;
	int rc;

	rec->place = sk_worktree_place(rec->repo, folder);
	rec->is_ours = ours && strcmp(ours, folder) == 0;
	if (rec->is_ours) {
		sk_str_puts(&rec->git_dir, sk_repo_git_dir(rec->repo));
		return 0;
	}
	rc = sk_git_must(&said, &rec->place, NULL,
			 (const char *const[]){"rev-parse", "--show-prefix",
					       "--absolute-git-dir", NULL},
			 err);
	dir = strchr(said.ptr, '\n');
	if (rc == 0 && (!dir || dir != said.ptr))
		rc = sk_fail(err, SK_EFAIL, "'%s' is not the top of a worktree",
			     folder);
	if (rc == 0) {
		sk_str_puts(&rec->git_dir, dir + 1);
		sk_str_cut(&rec->git_dir, rec->git_dir.len - 1);
	}
	sk_str_free(&said);
	return rc;
}

/* Whether the file says so: git is asked about all else. */
static bool is_on(const char *git_dir, const char *branch)
{
	struct sk_str name = SK_STR_INIT;
	bool is = sk_head_branch(&name, git_dir) == 0 &&
		  strcmp(name.ptr, sk_branch_name(branch)) == 0;

	sk_str_free(&name);
	return is;
}

int sk_recording_check_head(const struct sk_recording *rec, struct sk_err *err)
{
	const char *folder = rec->place.folder, *branch = rec->record->branch;
	const char *what = sk_worktree_under_way(rec->repo, rec->git_dir.ptr);
	struct sk_str head = SK_STR_INIT;
	int rc;

	if (what) {
		sk_fail(err, SK_EFAIL, "%s is under way in '%s'", what, folder);
		return sk_hint(err, "end it first, or give it up:"
				    " 'git status' says how");
	}
	if (is_on(rec->git_dir.ptr, branch))
		return 0;
	rc = sk_git_run(
		&head, NULL, &rec->place, NULL,
		(const char *const[]){"symbolic-ref", "-q", "HEAD", NULL}, err);
	sk_str_rtrim(&head);
	if (rc > 0)
		rc = sk_fail(err, SK_EFAIL, "HEAD is detached in '%s'", folder);
	else if (rc == 0 && strcmp(head.ptr, branch) != 0)
		rc = sk_fail(err, SK_EFAIL, "'%s' is on '%s', not on '%s'",
			     folder, head.ptr, branch);
	if (rc < 0)
		sk_hint(err, "run 'git switch %s' there",
			sk_branch_name(branch));
	sk_str_free(&head);
	return rc;
}
