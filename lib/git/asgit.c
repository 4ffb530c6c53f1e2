/* SPDX-License-Identifier: MIT */
/* Apart from repo.c, so that a program that does not want libgit2 has none. */
#include <string.h>

#include "base/spawn.h"
#include "git/source.h"

/* "fatal: <why>", and below it, behind a tab, what git would have one type. */
static int fail_as_git(struct sk_err *err, const struct sk_str *said)
{
	const char *text = said->ptr, *line;
	size_t len;

	if (strncmp(text, "fatal: ", 7) == 0)
		text += 7;
	len = strcspn(text, "\n");
	sk_fail(err, SK_EFAIL, "%.*s", (int)(len > 400 ? 400 : len), text);
	line = strstr(text, "\n\t");
	if (line)
		sk_hint(err, "if you trust its owner, run '%.*s'",
			(int)strcspn(line + 2, "\n"), line + 2);
	return -1;
}

int sk_repo_open_as_git(struct sk_repo **out, struct sk_err *err)
{
	static const char *const argv[] = {"git", "rev-parse", "--git-dir",
					   NULL};
	struct sk_str said = SK_STR_INIT;
	int rc = sk_spawn_read(NULL, &said, argv, 1u << 16, err);

	if (rc > 0 && strstr(said.ptr, "safe.directory"))
		rc = fail_as_git(err, &said);
	sk_str_free(&said);
	return rc < 0 ? -1 : sk_repo_open_by(out, &sk_source_git2, err);
}
