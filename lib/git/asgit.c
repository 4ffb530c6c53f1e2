/* SPDX-License-Identifier: MIT */
/* Apart from repo.c, so that a program that does not want libgit2 has none. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool is_ours(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_uid == geteuid();
}

/*
 * Then git has no question either. Anything else is for git to judge, which
 * knows safe.directory and sudo; so is what its tests pretend.
 */
static bool is_all_ours(const struct sk_layout *layout)
{
	struct sk_str link = SK_STR_INIT;
	bool ours = is_ours(layout->git_dir) && is_ours(layout->common_dir);

	if (layout->work_tree) {
		sk_str_addf(&link, "%s/.git", layout->work_tree);
		ours = ours && is_ours(layout->work_tree) && is_ours(link.ptr);
		sk_str_free(&link);
	}
	return ours && !getenv("GIT_TEST_ASSUME_DIFFERENT_OWNER");
}

static int ask_git(struct sk_err *err)
{
	static const char *const argv[] = {"git", "rev-parse", "--git-dir",
					   NULL};
	struct sk_str said = SK_STR_INIT;
	int rc = sk_spawn_read(NULL, &said, argv, 1u << 16, err);

	if (rc > 0 && strstr(said.ptr, "safe.directory"))
		rc = fail_as_git(err, &said);
	sk_str_free(&said);
	return rc < 0 ? -1 : 0;
}

int sk_repo_open_as_git(struct sk_repo **out, struct sk_err *err)
{
	struct sk_layout layout;
	struct sk_err ignored = {0};
	bool ask = true;

	if (sk_layout_find(&layout, &ignored) == 0) {
		ask = !is_all_ours(&layout);
		sk_layout_free(&layout);
	}
	if (ask && ask_git(err) < 0)
		return -1;
	return sk_repo_open_by(out, &sk_source_git2, err);
}
