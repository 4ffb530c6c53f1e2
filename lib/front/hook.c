/* SPDX-License-Identifier: MIT */
#include "front/hook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/home.h"
#include "base/now.h"
#include "base/spawn.h"
#include "base/str.h"
#include "front/hookstart.h"
#include "git/glance.h"
#include "git/sequence.h"
#include "outbox/backlog.h"
#include "setup/confighook.h"
#include "setup/look.h"
#include "setup/text.h"

/*
 * git-sk 0.1.0 made the hook a link to this program, which ran the kept one
 * itself. Such a link goes on working until the next git sk-setup; a copy of
 * that program, kept as if it were somebody's hook, would start itself for
 * ever. Returns the kept hook's status.
 */
static int run_kept(char **argv)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_hook_look look;
	struct sk_err err = {0};
	int status = 0;

	sk_str_addf(&path, "%s%s", argv[0], SK_KEPT_SUFFIX);
	if (strchr(argv[0], '/') && access(path.ptr, X_OK) == 0) {
		sk_hook_look(&look, path.ptr);
		if (look.is == SK_HOOK_FOREIGN)
			status = sk_spawn_run(path.ptr,
					      (const char *const *)argv, &err);
		sk_hook_look_free(&look);
	}
	if (status < 0) {
		fprintf(stderr, "warning: %s\n", err.msg);
		status = 1;
	}
	sk_str_free(&path);
	return status;
}

/*
 * A hook of the global scope runs in every repository of its person: most have
 * no missions and never had any, and that must cost nothing.
 */
static bool is_none_of_ours(const char *git_dir)
{
	return sk_confighook_is_global() && access("kitty-specs", F_OK) < 0 &&
	       !sk_stamp_exists(git_dir);
}

static bool is_end_of_rebase(const char *event, int argc, char **argv)
{
	return strcmp(event, "post-rewrite") == 0 && argc > 1 &&
	       strcmp(argv[1], "rebase") == 0;
}

/* See githooks(5): the commit that was left, the new one, "0" for files. */
static bool is_checkout(const char *event)
{
	return strcmp(event, "post-checkout") == 0;
}

static bool is_checkout_of_files(const char *event, int argc, char **argv)
{
	return is_checkout(event) && argc > 3 && strcmp(argv[3], "0") == 0;
}

int sk_hook_watch(const char *event, int argc, char **argv)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};
	int status = run_kept(argv);
	const char *git_dir, *left;
	char number[16];

	if (sk_hook_is_switched_off(event) ||
	    is_checkout_of_files(event, argc, argv))
		return status;
	left = is_checkout(event) && argc > 1 ? argv[1] : NULL;
	git_dir = sk_hook_git_dir();
	if (git_dir) {
		if (is_none_of_ours(git_dir))
			return status;
		if (sk_git_dir_in_sequence(git_dir) &&
		    !is_end_of_rebase(event, argc, argv)) {
			/* what is left is not looked at, so nothing may say
			   that it was */
			if (left && sk_stamp_exists(git_dir))
				sk_stamp_spoil(git_dir);
			return status;
		}
		if (sk_glance_is_idle(git_dir, left) &&
		    !sk_backlog_due(sk_now_ms()))
			return status;
	}
	if (sk_sibling_path(&path, "capture", &err) == 0) {
		snprintf(number, sizeof(number), "%d", status);
		execv(path.ptr,
		      (char *[]){path.ptr, (char *)event, number, NULL});
		sk_fail_errno(&err, errno, "cannot run '%s'", path.ptr);
	}
	fprintf(stderr, "warning: %s hook: %s\n", event, err.msg);
	sk_str_free(&path);
	return status;
}
