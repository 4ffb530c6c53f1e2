/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>

#include "base/home.h"
#include "base/spawn.h"
#include "front/hook.h"
#include "front/hookstart.h"
#include "git/headfile.h"
#include "mission/names.h"

static const char event[] = "pre-commit";

/* No branch of a lane; whatever the file of HEAD does not tell may be one. */
static bool is_elsewhere(void)
{
	const char *git_dir = sk_hook_git_dir();
	struct sk_str branch = SK_STR_INIT;
	bool elsewhere = false;
	int rc;

	if (git_dir) {
		rc = sk_head_branch(&branch, git_dir);
		elsewhere =
			rc > 0 || (rc == 0 && !sk_branch_has_lane(branch.ptr));
	}
	sk_str_free(&branch);
	return elsewhere;
}

/*
 * Waited for, not become: where it cannot be loaded, or dies, its status is not
 * an answer, and no reason to stop a commit.
 */
static int ask(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int status = sk_sibling_path(&path, "commitguard", err);

	if (status == 0)
		status = sk_spawn_run(
			path.ptr, (const char *const[]){path.ptr, NULL}, err);
	if (status > 1)
		status = sk_fail(err, SK_EFAIL, "'%s' ended with status %d",
				 path.ptr, status);
	sk_str_free(&path);
	return status;
}

int sk_hook_guard(void)
{
	struct sk_err err = {0};
	int status;

	if (sk_hook_is_switched_off(event) || is_elsewhere())
		return 0;
	/* a warning that nobody reads is no reason to stop a commit either */
	signal(SIGPIPE, SIG_IGN);
	status = ask(&err);
	if (status < 0)
		fprintf(stderr,
			"warning: %s hook: what is staged is not looked at:"
			" %s\n",
			event, err.msg);
	return status == 1;
}
