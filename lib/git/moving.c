/* SPDX-License-Identifier: MIT */
#include "git/moving.h"

#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "git/sequence.h"

/* A shell or two, and git as it runs us, are between us and the command. */
enum { STEPS_MAX = 8 };

static bool is_in(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

/* The next argument; NULL at the end. */
static const char *next_arg(const char *arg, const char *end)
{
	arg += strlen(arg) + 1;
	return arg < end ? arg : NULL;
}

/* What git is told to do; NULL when it is not git, or is not told. */
static const char *find_verb(const char *args, const char *end)
{
	static const char *const with_value[] = {"-C",		"-c",
						 "--git-dir",	"--work-tree",
						 "--namespace", "--attr-source",
						 "--config-env"};
	const char *slash = strrchr(args, '/');
	const char *name = slash ? slash + 1 : args;
	const char *arg;

	if (strncmp(name, "git-", 4) == 0)
		return name + 4;
	if (strcmp(name, "git") != 0)
		return NULL;
	arg = next_arg(args, end);
	while (arg && *arg == '-') {
		if (is_in(arg, with_value, SK_COUNTOF(with_value)))
			arg = next_arg(arg, end);
		arg = arg ? next_arg(arg, end) : NULL;
	}
	return arg;
}

/* `sh -c`: anything else that a shell runs is a program of its own. */
static bool is_shell_line(const char *args, const char *end)
{
	const char *arg = next_arg(args, end);

	return arg && strcmp(arg, "-c") == 0;
}

enum sk_git_step sk_git_step_of(const char *args, size_t len)
{
	static const char *const moves[] = {"cherry-pick", "revert", "rebase",
					    "stash",	   "am",     "apply",
					    "replay"};
	static const char *const redoes[] = {"checkout", "switch", "restore"};
	static const char *const merges[] = {"merge",	   "pull",
					     "merge-tree", "merge-recursive",
					     "log",	   "show"};
	const char *end = args + len;
	const char *verb = len ? find_verb(args, end) : NULL;

	if (!verb)
		return len && is_shell_line(args, end) ? SK_GIT_STEP_PASS
						       : SK_GIT_STEP_OTHER;
	if (is_in(verb, moves, SK_COUNTOF(moves)))
		return SK_GIT_STEP_MOVES;
	if (is_in(verb, redoes, SK_COUNTOF(redoes)))
		return SK_GIT_STEP_REDOES;
	return is_in(verb, merges, SK_COUNTOF(merges)) ? SK_GIT_STEP_MERGES
						       : SK_GIT_STEP_PASS;
}

/* What the git that runs us does, as far as it can be seen. */
static enum sk_git_step find_command(void)
{
	enum sk_git_step step = SK_GIT_STEP_PASS;
	struct sk_str args = SK_STR_INIT;
	int64_t pid = getppid();

	for (int i = 0; i < STEPS_MAX && step == SK_GIT_STEP_PASS; i++) {
		sk_str_clear(&args);
		step = sk_process_args(&args, pid)
			       ? sk_git_step_of(args.ptr, args.len)
			       : SK_GIT_STEP_OTHER;
		pid = sk_process_parent(pid);
	}
	sk_str_free(&args);
	return step;
}

bool sk_git_moves_change(const char *git_dir)
{
	static const char *const traces[] = {"CHERRY_PICK_HEAD", "REVERT_HEAD",
					     "rebase-merge", "rebase-apply"};
	enum sk_git_step step = find_command();

	if (step == SK_GIT_STEP_MERGES || step == SK_GIT_STEP_MOVES)
		return step == SK_GIT_STEP_MOVES;
	for (size_t i = 0; i < SK_COUNTOF(traces); i++) {
		if (sk_git_dir_has(git_dir, traces[i]))
			return true;
	}
	return step == SK_GIT_STEP_REDOES &&
	       !sk_git_dir_has(git_dir, "MERGE_HEAD");
}
