/* SPDX-License-Identifier: MIT */
/*
 * What carrying out the plan of a merge is to be, for mergerecord*.bats:
 *
 *   mergeplan [-n] [-k] [<strategy> [<mission> [<into>]]]
 *
 * with -n as a dry run, with -k keeping branches, prints what is in the way,
 * the commit that the target gets, and of each ref from where it moves to
 * where.
 */
#include <stdio.h>

#include "merge/plan.h"

static void print(const struct sk_merge_plan *plan)
{
	for (size_t i = 0; i < plan->found.len; i++)
		printf("blocker %s: %s\n", plan->found.items[i].code,
		       plan->found.items[i].message.ptr);
	printf("commit %s\n", plan->commit);
	for (size_t i = 0; i < plan->ref_count; i++)
		printf("ref %s %s %s\n", plan->refs[i].ref, plan->refs[i].from,
		       plan->refs[i].to);
}

static int show(const struct sk_merge_wanted *wanted, struct sk_err *err)
{
	struct sk_merge_plan plan;
	struct sk_repo *repo = NULL;
	int rc;

	if (sk_repo_open_as_git(&repo, err) < 0)
		return -1;
	rc = sk_merge_plan_make(&plan, repo, wanted, err);
	if (rc == 0) {
		print(&plan);
		rc = !sk_merge_plan_is_ready(&plan);
	}
	sk_merge_plan_free(&plan);
	sk_repo_close(repo);
	return rc;
}

int main(int argc, char **argv)
{
	struct sk_merge_wanted wanted = {.mission = NULL};
	struct sk_err err = {0};
	int rc;

	for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
		wanted.is_dry |= argv[1][1] == 'n';
		wanted.keeps_branches |= argv[1][1] == 'k';
	}
	wanted.mission = argc > 2 ? argv[2] : NULL;
	wanted.into = argc > 3 ? argv[3] : NULL;
	rc = sk_merge_strategy_parse(&wanted.strategy,
				     argc > 1 ? argv[1] : NULL, &err);

	if (rc == 0)
		rc = show(&wanted, &err);
	if (rc < 0)
		fprintf(stderr, "mergeplan: %s\n", err.msg);
	return rc < 0 ? 128 : rc;
}
