/* SPDX-License-Identifier: MIT */
#include "git/repo.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "git/source.h"

static int read_shallow(struct sk_repo *repo, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	char *line, *save = NULL;
	int rc;

	sk_str_addf(&path, "%s/shallow", repo->layout.common_dir);
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
	return rc < 0 ? sk_hint(err,
				"run 'git fsck' to see what it makes of it")
		      : 0;
}

int sk_repo_open_by(struct sk_repo **out, const struct sk_source *source,
		    struct sk_err *err)
{
	struct sk_repo *repo = sk_calloc(1, sizeof(*repo));

	if (sk_layout_find(&repo->layout, err) < 0)
		goto fail;
	/* the one that can read everything */
	if (repo->layout.is_sha256)
		source = &sk_source_plumbing;
	repo->source = source;
	if (source->open(repo, err) < 0 || read_shallow(repo, err) < 0)
		goto fail;
	*out = repo;
	return 0;
fail:
	sk_repo_close(repo);
	return -1;
}

int sk_repo_open(struct sk_repo **out, struct sk_err *err)
{
	return sk_repo_open_by(out, &sk_source_plumbing, err);
}

int sk_repo_reopen(struct sk_repo *repo, struct sk_err *err)
{
	repo->source->close(repo);
	repo->store = NULL;
	return repo->source->open(repo, err);
}

bool sk_repo_is_partial(const struct sk_repo *repo)
{
	return repo->layout.is_partial;
}

void sk_repo_close(struct sk_repo *repo)
{
	if (!repo)
		return;
	if (repo->source)
		repo->source->close(repo);
	sk_map_free(&repo->shallow);
	sk_layout_free(&repo->layout);
	free(repo);
}

const char *sk_repo_git_dir(const struct sk_repo *repo)
{
	return repo->layout.git_dir;
}

const char *sk_repo_common_dir(const struct sk_repo *repo)
{
	return repo->layout.common_dir;
}

const char *sk_repo_work_tree(const struct sk_repo *repo)
{
	return repo->layout.work_tree;
}

int sk_repo_resolve(struct sk_repo *repo, const char *rev, struct sk_oid *out,
		    struct sk_err *err)
{
	struct sk_str spec = SK_STR_INIT, said = SK_STR_INIT;
	int rc;

	(void)repo; /* of the same folder and environment as git's */
	sk_str_addf(&spec, "%s^{commit}", rev);
	rc = sk_spawn_ask(&said,
			  (const char *const[]){"git", "rev-parse", "-q",
						"--verify", "--end-of-options",
						spec.ptr, NULL},
			  err);
	if (rc >= 0 && (rc > 0 || sk_oid_parse(out, said.ptr) < 0))
		rc = sk_fail(err, SK_EUSAGE, "'%.100s' names no commit", rev);
	sk_str_free(&said);
	sk_str_free(&spec);
	return rc;
}

const char *sk_object_name(enum sk_object kind)
{
	static const char *const names[] = {
		[SK_OBJECT_COMMIT] = "commit",
		[SK_OBJECT_TREE] = "tree",
		[SK_OBJECT_BLOB] = "blob",
	};

	return names[kind];
}

int sk_repo_read(struct sk_repo *repo, const struct sk_oid *oid,
		 enum sk_object kind, struct sk_raw *out, struct sk_err *err)
{
	*out = (struct sk_raw)SK_RAW_INIT;
	return repo->source->read(repo, oid, kind, out, err);
}

void sk_raw_release(struct sk_raw *raw)
{
	if (raw->release)
		raw->release(raw->handle);
	*raw = (struct sk_raw)SK_RAW_INIT;
}

int sk_repo_blob_size(struct sk_repo *repo, const struct sk_oid *oid,
		      size_t *size, struct sk_err *err)
{
	return repo->source->size(repo, oid, size, err);
}

bool sk_repo_is_shallow_at(const struct sk_repo *repo, const struct sk_oid *oid)
{
	return sk_map_get(&repo->shallow, (const char *)oid->id, SK_OID_LEN);
}

bool sk_repo_is_shallow(const struct sk_repo *repo)
{
	return repo->shallow.len > 0;
}
