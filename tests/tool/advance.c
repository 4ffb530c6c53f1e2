/* SPDX-License-Identifier: MIT */
/*
 * A worktree that goes from one commit to another, as a program:
 *
 *   advance run|settle <folder> <from> <to>
 *
 * Exits 0, 2 for SK_EBUSY, 3 for SK_EDATA, 128.
 */
#include <stdio.h>
#include <string.h>

#include "git/advance.h"

static int go(struct sk_repo *repo, char **argv, struct sk_err *err)
{
	bool settles = strcmp(argv[1], "settle") == 0;
	struct sk_advance adv;
	int rc = sk_advance_begin(&adv, repo, argv[2], err);

	if (rc == 0)
		rc = settles ? sk_advance_settle(&adv, argv[3], argv[4], err)
			     : sk_advance_run(&adv, argv[3], argv[4], err);
	sk_advance_end(&adv);
	return rc;
}

int main(int argc, char **argv)
{
	struct sk_err err = {0};
	struct sk_repo *repo = NULL;
	int rc = argc == 5 ? sk_repo_open(&repo, &err)
			   : sk_fail(&err, SK_EUSAGE, "no such request");

	if (rc == 0)
		rc = go(repo, argv, &err);
	sk_repo_close(repo);
	if (rc == 0)
		return 0;
	fprintf(stderr, "error: %s\n", err.msg);
	if (err.hint[0])
		fprintf(stderr, "hint: %s\n", err.hint);
	return err.code == SK_EBUSY ? 2 : err.code == SK_EDATA ? 3 : 128;
}
