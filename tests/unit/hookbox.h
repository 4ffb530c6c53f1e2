/* SPDX-License-Identifier: MIT */
/*
 * What the tests of hook files share: a folder of their own, files in it, and
 * a hook that is run as git runs it, its streams kept.
 */
#ifndef SK_TESTS_UNIT_HOOKBOX_H
#define SK_TESTS_UNIT_HOOKBOX_H

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/unit/tap.h"

static struct sk_str box; /* the folder */

/* A path in the folder, borrowed until the eighth call after this one. */
static inline const char *SK_PRINTF(1, 2) at(const char *fmt, ...)
{
	static struct sk_str paths[8];
	static unsigned next;
	struct sk_str *path = &paths[next++ % SK_COUNTOF(paths)];
	va_list args;

	if (!path->cap)
		*path = (struct sk_str)SK_STR_INIT;
	sk_str_clear(path);
	sk_str_addf(path, "%s/", box.ptr);
	va_start(args, fmt);
	sk_str_vaddf(path, fmt, args);
	va_end(args);
	return path->ptr;
}

static inline void must(bool worked, const char *what)
{
	if (worked)
		return;
	printf("Bail out! %s\n", what);
	exit(1);
}

/* A file with this text and mode, folders in front of it made. */
static inline void put_bytes(const char *path, const char *text, size_t len,
			     mode_t mode)
{
	FILE *file;

	unlink(path);
	file = fopen(path, "we");
	must(file && fwrite(text, 1, len, file) == len && fclose(file) == 0 &&
		     chmod(path, mode) == 0,
	     path);
}

static inline void put_file(const char *path, const char *text, mode_t mode)
{
	put_bytes(path, text, strlen(text), mode);
}

/* All of a file; "" when there is none. Owned by the caller. */
static inline char *slurp(const char *path)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_file_read(&text, path, 64u << 20, &err) < 0)
		sk_str_clear(&text);
	return sk_str_take(&text);
}

/* Whether the file says just this; shows both when it does not. */
static inline bool says(const char *path, const char *want, const char *name)
{
	char *got = slurp(path);
	bool same = is(got, want, name);

	free(got);
	return same;
}

/* Run argv with its streams in files of the folder. Returns wait's status. */
static inline int run_with(const char *const argv[], const char *input)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		int in = open(input, O_RDONLY);
		int out = open(at("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
		int err = open(at("err"), O_CREAT | O_TRUNC | O_WRONLY, 0600);

		dup2(in, 0);
		dup2(out, 1);
		dup2(err, 2);
		/* as git: a text without a first line is for sh */
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	return status;
}

static inline int remove_one(const char *path, const struct stat *st, int type,
			     struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void empty_folder(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	must(mkdir(path, 0755) == 0, path);
}

static inline void box_start(void)
{
	const char *tmp = getenv("TMPDIR");

	umask(022);
	box = (struct sk_str)SK_STR_INIT;
	sk_str_addf(&box, "%s/sk-hooks-XXXXXX", tmp ? tmp : "/tmp");
	must(mkdtemp(box.ptr), box.ptr);
}

static inline void box_end(void)
{
	empty_folder(box.ptr);
	rmdir(box.ptr);
	sk_str_free(&box);
}

#endif
