/* SPDX-License-Identifier: MIT */
/* The branch of HEAD, by its file: what it says in every form git knows. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "git/headfile.h"
#include "tests/unit/tap.h"

static const struct {
	const char *text;
	size_t len;
	int rc;
	const char *branch;
} cases[] = {
	{"ref: refs/heads/main\n", 21, 0, "main"},
	{"ref: refs/heads/main", 20, 0, "main"},
	{"ref: refs/heads/main\r\n", 22, 0, "main"},
	{"ref:refs/heads/main\n", 20, 0, "main"},
	{"ref:\t refs/heads/a/b c\n", 23, 0, "a/b c"},
	{"ref: refs/heads/\xff\xfe\n", 19, 0, "\xff\xfe"},
	{"ref: refs/remotes/origin/main\n", 30, 1, ""},
	{"ref: refs/heads/.invalid\n", 25, -1, ""},
	{"1234567890123456789012345678901234567890\n", 41, 1, ""},
	{"ref: refs/heads/main\0x\n", 23, 0, "main"},
	{"\357\273\277ref: refs/heads/main\n", 24, 1, ""},
	{"", 0, 1, ""},
};

int main(void)
{
	char dir[] = "/tmp/t-headfile-XXXXXX", path[PATH_MAX];
	struct sk_str branch = SK_STR_INIT;
	struct sk_err err = {0};
	char *much = calloc(1, 5000);

	if (!mkdtemp(dir) || !much)
		abort();
	snprintf(path, sizeof(path), "%s/HEAD", dir);
	ok(sk_head_branch(&branch, dir) == -1, "head: none does not tell");
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		if (sk_file_write_unsynced(path, cases[i].text, cases[i].len,
					   0644, &err) < 0)
			abort();
		ok(sk_head_branch(&branch, dir) == cases[i].rc,
		   "head: case %zu", i);
		is(branch.ptr, cases[i].branch, "head: its branch");
	}
	memset(much, 'a', 4999);
	if (sk_file_write_unsynced(path, much, 5000, 0644, &err) < 0)
		abort();
	ok(sk_head_branch(&branch, dir) == -1, "head: too long");
	unlink(path);
	if (symlink("refs/heads/old", path) < 0)
		abort();
	ok(sk_head_branch(&branch, dir) == 0, "head: a link");
	is(branch.ptr, "old", "head: where it leads");
	unlink(path);
	if (mkdir(path, 0700) < 0)
		abort();
	ok(sk_head_branch(&branch, dir) == -1, "head: a folder");
	rmdir(path);
	rmdir(dir);
	sk_str_free(&branch);
	free(much);
	return done_testing();
}
