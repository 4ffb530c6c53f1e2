/* SPDX-License-Identifier: MIT */
/* What the tests of lib/git share: a folder to work in, and git's own word. */
#ifndef SK_TESTS_UNIT_GITBOX_H
#define SK_TESTS_UNIT_GITBOX_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/spawn.h"
#include "base/str.h"
#include "tests/unit/tap.h"

static struct sk_str gitbox_dir = SK_STR_INIT;

/* Run a shell script; what it prints, owned. Ends the test when it fails. */
static inline struct sk_str shell(const char *script)
{
	struct sk_str out = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_err err = {0};
	int rc = sk_spawn_read(&out, &said,
			       (const char *const[]){"sh", "-ec", script, NULL},
			       1u << 28, &err);

	if (rc != 0) {
		printf("Bail out! %s%s: %s\n", err.msg, said.ptr, script);
		exit(1);
	}
	sk_str_free(&said);
	return out;
}

static inline void run_shell(const char *script)
{
	struct sk_str out = shell(script);

	sk_str_free(&out);
}

/* A new folder, which is the working folder from here on. */
static inline void gitbox_start(void)
{
	const char *tmp = getenv("TMPDIR");

	sk_str_addf(&gitbox_dir, "%s/sk-git-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(gitbox_dir.ptr) || chdir(gitbox_dir.ptr) < 0)
		abort();
	setenv("HOME", gitbox_dir.ptr, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_AUTHOR_NAME", "A", 1);
	setenv("GIT_AUTHOR_EMAIL", "a@example.com", 1);
	setenv("GIT_COMMITTER_NAME", "A", 1);
	setenv("GIT_COMMITTER_EMAIL", "a@example.com", 1);
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
}

static inline void gitbox_end(void)
{
	struct sk_str script = SK_STR_INIT;

	sk_str_puts(&script, "rm -rf ");
	sk_str_add_quoted(&script, gitbox_dir.ptr);
	run_shell(script.ptr);
	sk_str_free(&script);
	sk_str_free(&gitbox_dir);
}

#endif
