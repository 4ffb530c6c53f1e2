/* SPDX-License-Identifier: MIT */
/*
 * Run git in a folder of our choice, whatever we were started from: what a
 * hook or an alias of git was told of its own repository, work tree and index
 * is kept from it.
 */
#ifndef SK_GIT_RUN_H
#define SK_GIT_RUN_H

#include "base/feed.h"

/* Where git is to work; borrowed. */
struct sk_git_place {
	const char *folder;    /* it runs there, and finds its repository */
	const char *git_dir;   /* or this is it; NULL: as found */
	const char *work_tree; /* that goes with it; NULL: none, or found */
	const char *index;     /* instead of the worktree's; NULL: that */
};

/*
 * Run `git <args>` there, args ended by NULL, with the `feed`'s input and, in
 * the place of our own, the variables of its environment (NULL: no input, or
 * none). Its output is appended to
 * *out, its complaints to *said; either may be NULL. Returns git's exit
 * status, or -1.
 */
int sk_git_run(struct sk_str *out, struct sk_str *said,
	       const struct sk_git_place *place, const struct sk_feed *feed,
	       const char *const args[], struct sk_err *err) SK_NODISCARD;

/* The same; any status but 0 is a failure, in git's words. Returns 0 or -1. */
int sk_git_must(struct sk_str *out, const struct sk_git_place *place,
		const struct sk_feed *feed, const char *const args[],
		struct sk_err *err) SK_NODISCARD;

/*
 * Fail with what git said: its first line that calls itself an error, else all
 * of them, in one; `what` in front. Returns -1.
 */
int sk_git_fail(struct sk_err *err, const char *what,
		const struct sk_str *said);

/*
 * A growing list of arguments; the strings are borrowed, the list owned: free()
 * args. Ended by NULL whenever it is looked at.
 */
struct sk_git_args {
	const char **args;
	size_t count, cap;
};

/* Append one; it is kept, not copied. */
void sk_git_args_add(struct sk_git_args *list, const char *arg);

#endif
