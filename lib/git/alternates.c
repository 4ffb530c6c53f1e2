/* SPDX-License-Identifier: MIT */
#include "git/alternates.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"

enum {
	DEPTH_MAX = 5,	    /* as in git */
	FILE_MAX = 1 << 20, /* info/alternates */
};

struct visit {
	sk_objects_fn *each;
	void *ctx;
};

/* The byte that a backslash and what follows it mean; -1 when none. */
static int unescape(const char **at)
{
	static const char letters[] = "abfnrtv\\\"";
	static const char meant[] = "\a\b\f\n\r\t\v\\\"";
	const char *text = *at, *found;

	if (*text >= '0' && *text <= '3' && text[1] >= '0' && text[1] <= '7' &&
	    text[2] >= '0' && text[2] <= '7') {
		*at += 3;
		return (text[0] - '0') << 6 | (text[1] - '0') << 3 |
		       (text[2] - '0');
	}
	found = *text ? strchr(letters, *text) : NULL;
	if (!found)
		return -1;
	*at += 1;
	return (unsigned char)meant[found - letters];
}

/* A path in quotes, which end it. Returns where; NULL: these are none. */
static const char *parse_quoted(struct sk_str *out, const char *at)
{
	for (at++; *at && *at != '"'; at++) {
		int c = (unsigned char)*at;

		if (c == '\\') {
			at++;
			c = unescape(&at);
			at--;
		}
		if (c < 0)
			return NULL;
		sk_str_putc(out, (char)c);
	}
	return *at ? at + 1 : NULL;
}

/*
 * One path of a list, as git reads it: quoted, if it has to be, as in C. A
 * comment is empty. Returns where the next one begins.
 */
static const char *parse_entry(struct sk_str *out, const char *at,
			       const char *separator)
{
	const char *end = NULL;

	sk_str_clear(out);
	if (*at == '"')
		end = parse_quoted(out, at);
	if (!end) {
		end = at + strcspn(at, separator);
		sk_str_clear(out);
		if (*at != '#')
			sk_str_add(out, at, (size_t)(end - at));
	}
	return end + (*end != '\0');
}

static int visit_dir(const struct visit *visit, const char *dir, int depth);

/* Paths one in a line, seen from the folder of objects that names them. */
static int visit_borrowed(const struct visit *visit, const char *dir, int depth)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT,
		      entry = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *at;
	int rc = 0;

	sk_str_addf(&path, "%s/info/alternates", dir);
	if (sk_file_read(&text, path.ptr, FILE_MAX, &ignored) != 0)
		sk_str_clear(&text);
	for (at = text.ptr; *at && rc == 0;) {
		at = parse_entry(&entry, at, "\n");
		if (!entry.len)
			continue;
		sk_str_clear(&path);
		if (entry.ptr[0] != '/')
			sk_str_addf(&path, "%s/", dir);
		sk_str_puts(&path, entry.ptr);
		rc = visit_dir(visit, path.ptr, depth + 1);
	}
	sk_str_free(&entry);
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
	struct sk_str entry = SK_STR_INIT;
	struct visit visit = {each, ctx};
	int rc = visit_dir(&visit, layout->objects_dir, 0);

	while (rc == 0 && at && *at) {
		at = parse_entry(&entry, at, ":");
		if (entry.len)
			rc = visit_dir(&visit, entry.ptr, 1);
	}
	sk_str_free(&entry);
	return rc;
}
