/* SPDX-License-Identifier: MIT */
#include "git/glance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/trace.h"
#include "format/gzip.h"

#define STAMP_NAME  "sk-stamp"
#define STAMP_FORM  "git-sk 1 %40[0-9a-f] %40[0-9a-f] %40[0-9a-f-]\n"
#define NO_MISSIONS "-" /* in the file, where no id can be empty */

enum {
	TEXT_MAX = 4096,      /* HEAD, a ref, commondir, the stamp */
	PACKED_MAX = 1 << 20, /* a loose object as it lies there */
	OBJECT_MAX = 4 << 20, /* and unpacked */
	RAW_ID = 20,
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

static bool is_hex_id(const char *text)
{
	return strlen(text) == SK_GLANCE_HEX &&
	       strspn(text, "0123456789abcdef") == SK_GLANCE_HEX;
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

void sk_stamp_write(const char *git_dir, const struct sk_stamp *stamp)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};

	sk_str_addf(&path, "%s/%s", git_dir, STAMP_NAME);
	sk_str_addf(&text, "git-sk 1 %s %s %s\n", stamp->tip, stamp->tree,
		    stamp->missions[0] ? stamp->missions : NO_MISSIONS);
	/* torn or not written, it reads as no stamp: the hook looks closer */
	if (sk_file_write_unsynced(path.ptr, text.ptr, text.len, 0644,
				   &ignored) < 0)
		sk_trace("hook", "no stamp: %s", ignored.msg);
	sk_str_free(&text);
	sk_str_free(&path);
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

static bool read_head(char tip[SK_GLANCE_HEX + 1], const char *git_dir,
		      const char *common)
{
	static const char prefix[] = "ref: refs/";
	struct sk_str text = SK_STR_INIT, name = SK_STR_INIT;
	bool ok = read_text(&text, git_dir, "HEAD");

	if (ok && strncmp(text.ptr, prefix, sizeof(prefix) - 1) == 0) {
		sk_str_puts(&name, text.ptr + strlen("ref: "));
		ok = read_text(&text, common, name.ptr);
	}
	ok = ok && is_hex_id(text.ptr);
	if (ok)
		memcpy(tip, text.ptr, SK_GLANCE_HEX + 1);
	sk_str_free(&name);
	sk_str_free(&text);
	return ok;
}

/* Unpack a loose object of this kind; *body points behind its header. */
static bool read_object(struct sk_str *out, const char **body,
			const char *common, const char *id, const char *kind)
{
	struct sk_str path = SK_STR_INIT, packed = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *nul;
	bool ok;

	sk_str_clear(out);
	sk_str_addf(&path, "%s/objects/%.2s/%s", common, id, id + 2);
	ok = sk_file_read(&packed, path.ptr, PACKED_MAX, &ignored) == 0 &&
	     sk_inflate(out, packed.ptr, packed.len, OBJECT_MAX, &ignored) ==
		     0 &&
	     strncmp(out->ptr, kind, strlen(kind)) == 0;
	nul = ok ? memchr(out->ptr, '\0', out->len) : NULL;
	*body = nul ? nul + 1 : NULL;
	sk_str_free(&packed);
	sk_str_free(&path);
	return nul;
}

/* The tree of a commit whose one parent is `parent`. */
static bool read_commit(char tree[SK_GLANCE_HEX + 1], const char *common,
			const char *id, const char *parent)
{
	struct sk_str text = SK_STR_INIT;
	char found[SK_GLANCE_HEX + 1], next[8];
	const char *body;
	bool ok;

	ok = read_object(&text, &body, common, id, "commit ") &&
	     sscanf(body, "tree %40[0-9a-f]\nparent %40[0-9a-f]\n%7s", tree,
		    found, next) == 3 &&
	     strcmp(found, parent) == 0 && strcmp(next, "parent") != 0;
	sk_str_free(&text);
	return ok;
}

/* The id of kitty-specs/ in a tree, "" when it has none. */
static bool read_missions(char missions[SK_GLANCE_HEX + 1], const char *common,
			  const char *tree)
{
	static const char entry[] = "40000 kitty-specs";
	struct sk_str text = SK_STR_INIT;
	const char *at, *end, *nul;
	bool ok = read_object(&text, &at, common, tree, "tree ");

	missions[0] = '\0';
	end = text.ptr + text.len;
	while (ok && at < end) {
		nul = memchr(at, '\0', (size_t)(end - at));
		ok = nul && end - nul > RAW_ID;
		if (ok && strcmp(at, entry) == 0) {
			for (int i = 0; i < RAW_ID; i++)
				snprintf(missions + (size_t)(2 * i), 3, "%02x",
					 (unsigned char)nul[1 + i]);
			break;
		}
		at = ok ? nul + 1 + RAW_ID : end;
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

bool sk_glance_is_idle(const char *git_dir)
{
	struct sk_str common = SK_STR_INIT;
	struct sk_stamp old, now = {0};
	bool idle;

	if (has_unusual_environment() || !read_stamp(&old, git_dir))
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
