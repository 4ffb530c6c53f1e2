/* SPDX-License-Identifier: MIT */
/* Which commands of git move a change, by their arguments. */
#include "git/moving.h"
#include "tests/unit/tap.h"

#define MOVES  SK_GIT_STEP_MOVES
#define MERGES SK_GIT_STEP_MERGES
#define REDOES SK_GIT_STEP_REDOES
#define PASS   SK_GIT_STEP_PASS
#define OTHER  SK_GIT_STEP_OTHER

#define ARGS(text) (text), sizeof(text)

int main(void)
{
	static const struct {
		const char *title, *args;
		size_t len;
		enum sk_git_step want;
	} cases[] = {
		{"a pick", ARGS("git\0cherry-pick\0-n\0side"), MOVES},
		{"with the path of git", ARGS("/usr/bin/git\0revert\0HEAD"),
		 MOVES},
		{"by git's own name for it", ARGS("/x/git-rebase\0-i"), MOVES},
		{"behind options and their values",
		 ARGS("git\0-C\0merge\0-c\0a=merge\0--no-pager\0stash\0pop"),
		 MOVES},
		{"a merge", ARGS("git\0merge\0cherry-pick"), MERGES},
		{"a merge of trees", ARGS("git\0merge-tree\0a\0b"), MERGES},
		{"a conflict made anew", ARGS("git\0checkout\0-m"), REDOES},
		{"git as it runs us", ARGS("git\0sk-eventlog\0merge"), PASS},
		{"a driver's shell", ARGS("sh\0-c\0git cherry-pick"), PASS},
		{"a script", ARGS("bash\0cherry-pick"), OTHER},
		{"nothing but options", ARGS("git\0-C"), OTHER},
		{"git alone", ARGS("git"), OTHER},
		{"no arguments", "", 0, OTHER},
		{"an empty one", ARGS(""), OTHER},
	};

	for (size_t i = 0; i < SK_COUNTOF(cases); i++)
		ok(sk_git_step_of(cases[i].args, cases[i].len) == cases[i].want,
		   "moving: %s", cases[i].title);
	return done_testing();
}
