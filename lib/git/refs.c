/* SPDX-License-Identifier: MIT */
#include "git/source.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum {
	SYMBOLIC_DEPTH = 5,	 /* as in git */
	PACKED_MAX = 1 << 30,	 /* packed-refs */
	NAME_MAX_BYTES = 1 << 12 /* of one ref */
};

void sk_refs_add_head_name(struct sk_str *out, const struct sk_repo *repo)
{
	const char *git_dir = repo->layout.git_dir;
	size_t len = strlen(repo->layout.common_dir);

	if (strncmp(git_dir, repo->layout.common_dir, len) == 0 &&
	    git_dir[len] == '/')
		sk_str_addf(out, "%s/", git_dir + len + 1);
	sk_str_puts(out, "HEAD");
}

int sk_refs_each_worktree(const struct sk_repo *repo, sk_worktree_fn *each,
			  void *ctx)
{
	struct sk_str path = SK_STR_INIT;
	const struct dirent *entry;
	DIR *dir;
	int rc = 0;

	sk_str_addf(&path, "%s/worktrees", repo->layout.common_dir);
	dir = opendir(path.ptr);
	while (dir && rc == 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			rc = each(ctx, entry->d_name);
	}
	if (dir)
		closedir(dir);
	sk_str_free(&path);
	return rc;
}

/* packed-refs: lines of `<id> <name>`. Returns 0; 1 when there is none; -1. */
static int read_packed(struct sk_str *out, const struct sk_repo *repo,
		       struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc;

	sk_str_addf(&path, "%s/packed-refs", repo->layout.common_dir);
	rc = sk_file_read(out, path.ptr, PACKED_MAX, err);
	sk_str_free(&path);
	return rc;
}

/* The id at the start of a line that ends with `name`. Returns 0 or -1. */
static int packed_id(struct sk_oid *out, const char *text, const char *name)
{
	char hex[SK_HEX_LEN + 1];
	const char *line = name - 1;
	size_t len;

	while (line > text && line[-1] != '\n')
		line--;
	len = (size_t)(name - 1 - line);
	if (len > SK_HEX_LEN)
		return -1;
	memcpy(hex, line, len);
	hex[len] = '\0';
	return sk_oid_parse(out, hex);
}

static int find_packed(struct sk_oid *out, const struct sk_repo *repo,
		       const char *name, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT, wanted = SK_STR_INIT;
	const char *found;
	int rc = read_packed(&text, repo, err);

	sk_str_addf(&wanted, " %s\n", name);
	found = rc == 0 ? memmem(text.ptr, text.len, wanted.ptr, wanted.len)
			: NULL;
	if (rc == 0)
		rc = found && packed_id(out, text.ptr, found + 1) == 0 ? 0 : 1;
	sk_str_free(&wanted);
	sk_str_free(&text);
	return rc;
}

/*
 * The file of a ref. A HEAD that is a symbolic link is how it began, and git
 * still reads it. Returns 0; 1 when there is none.
 */
static int read_loose(struct sk_str *out, const char *dir, const char *name)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};
	char target[NAME_MAX_BYTES];
	ssize_t len;
	int rc;

	sk_str_clear(out);
	sk_str_addf(&path, "%s/%s", dir, name);
	len = readlink(path.ptr, target, sizeof(target) - 1);
	if (len > 5 && memcmp(target, "refs/", 5) == 0) {
		target[len] = '\0';
		sk_str_addf(out, "ref: %s", target);
		rc = 0;
	} else {
		rc = sk_file_read(out, path.ptr, NAME_MAX_BYTES, &ignored);
		sk_str_rtrim(out);
	}
	sk_str_free(&path);
	return rc == 0 ? 0 : 1; /* a folder of that name is no ref */
}

/*
 * Follow the HEAD in `git_dir`: *ref is the last name on the way, "HEAD" when
 * it names a commit itself. Returns 0; 1 when it leads nowhere (yet); -1.
 */
static int follow(const struct sk_repo *repo, const char *git_dir,
		  struct sk_oid *out, struct sk_str *ref, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	const char *dir = git_dir;
	int rc = 1;

	sk_str_set(ref, "HEAD");
	for (int depth = 0; depth <= SYMBOLIC_DEPTH; depth++) {
		rc = read_loose(&text, dir, ref->ptr);
		if (rc != 0) {
			rc = find_packed(out, repo, ref->ptr, err);
			break;
		}
		if (strncmp(text.ptr, "ref:", 4) != 0) {
			rc = sk_oid_parse(out, text.ptr);
			if (rc < 0)
				sk_fail(err, SK_EDATA, "'%s' is damaged",
					ref->ptr);
			break;
		}
		sk_str_set(ref, text.ptr + 4 + strspn(text.ptr + 4, " \t"));
		dir = repo->layout.common_dir;
		rc = 1;
	}
	sk_str_free(&text);
	return rc;
}

int sk_repo_head(struct sk_repo *repo, struct sk_oid *out, struct sk_str *ref,
		 struct sk_err *err)
{
	int rc;

	if (!repo->layout.has_ref_files)
		return sk_refs_ask_head(repo, out, ref, err);
	rc = follow(repo, repo->layout.git_dir, out, ref, err);
	if (rc == 0 && strcmp(ref->ptr, "HEAD") == 0) {
		sk_str_clear(ref);
		sk_refs_add_head_name(ref, repo);
	}
	return rc < 0 ? sk_within(err, "cannot read HEAD") : rc;
}

/* Branches found so far, each once: what is loose counts before packed. */
struct branches {
	struct branch {
		char *name;
		struct sk_oid tip;
		bool is_ref; /* no symbolic one, which names another */
	} * list;
	size_t count, cap;
	struct sk_map seen;
};

static void add_branch(struct branches *all, const char *name, size_t len,
		       const struct sk_oid *tip)
{
	bool added;

	sk_map_add(&all->seen, name, len, 1, &added);
	if (!added)
		return;
	SK_GROW(all->list, all->count, all->cap);
	all->list[all->count] =
		(struct branch){.name = sk_strndup(name, len), .is_ref = tip};
	if (tip)
		all->list[all->count].tip = *tip;
	all->count++;
}

/*
 * One file of a folder, with as few calls as can be: there may be thousands of
 * them, at every commit. Nor is a FIFO waited for. Returns 0; 1 when it is no
 * file, or cannot be read.
 */
static int read_quickly(char text[SK_HEX_LEN + 2], DIR *dir, const char *name)
{
	int fd = openat(dirfd(dir), name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len = fd < 0 ? -1 : read(fd, text, SK_HEX_LEN + 1);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return 1;
	text[len] = '\0';
	text[strcspn(text, " \t\r\n")] = '\0';
	return 0;
}

/* Every file below `name`, a folder of refs; one that is damaged is none. */
static void add_loose(struct branches *all, const char *common,
		      struct sk_str *name)
{
	struct sk_str path = SK_STR_INIT;
	char text[SK_HEX_LEN + 2];
	const struct dirent *entry;
	size_t len = name->len;
	struct sk_oid tip;
	DIR *dir;

	sk_str_addf(&path, "%s/%s", common, name->ptr);
	dir = name->len < NAME_MAX_BYTES ? opendir(path.ptr) : NULL;
	while (dir && (entry = readdir(dir))) {
		size_t end = strlen(entry->d_name);

		if (entry->d_name[0] == '.' ||
		    (end > 5 && strcmp(entry->d_name + end - 5, ".lock") == 0))
			continue;
		sk_str_addf(name, "/%s", entry->d_name);
		if (entry->d_type == DT_DIR ||
		    read_quickly(text, dir, entry->d_name) != 0)
			add_loose(all, common, name);
		else
			add_branch(all, name->ptr, name->len,
				   sk_oid_parse(&tip, text) == 0 ? &tip : NULL);
		sk_str_cut(name, len);
	}
	if (dir)
		closedir(dir);
	sk_str_free(&path);
}

static int add_packed(struct branches *all, const struct sk_repo *repo,
		      const char *prefix, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc = read_packed(&text, repo, err);
	const char *at = text.ptr, *end = text.ptr + text.len;

	while (rc == 0 && at < end) {
		const char *eol = memchr(at, '\n', (size_t)(end - at));
		const char *name = memchr(at, ' ', (size_t)(end - at));
		struct sk_oid tip;

		if (!eol)
			eol = end;
		if (name && ++name < eol &&
		    strncmp(name, prefix, strlen(prefix)) == 0 &&
		    packed_id(&tip, text.ptr, name) == 0)
			add_branch(all, name, (size_t)(eol - name), &tip);
		at = eol < end ? eol + 1 : end;
	}
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct branch *)a)->name,
		      ((const struct branch *)b)->name);
}

static int each_branch(struct sk_repo *repo, const char *folder,
		       sk_tip_fn *each, void *ctx, struct sk_err *err)
{
	struct branches all = {0};
	struct sk_str name = SK_STR_INIT;
	int rc;

	sk_str_puts(&name, folder);
	add_loose(&all, repo->layout.common_dir, &name);
	sk_str_puts(&name, "/");
	rc = add_packed(&all, repo, name.ptr, err);
	if (rc == 0 && all.count)
		qsort(all.list, all.count, sizeof(*all.list), by_name);
	for (size_t i = 0; i < all.count; i++) {
		if (rc == 0 && all.list[i].is_ref)
			rc = each(ctx, all.list[i].name, &all.list[i].tip);
		free(all.list[i].name);
	}
	free(all.list);
	sk_map_free(&all.seen);
	sk_str_free(&name);
	return rc;
}

/* Detached heads alone: one that is on a branch is that branch's tip. */
struct heads {
	struct sk_repo *repo;
	sk_tip_fn *each;
	void *ctx;
	bool with_branches; /* those, too */
};

static int each_head(struct heads *h, const char *git_dir, const char *name)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_err ignored = {0};
	struct sk_oid tip;
	int rc = follow(h->repo, git_dir, &tip, &ref, &ignored);

	rc = rc == 0 && (h->with_branches ||
			 strncmp(ref.ptr, "refs/heads/", 11) != 0)
		     ? h->each(h->ctx, name, &tip)
		     : 0;
	sk_str_free(&ref);
	return rc;
}

static int each_worktree(void *ctx, const char *name)
{
	struct heads *h = ctx;
	struct sk_str dir = SK_STR_INIT, ref = SK_STR_INIT;
	int rc;

	sk_str_addf(&ref, "worktrees/%s/HEAD", name);
	sk_str_addf(&dir, "%s/worktrees/%s", h->repo->layout.common_dir, name);
	rc = each_head(h, dir.ptr, ref.ptr);
	sk_str_free(&ref);
	sk_str_free(&dir);
	return rc;
}

static int each_tip(struct sk_repo *repo, bool with_remotes, sk_tip_fn *each,
		    void *ctx, struct sk_err *err)
{
	struct heads heads = {repo, each, ctx, false};
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int rc = sk_repo_head(repo, &head, &ref, err);

	if (rc == 0)
		rc = each(ctx, ref.ptr, &head);
	else if (rc == 1)
		rc = 0; /* unborn */
	sk_str_free(&ref);
	if (rc == 0 && !repo->layout.has_ref_files)
		return sk_refs_ask_tips(repo, with_remotes, each, ctx, err);
	if (rc == 0)
		rc = each_branch(repo, "refs/heads", each, ctx, err);
	if (rc == 0 && with_remotes)
		rc = each_branch(repo, "refs/remotes", each, ctx, err);
	if (rc == 0)
		rc = each_head(&heads, repo->layout.common_dir, "HEAD");
	if (rc == 0)
		rc = sk_refs_each_worktree(repo, each_worktree, &heads);
	return rc;
}

int sk_repo_each_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		     struct sk_err *err)
{
	return each_tip(repo, true, each, ctx, err);
}

int sk_repo_each_local_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
			   struct sk_err *err)
{
	return each_tip(repo, false, each, ctx, err);
}

int sk_repo_each_head(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		      struct sk_err *err)
{
	struct heads heads = {repo, each, ctx, true};
	int rc;

	if (!repo->layout.has_ref_files)
		return sk_refs_ask_heads(repo, each, ctx, err);
	rc = each_head(&heads, repo->layout.common_dir, "HEAD");
	return rc ? rc : sk_refs_each_worktree(repo, each_worktree, &heads);
}
