/* SPDX-License-Identifier: MIT */
#include "git/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "format/gitconfig.h"

enum {
	TEXT_MAX = 1 << 16, /* HEAD, .git, commondir */
	CONFIG_MAX = 16 << 20,
};

void sk_layout_free(struct sk_layout *layout)
{
	free(layout->git_dir);
	free(layout->common_dir);
	free(layout->objects_dir);
	free(layout->work_tree);
	free(layout->promisor);
	*layout = (struct sk_layout){0};
}

/* Append a small file, without the white space at its end. Returns 0; 1 when
 * it cannot be read. */
static int read_text(struct sk_str *out, const char *dir, const char *name)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc;

	sk_str_addf(&path, "%s/%s", dir, name);
	rc = sk_file_read(out, path.ptr, TEXT_MAX, &ignored);
	sk_str_free(&path);
	sk_str_rtrim(out);
	return rc == 0 ? 0 : 1;
}

/* A variable that says something. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* The real path of `path`, seen from `dir`; owned, NULL when it is not there.
 */
static char *real_path(const char *dir, const char *path)
{
	struct sk_str whole = SK_STR_INIT;
	char *real;

	if (*path != '/')
		sk_str_addf(&whole, "%s/", dir);
	sk_str_puts(&whole, path);
	real = realpath(whole.ptr, NULL);
	sk_str_free(&whole);
	return real;
}

static bool is_dir(const char *dir, const char *name)
{
	struct sk_str path = SK_STR_INIT;
	struct stat st;
	bool is;

	sk_str_addf(&path, "%s/%s", dir, name);
	is = stat(path.ptr, &st) == 0 && S_ISDIR(st.st_mode);
	sk_str_free(&path);
	return is;
}

/* The folder all worktrees share; owned, NULL when it is not there. */
static char *common_of(const char *git_dir)
{
	const char *told = variable("GIT_COMMON_DIR");
	struct sk_str text = SK_STR_INIT;
	char *common;

	if (told)
		common = real_path(".", told);
	else if (read_text(&text, git_dir, "commondir") == 0)
		common = real_path(git_dir, text.ptr);
	else
		common = sk_strdup(git_dir);
	sk_str_free(&text);
	return common;
}

/* What git takes for a repository: a HEAD, objects and refs. */
static bool is_git_dir(const char *dir)
{
	struct sk_str head = SK_STR_INIT;
	char *common = common_of(dir);
	struct stat st;
	bool is;

	sk_str_addf(&head, "%s/HEAD", dir);
	is = common && lstat(head.ptr, &st) == 0 && is_dir(common, "refs") &&
	     (variable("GIT_OBJECT_DIRECTORY") || is_dir(common, "objects"));
	sk_str_free(&head);
	free(common);
	return is;
}

/*
 * The folder at `path`, or the one that a file there names, as `.git` of a
 * linked worktree or a submodule does. Owned; NULL when it is no git folder.
 */
static char *follow(const char *path)
{
	struct sk_str text = SK_STR_INIT, dir = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *slash = strrchr(path, '/');
	char *real = NULL;

	if (sk_file_read(&text, path, TEXT_MAX, &ignored) == 0) {
		sk_str_rtrim(&text);
		sk_str_add(&dir, slash ? path : ".",
			   slash ? (size_t)(slash - path) + 1 : 1);
		if (strncmp(text.ptr, "gitdir: ", 8) == 0)
			real = real_path(dir.ptr, text.ptr + 8);
	} else {
		real = real_path(".", path);
	}
	if (real && !is_git_dir(real)) {
		free(real);
		real = NULL;
	}
	sk_str_free(&dir);
	sk_str_free(&text);
	return real;
}

/* Whether the search may not go up to `dir`: GIT_CEILING_DIRECTORIES. */
static bool is_ceiling(const char *dir)
{
	const char *at = variable("GIT_CEILING_DIRECTORIES");
	size_t len = strlen(dir);

	for (; at && *at; at += strspn(at, ":")) {
		size_t part = strcspn(at, ":");

		if (part == len && memcmp(at, dir, len) == 0)
			return true;
		at += part;
	}
	return false;
}

/* The parent of `dir`, in place. False when git would not look there. */
static bool go_up(char *dir)
{
	char *slash = strrchr(dir, '/');
	struct stat here, above;
	bool known = stat(dir, &here) == 0;

	if (!dir[1])
		return false;
	slash[slash == dir] = '\0';
	return !is_ceiling(dir) && known && stat(dir, &above) == 0 &&
	       here.st_dev == above.st_dev;
}

/* A `.git` that is a file and leads nowhere: git looks no further either. */
static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Search upwards; *top is where it was found when that is a work tree's. */
static char *discover(char **top)
{
	struct sk_str path = SK_STR_INIT;
	char dir[PATH_MAX], *found = NULL;

	*top = NULL;
	if (!getcwd(dir, sizeof(dir)))
		return NULL;
	do {
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/.git", dir);
		found = follow(path.ptr);
		if (found)
			*top = sk_strdup(dir);
		else if (is_git_dir(dir))
			found = sk_strdup(dir);
	} while (!found && !is_file(path.ptr) && go_up(dir));
	sk_str_free(&path);
	return found;
}

/* What a repository's own file says about it. */
struct settings {
	struct sk_layout *layout;
	char *work_tree;
	bool is_bare, has_worktree_config;
};

static bool is_true(const char *value)
{
	return strcasecmp(value, "true") == 0 ||
	       strcasecmp(value, "yes") == 0 || strcasecmp(value, "on") == 0 ||
	       strtol(value, NULL, 10) != 0;
}

static void set_promisor(struct sk_layout *layout, const char *name, size_t len)
{
	layout->is_partial = true;
	free(layout->promisor);
	layout->promisor = sk_strndup(name, len);
}

static void take_setting(void *ctx, const char *key, const char *value)
{
	struct settings *s = ctx;
	size_t len = strlen(key);

	if (strcmp(key, "core.bare") == 0) {
		s->is_bare = is_true(value);
	} else if (strcmp(key, "core.worktree") == 0) {
		free(s->work_tree);
		s->work_tree = sk_strdup(value);
	} else if (strcmp(key, "extensions.worktreeconfig") == 0) {
		s->has_worktree_config = is_true(value);
	} else if (strcmp(key, "extensions.objectformat") == 0) {
		s->layout->is_sha256 = strcmp(value, "sha256") == 0;
	} else if (strcmp(key, "extensions.refstorage") == 0) {
		s->layout->has_ref_files = strncmp(value, "files", 5) == 0;
	} else if (strcmp(key, "extensions.partialclone") == 0) {
		set_promisor(s->layout, value, strlen(value));
	} else if (len > 16 && strncmp(key, "remote.", 7) == 0 &&
		   strcmp(key + len - 9, ".promisor") == 0 && is_true(value)) {
		set_promisor(s->layout, key + 7, len - 16);
	}
}

static int read_settings(struct settings *s, const char *dir, const char *name,
			 struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int rc;

	sk_str_addf(&path, "%s/%s", dir, name);
	rc = sk_file_read(&text, path.ptr, CONFIG_MAX, err);
	if (rc == 0)
		rc = sk_gitconfig_each(text.ptr, text.len, take_setting, s,
				       err);
	if (rc < 0)
		sk_within(err, "'%s'", path.ptr);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

/* The work tree of a linked one is where its `.git` lies. */
static char *linked_tree(const char *git_dir)
{
	struct sk_str text = SK_STR_INIT;
	char *tree = NULL, *slash;

	if (read_text(&text, git_dir, "gitdir") == 0 &&
	    (slash = strrchr(text.ptr, '/')) && slash > text.ptr) {
		*slash = '\0';
		tree = real_path(git_dir, text.ptr);
	}
	sk_str_free(&text);
	return tree;
}

/* As git has it: told, linked, set, bare, where it was found. */
static char *find_work_tree(const struct sk_layout *layout,
			    const struct settings *s, const char *top)
{
	const char *told = variable("GIT_WORK_TREE");
	const char *slash = strrchr(layout->git_dir, '/');

	if (told)
		return real_path(".", told);
	if (strcmp(layout->git_dir, layout->common_dir) != 0)
		return linked_tree(layout->git_dir);
	if (s->work_tree)
		return real_path(layout->git_dir, s->work_tree);
	if (s->is_bare)
		return NULL;
	if (top)
		return sk_strdup(top);
	if (slash && strcmp(slash, "/.git") == 0)
		return sk_strndup(layout->git_dir,
				  slash == layout->git_dir
					  ? 1
					  : (size_t)(slash - layout->git_dir));
	return variable("GIT_DIR") ? realpath(".", NULL) : NULL;
}

static int fail_none(struct sk_err *err)
{
	sk_fail(err, SK_ENOREPO, "not a git repository");
	return sk_hint(err, "run it inside a repository, or make one"
			    " with 'git init'");
}

int sk_layout_find(struct sk_layout *layout, struct sk_err *err)
{
	const char *told = variable("GIT_DIR");
	const char *objects = variable("GIT_OBJECT_DIRECTORY");
	struct settings s = {.layout = layout};
	struct sk_str path = SK_STR_INIT;
	char *top = NULL;
	int ret = -1;

	*layout = (struct sk_layout){.has_ref_files = true};
	layout->git_dir = told ? follow(told) : discover(&top);
	layout->common_dir =
		layout->git_dir ? common_of(layout->git_dir) : NULL;
	if (!layout->common_dir) {
		fail_none(err);
		goto out;
	}
	if (read_settings(&s, layout->common_dir, "config", err) < 0 ||
	    (s.has_worktree_config &&
	     read_settings(&s, layout->git_dir, "config.worktree", err) < 0))
		goto out;
	sk_str_addf(&path, "%s/objects", layout->common_dir);
	layout->objects_dir =
		objects ? real_path(".", objects) : sk_str_take(&path);
	layout->work_tree = find_work_tree(layout, &s, top);
	if (layout->objects_dir)
		ret = 0;
	else
		sk_fail(err, SK_EFAIL,
			"no folder '%s', which"
			" GIT_OBJECT_DIRECTORY names",
			objects);
out:
	if (ret < 0)
		sk_layout_free(layout);
	sk_str_free(&path);
	free(s.work_tree);
	free(top);
	return ret;
}
