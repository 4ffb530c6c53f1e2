/* SPDX-License-Identifier: MIT */
#include "git/glance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/trace.h"
#include "git/loose.h"

#define STAMP_NAME  "sk-stamp"
#define STAMP_FORM  "git-sk 1 %64[0-9a-f] %64[0-9a-f] %64[0-9a-f-]\n"
#define NO_MISSIONS "-" /* in the file, where no id can be empty */

enum {
	TEXT_MAX = 4096,      /* HEAD, a ref, commondir, the stamp */
	OBJECT_MAX = 4 << 20, /* an object, unpacked */
};

/* Read a small file and cut the end of its line. */
static bool read_text(struct sk_str *out, const char *dir, const char *name)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc;

	sk_str_clear(out);
	sk_str_addf(&path, "%s/%s", dir, name);
	rc = sk_file_read(out, path.ptr, TEXT_MAX, &ignored);
	sk_str_free(&path);
	sk_str_rtrim(out);
	return rc == 0;
}

static bool read_stamp(struct sk_stamp *stamp, const char *git_dir)
{
	struct sk_str text = SK_STR_INIT;
	bool ok;

	*stamp = (struct sk_stamp){0};
	ok = read_text(&text, git_dir, STAMP_NAME) &&
	     sscanf(text.ptr, STAMP_FORM, stamp->tip, stamp->tree,
		    stamp->missions) == 3;
	if (ok && strcmp(stamp->missions, NO_MISSIONS) == 0)
		stamp->missions[0] = '\0';
	sk_str_free(&text);
	return ok;
}

mode_t sk_git_file_mode(const char *git_dir)
{
	struct sk_str path = SK_STR_INIT;
	mode_t mode = 0644;
	struct stat st;

	sk_str_addf(&path, "%s/HEAD", git_dir);
	if (stat(path.ptr, &st) == 0)
		mode = (st.st_mode & 0666) | 0600;
	sk_str_free(&path);
	return mode;
}

void sk_stamp_write(const char *git_dir, const struct sk_stamp *stamp)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};

	sk_str_addf(&path, "%s/%s", git_dir, STAMP_NAME);
	sk_str_addf(&text, "git-sk 1 %s %s %s\n", stamp->tip, stamp->tree,
		    stamp->missions[0] ? stamp->missions : NO_MISSIONS);
	/* torn or not written, it reads as no stamp: the hook looks closer */
	if (sk_file_write_unsynced(path.ptr, text.ptr, text.len,
				   sk_git_file_mode(git_dir), &ignored) < 0)
		sk_trace("hook", "no stamp: %s", ignored.msg);
	sk_str_free(&text);
	sk_str_free(&path);
}

void sk_stamp_spoil(const char *git_dir)
{
	/* no commit; but there is a stamp, which says that it is our clone */
	static const struct sk_stamp none = {.tip = "0", .tree = "0"};

	sk_stamp_write(git_dir, &none);
}

bool sk_stamp_exists(const char *git_dir)
{
	struct sk_str path = SK_STR_INIT;
	bool exists;

	sk_str_addf(&path, "%s/%s", git_dir, STAMP_NAME);
	exists = access(path.ptr, F_OK) == 0;
	sk_str_free(&path);
	return exists;
}

void sk_stamp_remove(const char *git_dir)
{
	struct sk_str path = SK_STR_INIT;

	sk_str_addf(&path, "%s/%s", git_dir, STAMP_NAME);
	unlink(path.ptr);
	sk_str_free(&path);
}

/* The folder all worktrees share. */
static void find_common_dir(struct sk_str *out, const char *git_dir)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_clear(out);
	if (!read_text(&text, git_dir, "commondir"))
		sk_str_puts(out, git_dir);
	else if (text.ptr[0] == '/')
		sk_str_puts(out, text.ptr);
	else
		sk_str_addf(out, "%s/%s", git_dir, text.ptr);
	sk_str_free(&text);
}

static bool read_head(char tip[SK_HEX_LEN + 1], const char *git_dir,
		      const char *common)
{
	static const char prefix[] = "ref: refs/";
	struct sk_str text = SK_STR_INIT, name = SK_STR_INIT;
	bool ok = read_text(&text, git_dir, "HEAD");
	struct sk_oid id;

	if (ok && strncmp(text.ptr, prefix, sizeof(prefix) - 1) == 0) {
		sk_str_puts(&name, text.ptr + strlen("ref: "));
		ok = read_text(&text, common, name.ptr);
	}
	ok = ok && sk_oid_parse(&id, text.ptr) == 0;
	if (ok)
		sk_oid_hex(tip, &id);
	sk_str_free(&name);
	sk_str_free(&text);
	return ok;
}

/* Unpack a loose object of this kind; *body is where it begins. */
static bool read_object(struct sk_str *out, size_t *body, const char *common,
			const char *hex, const char *kind)
{
	struct sk_str objects = SK_STR_INIT;
	struct sk_err ignored = {0};
	struct sk_oid id;
	bool ok;

	sk_str_addf(&objects, "%s/objects", common);
	ok = sk_oid_parse(&id, hex) == 0 &&
	     sk_loose_read(out, body, objects.ptr, &id, OBJECT_MAX, &ignored) ==
		     0 &&
	     strncmp(out->ptr, kind, strlen(kind)) == 0;
	sk_str_free(&objects);
	return ok;
}

/* The tree of a commit whose one parent is `parent`. */
static bool read_commit(char tree[SK_HEX_LEN + 1], const char *common,
			const char *id, const char *parent)
{
	struct sk_str text = SK_STR_INIT;
	char found[SK_HEX_LEN + 1], next[8];
	size_t body;
	bool ok;

	ok = read_object(&text, &body, common, id, "commit ") &&
	     sscanf(text.ptr + body,
		    "tree %64[0-9a-f]\nparent %64[0-9a-f]\n%7s", tree, found,
		    next) == 3 &&
	     strcmp(found, parent) == 0 && strcmp(next, "parent") != 0;
	sk_str_free(&text);
	return ok;
}

/* The id of kitty-specs/ in a tree, "" when it has none. */
static bool read_missions(char missions[SK_HEX_LEN + 1], const char *common,
			  const char *tree)
{
	static const char entry[] = "40000 kitty-specs";
	size_t body = 0, oid_len = strlen(tree) / 2;
	struct sk_str text = SK_STR_INIT;
	const char *at, *end, *nul;
	struct sk_oid id;
	bool ok = read_object(&text, &body, common, tree, "tree ");

	missions[0] = '\0';
	at = text.ptr + body;
	end = text.ptr + text.len;
	while (ok && at < end) {
		nul = memchr(at, '\0', (size_t)(end - at));
		ok = nul && (size_t)(end - nul) > oid_len;
		if (ok && strcmp(at, entry) == 0) {
			sk_oid_set(&id, nul + 1, oid_len);
			sk_oid_hex(missions, &id);
			break;
		}
		at = ok ? nul + 1 + oid_len : end;
	}
	sk_str_free(&text);
	return ok;
}

static bool has_unusual_environment(void)
{
	return getenv("GIT_OBJECT_DIRECTORY") ||
	       getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES") ||
	       getenv("GIT_COMMON_DIR") || getenv("GIT_NAMESPACE");
}

bool sk_glance_is_idle(const char *git_dir, const char *left)
{
	struct sk_str common = SK_STR_INIT;
	struct sk_stamp old, now = {0};
	bool idle;

	if (has_unusual_environment() || !read_stamp(&old, git_dir) ||
	    (left && strcmp(left, old.tip) != 0))
		return false;
	find_common_dir(&common, git_dir);
	idle = read_head(now.tip, git_dir, common.ptr) &&
	       (strcmp(now.tip, old.tip) == 0 ||
		read_commit(now.tree, common.ptr, now.tip, old.tip));
	if (idle && strcmp(now.tip, old.tip) != 0) {
		if (strcmp(now.tree, old.tree) == 0)
			memcpy(now.missions, old.missions,
			       sizeof(old.missions));
		else
			idle = read_missions(now.missions, common.ptr,
					     now.tree) &&
			       strcmp(now.missions, old.missions) == 0;
		if (idle)
			sk_stamp_write(git_dir, &now);
	}
	sk_str_free(&common);
	return idle;
}
