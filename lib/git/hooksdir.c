/* SPDX-License-Identifier: MIT */
#include "git/hooksdir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc.h"

/* One answer of git, without the end of its line. Returns its status or -1. */
static int ask(struct sk_str *out, const char *const argv[], struct sk_err *err)
{
	int status;

	sk_str_clear(out);
	status = sk_proc_read(out, NULL, argv, 1u << 20, err);
	sk_str_rtrim(out);
	return status;
}

/* A folder of the repository's own, or one that others share? */
static int check_scope(struct sk_str *why, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	const char *scope, *value;
	int rc, ret = 0;

	rc = ask(&text,
		 (const char *const[]){"git", "config", "--show-scope", "--get",
				       "core.hooksPath", NULL},
		 err);
	if (rc == 0) {
		scope = text.ptr;
		value = strchr(scope, '\t');
		if (!value || !value[1]) {
			sk_str_puts(why, "core.hooksPath is set to nothing");
			ret = 1;
		} else if (strncmp(scope, "local\t", 6) != 0 &&
			   strncmp(scope, "worktree\t", 9) != 0) {
			sk_str_addf(why,
				    "core.hooksPath comes from the %.*s"
				    " configuration, other repositories share"
				    " that folder",
				    (int)(value - scope), scope);
			ret = 1;
		}
	}
	sk_str_free(&text);
	return rc < 0 ? -1 : ret;
}

static int check_tracked(struct sk_str *why, const char *dir,
			 struct sk_repo *repo, struct sk_err *err)
{
	const char *tree = sk_repo_work_tree(repo);
	const char *common = sk_repo_common_dir(repo);
	struct sk_str text = SK_STR_INIT;
	int rc;

	if (!tree || strncmp(dir, tree, strlen(tree)) != 0 ||
	    strncmp(dir, common, strlen(common)) == 0)
		return 0;
	rc = ask(&text,
		 (const char *const[]){"git", "-C", tree, "ls-files", "--", dir,
				       NULL},
		 err);
	if (rc == 0 && text.len)
		sk_str_addf(why, "git tracks the files in '%s'", dir);
	rc = rc < 0 ? -1 : text.len > 0;
	sk_str_free(&text);
	return rc;
}

int sk_hooks_dir(struct sk_str *out, struct sk_str *why, struct sk_repo *repo,
		 struct sk_err *err)
{
	int rc = check_scope(why, err);

	if (ask(out,
		(const char *const[]){"git", "rev-parse",
				      "--path-format=absolute", "--git-path",
				      "hooks", NULL},
		err) != 0 &&
	    rc == 0)
		rc = sk_fail(err, SK_EFAIL,
			     "git does not say where its hooks are");
	if (rc == 0)
		rc = check_tracked(why, out->ptr, repo, err);
	return rc;
}

static void hook_path(struct sk_str *out, const char *dir, const char *event,
		      const char *suffix)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/%s%s", dir, event, suffix);
}

/* Whether a link leads to <anything>/git-sk/<event> or build/hooks/<event>. */
static bool looks_like_ours(const char *link, const char *event)
{
	static const char *const folders[] = {"/libexec/git-sk/", "/hooks/"};
	size_t len = strlen(link), tail = strlen(event);

	if (len <= tail || strcmp(link + len - tail, event) != 0)
		return false;
	for (size_t i = 0; i < SK_COUNTOF(folders); i++) {
		size_t part = strlen(folders[i]);

		if (len - tail >= part &&
		    memcmp(link + len - tail - part, folders[i], part) == 0)
			return true;
	}
	return false;
}

enum sk_hook_state sk_hook_state(const char *dir, const char *event,
				 const char *target)
{
	struct sk_str path = SK_STR_INIT;
	enum sk_hook_state state = SK_HOOK_FOREIGN;
	char link[PATH_MAX];
	ssize_t len;

	hook_path(&path, dir, event, "");
	len = readlink(path.ptr, link, sizeof(link) - 1);
	if (len >= 0) {
		link[len] = '\0';
		if (strcmp(link, target) == 0)
			state = SK_HOOK_OURS;
		else if (looks_like_ours(link, event))
			state = SK_HOOK_STALE;
	} else if (errno == ENOENT || errno == ENOTDIR) {
		state = SK_HOOK_ABSENT;
	}
	sk_str_free(&path);
	return state;
}

bool sk_hook_has_kept(const char *dir, const char *event)
{
	struct sk_str path = SK_STR_INIT;
	struct stat st;
	bool has;

	hook_path(&path, dir, event, SK_HOOK_KEPT);
	has = lstat(path.ptr, &st) == 0;
	sk_str_free(&path);
	return has;
}

/* Give the hook that is there a second name. */
static int keep(const char *dir, const char *event, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, kept = SK_STR_INIT;
	int ret = 0;

	hook_path(&path, dir, event, "");
	hook_path(&kept, dir, event, SK_HOOK_KEPT);
	if (linkat(AT_FDCWD, path.ptr, AT_FDCWD, kept.ptr, 0) < 0) {
		ret = sk_fail_errno(err, errno, "cannot keep '%s' as '%s'",
				    path.ptr, kept.ptr);
		if (sk_hook_has_kept(dir, event))
			sk_hint(err, "a hook is kept there already: move one"
				     " of the two away");
	}
	sk_str_free(&kept);
	sk_str_free(&path);
	return ret;
}

int sk_hook_install(const char *dir, const char *event, const char *target,
		    struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, tmp = SK_STR_INIT;
	enum sk_hook_state state = sk_hook_state(dir, event, target);
	int ret = -1;

	if (state == SK_HOOK_OURS)
		return 0;
	if (state == SK_HOOK_FOREIGN && keep(dir, event, err) < 0)
		return -1;
	hook_path(&path, dir, event, "");
	sk_str_addf(&tmp, "%s.sk-new.%d", path.ptr, (int)getpid());
	if (symlink(target, tmp.ptr) < 0) {
		sk_fail_errno(err, errno, "cannot create '%s'", tmp.ptr);
	} else if (rename(tmp.ptr, path.ptr) < 0) {
		sk_fail_errno(err, errno, "cannot replace '%s'", path.ptr);
		unlink(tmp.ptr);
	} else {
		ret = 0;
	}
	if (ret < 0 && state == SK_HOOK_FOREIGN) {
		/* the hook itself is still in its place */
		hook_path(&tmp, dir, event, SK_HOOK_KEPT);
		unlink(tmp.ptr);
	}
	sk_str_free(&tmp);
	sk_str_free(&path);
	return ret;
}

int sk_hook_remove(const char *dir, const char *event, const char *target,
		   struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, kept = SK_STR_INIT;
	enum sk_hook_state state = sk_hook_state(dir, event, target);
	int ret = 1;

	if (state != SK_HOOK_OURS && state != SK_HOOK_STALE)
		return 1;
	hook_path(&path, dir, event, "");
	hook_path(&kept, dir, event, SK_HOOK_KEPT);
	if (sk_hook_has_kept(dir, event))
		ret = rename(kept.ptr, path.ptr);
	else
		ret = unlink(path.ptr);
	if (ret < 0)
		sk_fail_errno(err, errno, "cannot remove '%s'", path.ptr);
	sk_str_free(&kept);
	sk_str_free(&path);
	return ret;
}
