/* SPDX-License-Identifier: MIT */
#include "git/repo.h"

#include <errno.h>
#include <git2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/proc.h"
#include "git/tls.h"

struct sk_repo {
	git_repository *handle;
	git_odb *odb;
	char *git_dir, *common_dir, *work_tree;
	struct sk_map shallow; /* raw ids of commits without their parents */
};

static int fail_git(struct sk_err *err, const char *what)
{
	const git_error *last = git_error_last();

	return sk_fail(err, SK_EFAIL, "%s: %s", what,
		       last ? last->message : "unknown reason");
}

/* libgit2 knows the shorter ids alone. */
static void to_git(git_oid *out, const struct sk_oid *oid)
{
	memcpy(out->id, oid->id, GIT_OID_RAWSZ);
}

static void from_git(struct sk_oid *out, const git_oid *oid)
{
	sk_oid_set(out, oid->id, GIT_OID_RAWSZ);
}

/*
 * Objects are read only, and never by way of the network; who owns the folder
 * is git's business, which ran us and reads the configuration for us.
 */
static void configure_library(void)
{
	static const char *const extensions[] = {
		"worktreeconfig", "partialclone", "relativeworktrees"};

	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
			 SK_COUNTOF(extensions));
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

static char *dup_dir(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	while (len > 1 && path[len - 1] == '/')
		len--;
	return path ? sk_strndup(path, len) : NULL;
}

static int read_shallow(struct sk_repo *repo, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	char *line, *save = NULL;
	int rc;

	sk_str_addf(&path, "%s/shallow", repo->common_dir);
	rc = sk_file_read(&text, path.ptr, 64u << 20, err);
	for (line = rc == 0 ? strtok_r(text.ptr, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct sk_oid oid;

		if (sk_oid_parse(&oid, line) == 0)
			sk_map_add(&repo->shallow, (char *)oid.id, SK_OID_LEN,
				   1, NULL);
	}
	sk_str_free(&text);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static int fail_open(struct sk_err *err, int rc)
{
	if (rc == GIT_ENOTFOUND) {
		sk_fail(err, SK_ENOREPO, "not a git repository");
		return sk_hint(err, "run it inside a repository, or make one"
				    " with 'git init'");
	}
	fail_git(err, "cannot open the repository");
	/* libgit2 has no code for this; before 1.7 sha256 was an extension */
	if (strstr(err->msg, "extension") || strstr(err->msg, "version") ||
	    strstr(err->msg, "object format"))
		sk_hint(err,
			"libgit2 %s reads neither sha256 nor reftable"
			" repositories",
			sk_git_library_version());
	return -1;
}

int sk_repo_open(struct sk_repo **out, struct sk_err *err)
{
	struct sk_repo *repo = sk_calloc(1, sizeof(*repo));
	int rc;

	sk_git_skip_tls();
	git_libgit2_init();
	configure_library();
	rc = git_repository_open_ext(&repo->handle, NULL,
				     GIT_REPOSITORY_OPEN_FROM_ENV, NULL);
	if (rc < 0) {
		fail_open(err, rc);
		goto fail;
	}
	if (git_repository_odb(&repo->odb, repo->handle) < 0) {
		fail_git(err, "cannot open the object database");
		goto fail;
	}
	repo->git_dir = dup_dir(git_repository_path(repo->handle));
	repo->common_dir = dup_dir(git_repository_commondir(repo->handle));
	repo->work_tree = dup_dir(git_repository_workdir(repo->handle));
	if (read_shallow(repo, err) < 0)
		goto fail;
	*out = repo;
	return 0;
fail:
	sk_repo_close(repo);
	return -1;
}

/* "fatal: <why>", and below it, behind a tab, what git would have one type. */
static int fail_as_git(struct sk_err *err, const struct sk_str *said)
{
	const char *text = said->ptr, *line;
	size_t len;

	if (strncmp(text, "fatal: ", 7) == 0)
		text += 7;
	len = strcspn(text, "\n");
	sk_fail(err, SK_EFAIL, "%.*s", (int)(len > 400 ? 400 : len), text);
	line = strstr(text, "\n\t");
	if (line)
		sk_hint(err, "if you trust its owner, run '%.*s'",
			(int)strcspn(line + 2, "\n"), line + 2);
	return -1;
}

int sk_repo_open_as_git(struct sk_repo **out, struct sk_err *err)
{
	static const char *const argv[] = {"git", "rev-parse", "--git-dir",
					   NULL};
	struct sk_str said = SK_STR_INIT;
	int rc = sk_proc_read(NULL, &said, argv, 1u << 16, err);

	if (rc > 0 && strstr(said.ptr, "safe.directory"))
		rc = fail_as_git(err, &said);
	sk_str_free(&said);
	return rc < 0 ? -1 : sk_repo_open(out, err);
}

void sk_repo_close(struct sk_repo *repo)
{
	if (!repo)
		return;
	sk_map_free(&repo->shallow);
	free(repo->work_tree);
	free(repo->common_dir);
	free(repo->git_dir);
	git_odb_free(repo->odb);
	git_repository_free(repo->handle);
	free(repo);
	git_libgit2_shutdown();
}

const char *sk_repo_git_dir(const struct sk_repo *repo)
{
	return repo->git_dir;
}

const char *sk_repo_common_dir(const struct sk_repo *repo)
{
	return repo->common_dir;
}

const char *sk_repo_work_tree(const struct sk_repo *repo)
{
	return repo->work_tree;
}

/* "worktrees/<name>/HEAD" of a linked worktree, "HEAD" of the main one. */
static void detached_name(const struct sk_repo *repo, struct sk_str *ref)
{
	size_t len = strlen(repo->common_dir);

	sk_str_clear(ref);
	if (strncmp(repo->git_dir, repo->common_dir, len) == 0 &&
	    repo->git_dir[len] == '/')
		sk_str_addf(ref, "%s/", repo->git_dir + len + 1);
	sk_str_puts(ref, "HEAD");
}

int sk_repo_head(struct sk_repo *repo, struct sk_oid *out, struct sk_str *ref,
		 struct sk_err *err)
{
	git_reference *head = NULL;
	int rc = git_repository_head(&head, repo->handle);

	if (rc == GIT_EUNBORNBRANCH || rc == GIT_ENOTFOUND)
		return 1;
	if (rc < 0)
		return fail_git(err, "cannot read HEAD");
	from_git(out, git_reference_target(head));
	if (git_repository_head_detached(repo->handle) == 1)
		detached_name(repo, ref);
	else
		sk_str_set(ref, git_reference_name(head));
	git_reference_free(head);
	return 0;
}

/* The branches; a symbolic one (origin/HEAD) names another. */
static int each_branch(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		       struct sk_err *err)
{
	git_branch_iterator *all = NULL;
	git_reference *branch;
	git_branch_t kind;
	int rc = 0;

	if (git_branch_iterator_new(&all, repo->handle, GIT_BRANCH_ALL) < 0)
		return fail_git(err, "cannot list the branches");
	while (rc == 0 && git_branch_next(&branch, &kind, all) == 0) {
		const git_oid *id = git_reference_target(branch);
		struct sk_oid tip;

		if (id) {
			from_git(&tip, id);
			rc = each(ctx, git_reference_name(branch), &tip);
		}
		git_reference_free(branch);
	}
	git_branch_iterator_free(all);
	return rc;
}

/* Detached heads; a head that is on a branch is that branch's tip. */
static int each_worktree(struct sk_repo *repo, sk_tip_fn *each, void *ctx)
{
	git_strarray names = {NULL, 0};
	struct sk_str ref = SK_STR_INIT;
	int rc = 0;

	if (git_worktree_list(&names, repo->handle) < 0)
		return 0;
	for (size_t i = 0; rc == 0 && i < names.count; i++) {
		git_reference *head = NULL;
		struct sk_oid tip;

		if (git_repository_head_for_worktree(&head, repo->handle,
						     names.strings[i]) < 0)
			continue;
		sk_str_clear(&ref);
		sk_str_addf(&ref, "worktrees/%s/HEAD", names.strings[i]);
		if (git_reference_target(head)) {
			from_git(&tip, git_reference_target(head));
			rc = each(ctx, ref.ptr, &tip);
		}
		git_reference_free(head);
	}
	git_strarray_dispose(&names);
	sk_str_free(&ref);
	return rc;
}

int sk_repo_each_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		     struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int rc = sk_repo_head(repo, &head, &ref, err);

	if (rc == 0)
		rc = each(ctx, ref.ptr, &head);
	else if (rc == 1)
		rc = 0; /* unborn */
	if (rc == 0)
		rc = each_branch(repo, each, ctx, err);
	if (rc == 0)
		rc = each_worktree(repo, each, ctx);
	sk_str_free(&ref);
	return rc;
}

int sk_repo_resolve(struct sk_repo *repo, const char *rev, struct sk_oid *out,
		    struct sk_err *err)
{
	git_object *object = NULL, *commit = NULL;
	int ret = -1;

	if (git_revparse_single(&object, repo->handle, rev) < 0 ||
	    git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0) {
		sk_fail(err, SK_EUSAGE, "'%.100s' names no commit", rev);
		goto out;
	}
	from_git(out, git_object_id(commit));
	ret = 0;
out:
	git_object_free(commit);
	git_object_free(object);
	return ret;
}

int sk_repo_read(struct sk_repo *repo, const struct sk_oid *oid,
		 enum sk_object kind, struct sk_raw *out, struct sk_err *err)
{
	static const git_object_t types[] = {
		[SK_OBJECT_COMMIT] = GIT_OBJECT_COMMIT,
		[SK_OBJECT_TREE] = GIT_OBJECT_TREE,
		[SK_OBJECT_BLOB] = GIT_OBJECT_BLOB,
	};
	char hex[SK_HEX_LEN + 1];
	git_odb_object *object = NULL;
	git_oid id;
	int rc;

	to_git(&id, oid);
	rc = git_odb_read(&object, repo->odb, &id);
	*out = (struct sk_raw){"", 0, NULL};
	if (rc == GIT_ENOTFOUND)
		return 1;
	sk_oid_hex(hex, oid);
	if (rc < 0) {
		fail_git(err, "cannot read an object");
		return sk_within(err, "object %s", hex);
	}
	if (git_odb_object_type(object) != types[kind]) {
		sk_fail(err, SK_EDATA, "object %s is a %s", hex,
			git_object_type2string(git_odb_object_type(object)));
		git_odb_object_free(object);
		return -1;
	}
	out->data = git_odb_object_data(object);
	out->len = git_odb_object_size(object);
	out->handle = object;
	return 0;
}

void sk_raw_release(struct sk_raw *raw)
{
	git_odb_object_free(raw->handle);
	*raw = (struct sk_raw){"", 0, NULL};
}

int sk_repo_blob_size(struct sk_repo *repo, const struct sk_oid *oid,
		      size_t *size, struct sk_err *err)
{
	git_object_t type;
	git_oid id;
	int rc;

	to_git(&id, oid);
	rc = git_odb_read_header(size, &type, repo->odb, &id);
	if (rc == GIT_ENOTFOUND)
		return 1;
	return rc < 0 ? fail_git(err, "cannot read an object") : 0;
}

bool sk_repo_is_shallow_at(const struct sk_repo *repo, const struct sk_oid *oid)
{
	return sk_map_get(&repo->shallow, (const char *)oid->id, SK_OID_LEN);
}

bool sk_repo_is_shallow(const struct sk_repo *repo)
{
	return repo->shallow.len > 0;
}

int sk_repo_read_head(struct sk_repo *repo, const char *path, size_t max,
		      struct sk_str *out, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT, spec = SK_STR_INIT;
	git_object *blob = NULL;
	struct sk_oid head;
	int ret;

	ret = sk_repo_head(repo, &head, &ref, err);
	if (ret != 0)
		goto out;
	sk_str_addf(&spec, "HEAD:%s", path);
	ret = git_revparse_single(&blob, repo->handle, spec.ptr);
	if (ret < 0) {
		ret = ret == GIT_ENOTFOUND ? 1 : fail_git(err, spec.ptr);
		goto out;
	}
	if (git_object_type(blob) != GIT_OBJECT_BLOB) {
		ret = 1;
	} else if (git_blob_rawsize((git_blob *)blob) >
		   (git_object_size_t)max) {
		ret = sk_fail(err, SK_EDATA, "'%s' is larger than %zu bytes",
			      path, max);
	} else {
		sk_str_add(out, git_blob_rawcontent((git_blob *)blob),
			   (size_t)git_blob_rawsize((git_blob *)blob));
		ret = 0;
	}
out:
	git_object_free(blob);
	sk_str_free(&spec);
	sk_str_free(&ref);
	return ret;
}

const char *sk_git_library_version(void)
{
	return LIBGIT2_VERSION;
}
