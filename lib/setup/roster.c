/* SPDX-License-Identifier: MIT */
#include "setup/roster.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/home.h"

enum { ROSTER_MAX = 16 << 20, LOCK_WAIT_MS = 2000 };

/* A path as one line: a line feed in it is \n, a backslash \\. */
static void add_line(struct sk_str *out, const char *path)
{
	for (; *path; path++) {
		if (*path == '\n')
			sk_str_puts(out, "\\n");
		else if (*path == '\\')
			sk_str_puts(out, "\\\\");
		else
			sk_str_putc(out, *path);
	}
	sk_str_putc(out, '\n');
}

static void read_line(struct sk_str *path, const char *line, size_t len)
{
	sk_str_clear(path);
	for (size_t i = 0; i < len; i++) {
		if (line[i] != '\\' || i + 1 == len)
			sk_str_putc(path, line[i]);
		else
			sk_str_putc(path, line[++i] == 'n' ? '\n' : line[i]);
	}
}

static int each_line(const struct sk_str *text, sk_roster_fn *each, void *ctx)
{
	const char *at = text->ptr, *end = at + text->len;
	struct sk_str path = SK_STR_INIT;
	int rc = 0;

	while (rc == 0 && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop ? stop : end) - at);

		read_line(&path, at, len);
		if (path.len)
			rc = each(ctx, path.ptr);
		at += len + 1;
	}
	sk_str_free(&path);
	return rc;
}

struct edit {
	const char *common; /* goes, or goes to the end */
	struct sk_str text;
};

static int copy_others(void *ctx, const char *common)
{
	struct edit *e = ctx;

	if (strcmp(common, e->common) != 0)
		add_line(&e->text, common);
	return 0;
}

static int has_it(void *ctx, const char *common)
{
	return strcmp(ctx, common) == 0;
}

/* Under the lock: read, change, write. */
static int change(const char *path, const char *common, bool want,
		  struct sk_err *err)
{
	struct edit e = {.common = common, .text = SK_STR_INIT};
	struct sk_str old = SK_STR_INIT;
	int rc = sk_file_read(&old, path, ROSTER_MAX, err);

	if (rc >= 0 && each_line(&old, has_it, (void *)common) == want) {
		rc = 0;
	} else if (rc >= 0) {
		each_line(&old, copy_others, &e);
		if (want)
			add_line(&e.text, common);
		rc = sk_file_write(path, e.text.ptr, e.text.len, 0600, err);
	}
	sk_str_free(&e.text);
	sk_str_free(&old);
	return rc;
}

/* By its real path, or one folder could stand there under two names. */
static int edit_roster(const char *folder, bool want, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, lock = SK_STR_INIT;
	char real[PATH_MAX];
	const char *common = realpath(folder, real) ? real : folder;
	int fd = -1, rc = -1;

	if (sk_home_make(err) == 0 &&
	    sk_home_path(&path, "repositories", err) == 0 &&
	    sk_home_path(&lock, "repositories.lock", err) == 0)
		fd = sk_lock(lock.ptr, LOCK_WAIT_MS, err);
	if (fd >= 0)
		rc = change(path.ptr, common, want, err);
	sk_unlock(fd);
	sk_str_free(&lock);
	sk_str_free(&path);
	return rc;
}

int sk_roster_add(const char *common, struct sk_err *err)
{
	return edit_roster(common, true, err);
}

int sk_roster_remove(const char *common, struct sk_err *err)
{
	return edit_roster(common, false, err);
}

int sk_roster_each(sk_roster_fn *each, void *ctx, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int rc = sk_home_path(&path, "repositories", err);

	if (rc == 0)
		rc = sk_file_read(&text, path.ptr, ROSTER_MAX, err);
	if (rc == 0)
		rc = each_line(&text, each, ctx);
	else if (rc > 0)
		rc = 0; /* none was ever set up */
	sk_str_free(&text);
	sk_str_free(&path);
	return rc;
}
