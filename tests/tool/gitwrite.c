/* SPDX-License-Identifier: MIT */
/*
 * The writing part of lib/git as a program, for record.bats and worktrees.bats:
 *
 *   gitwrite commit <branch> <folder|-> <base|-> <message> <path>=<file>...
 *   gitwrite mend <folder>
 *   gitwrite add <folder> <branch> <from> <base|-> [<start>]
 *   gitwrite add-back <folder> <branch> <from> <base|-> [<start>]
 *   gitwrite exclude <pattern>
 *
 * <path>- removes it, <path>+<file> makes it executable. Prints the commit, or
 * "nothing"; exits 0, 1 for nothing, 2 for SK_EBUSY, 128. add-back waits
 * for its input before it takes back what it has made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "git/exclude.h"
#include "git/record.h"
#include "git/worktreeadd.h"

static int report(int rc, const struct sk_err *err)
{
	if (rc >= 0)
		return rc;
	fprintf(stderr, "error: %s\n", err->msg);
	if (err->hint[0])
		fprintf(stderr, "hint: %s\n", err->hint);
	return err->code == SK_EBUSY ? 2 : 128;
}

/* `<path>=<file>`, `<path>+<file>` or `<path>-`. */
static int parse_file(struct sk_record_file *out, struct sk_str *bytes,
		      char *arg, struct sk_err *err)
{
	size_t len = strlen(arg), name = strcspn(arg, "=+");

	*out = (struct sk_record_file){.path = arg};
	if (arg[name]) {
		out->mode = arg[name] == '+' ? 0755 : 0;
		arg[name] = '\0';
		if (sk_file_read(bytes, arg + name + 1, 1u << 30, err) != 0)
			return -1;
		out->data = bytes->ptr;
		out->len = bytes->len;
	} else {
		arg[len - 1] = '\0';
		out->is_gone = true;
	}
	return 0;
}

static const char *given(const char *arg)
{
	return strcmp(arg, "-") == 0 ? NULL : arg;
}

static int commit(struct sk_repo *repo, int argc, char **argv,
		  struct sk_err *err)
{
	struct sk_record record = {.branch = argv[0],
				   .folder = given(argv[1]),
				   .message = argv[3]};
	size_t count = (size_t)argc - 4;
	struct sk_record_file *files = sk_calloc(count + 1, sizeof(*files));
	struct sk_str *bytes = sk_calloc(count + 1, sizeof(*bytes));
	char hex[SK_HEX_LEN + 1];
	struct sk_oid base, id;
	int rc = 0;

	if (given(argv[2])) {
		rc = sk_repo_resolve(repo, argv[2], &base, err);
		record.base = &base;
	}
	for (size_t i = 0; i < count && rc == 0; i++) {
		bytes[i] = (struct sk_str)SK_STR_INIT;
		rc = parse_file(&files[i], &bytes[i], argv[4 + i], err);
	}
	record.files = files;
	record.count = count;
	if (rc == 0)
		rc = sk_record_commit(&id, repo, &record, err);
	if (rc == 0)
		sk_oid_hex(hex, &id);
	if (rc >= 0)
		puts(rc ? "nothing" : hex);
	for (size_t i = 0; i < count; i++)
		free(bytes[i].cap ? bytes[i].ptr : NULL);
	free(bytes);
	free(files);
	return rc;
}

static int add(struct sk_repo *repo, char **argv, bool takes_back,
	       struct sk_err *err)
{
	const struct sk_worktree_wanted wanted = {
		.folder = argv[0],
		.branch = argv[1],
		.from = argv[2],
		.base = given(argv[3]),
		.start = argv[4],
		.home = "main",
	};
	struct sk_worktree_added added;
	int rc = sk_worktree_add(&added, repo, &wanted, err);

	if (rc >= 0)
		puts(rc ? "there" : "made");
	if (rc < 0 || !takes_back)
		return rc;
	getchar();
	return sk_worktree_take_back(repo, &wanted, &added, err);
}

int main(int argc, char **argv)
{
	struct sk_err err = {0};
	struct sk_repo *repo = NULL;
	int rc = sk_repo_open(&repo, &err);

	if (rc == 0 && argc >= 6 && strcmp(argv[1], "commit") == 0)
		rc = commit(repo, argc - 2, argv + 2, &err);
	else if (rc == 0 && argc == 3 && strcmp(argv[1], "mend") == 0)
		rc = sk_record_mend(repo, argv[2], &err);
	else if (rc == 0 && argc >= 6 && strncmp(argv[1], "add", 3) == 0)
		rc = add(repo, argv + 2, argv[1][3] == '-', &err);
	else if (rc == 0 && argc == 3 && strcmp(argv[1], "exclude") == 0)
		rc = sk_exclude_add(repo, argv[2], &err);
	else if (rc == 0)
		rc = sk_fail(&err, SK_EUSAGE, "no such request");
	sk_repo_close(repo);
	return report(rc, &err);
}
