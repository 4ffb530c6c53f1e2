/* SPDX-License-Identifier: MIT */
#include "git/alternates.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	DEPTH_MAX = 5,	    /* as in git */
	FILE_MAX = 1 << 20, /* info/alternates */
};

struct visit {
	sk_objects_fn *each;
	void *ctx;
};

static int visit_dir(const struct visit *visit, const char *dir, int depth);

/* Paths one in a line, seen from the folder of objects that names them. */
static int visit_borrowed(const struct visit *visit, const char *dir, int depth)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};
	char *line, *save = NULL;
	int rc = 0;

	sk_str_addf(&path, "%s/info/alternates", dir);
	if (sk_file_read(&text, path.ptr, FILE_MAX, &ignored) != 0)
		sk_str_clear(&text);
	for (line = strtok_r(text.ptr, "\n", &save); line && rc == 0;
	     line = strtok_r(NULL, "\n", &save)) {
		if (*line == '#')
			continue;
		sk_str_clear(&path);
		if (*line != '/')
			sk_str_addf(&path, "%s/", dir);
		sk_str_puts(&path, line);
		rc = visit_dir(visit, path.ptr, depth + 1);
	}
	sk_str_free(&text);
	sk_str_free(&path);
	return rc;
}

static int visit_dir(const struct visit *visit, const char *dir, int depth)
{
	int rc = depth > DEPTH_MAX ? 0 : visit->each(visit->ctx, dir);

	return rc || depth > DEPTH_MAX ? rc : visit_borrowed(visit, dir, depth);
}

int sk_objects_each(const struct sk_layout *layout, sk_objects_fn *each,
		    void *ctx)
{
	const char *at = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	struct visit visit = {each, ctx};
	int rc = visit_dir(&visit, layout->objects_dir, 0);

	while (rc == 0 && at && *at) {
		size_t len = strcspn(at, ":");
		char *dir = sk_strndup(at, len);

		if (len)
			rc = visit_dir(&visit, dir, 1);
		free(dir);
		at += len + (at[len] == ':');
	}
	return rc;
}
