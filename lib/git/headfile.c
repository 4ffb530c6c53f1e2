/* SPDX-License-Identifier: MIT */
#include "git/headfile.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { HEAD_MAX = 4096 };

static const char prefix[] = "refs/heads/";

const char *sk_branch_name(const char *ref)
{
	size_t len = strlen(prefix);

	return strncmp(ref, prefix, len) == 0 ? ref + len : ref;
}

/* A symbolic link is how HEAD began, and git still reads it. */
static bool read_link(struct sk_str *text, const char *path)
{
	char target[HEAD_MAX];
	ssize_t len = readlink(path, target, sizeof(target));

	if (len <= 5 || memcmp(target, "refs/", 5) != 0)
		return false;
	sk_str_puts(text, "ref: ");
	sk_str_add(text, target, (size_t)len);
	return true;
}

int sk_head_branch(struct sk_str *branch, const char *git_dir)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *name;
	int rc = -1;

	sk_str_clear(branch);
	sk_str_addf(&path, "%s/HEAD", git_dir);
	if (!read_link(&text, path.ptr) &&
	    sk_file_read(&text, path.ptr, HEAD_MAX, &ignored) != 0)
		goto out;
	sk_str_rtrim(&text);
	rc = 1;
	if (strncmp(text.ptr, "ref:", 4) != 0)
		goto out;
	name = text.ptr + 4 + strspn(text.ptr + 4, " \t");
	if (strncmp(name, prefix, strlen(prefix)) != 0)
		goto out;
	/* no branch is called that: the refs are a table, and only git reads
	   it */
	rc = strcmp(name, "refs/heads/.invalid") == 0 ? -1 : 0;
	if (rc == 0)
		sk_str_puts(branch, name + strlen(prefix));
out:
	sk_str_free(&text);
	sk_str_free(&path);
	return rc;
}
