/* SPDX-License-Identifier: MIT */
#include "git/commitfile.h"

#include <string.h>

#include "git/walk.h"

#define NAME_MAX_LEN 255

int sk_tree_find_path(struct sk_repo *repo, const struct sk_oid *tree,
		      const char *path, struct sk_tree_entry *out,
		      struct sk_err *err)
{
	struct sk_oid at = *tree;
	char name[NAME_MAX_LEN + 1];
	int rc = 0;

	while (rc == 0) {
		size_t len = strcspn(path, "/");

		if (len > NAME_MAX_LEN)
			return 1;
		memcpy(name, path, len);
		name[len] = '\0';
		rc = sk_tree_find(repo, &at, name, out, err);
		if (rc != 0 || !path[len])
			break;
		if (!sk_tree_entry_is_dir(out))
			return 1;
		at = out->id;
		path += len + 1;
	}
	return rc;
}

int sk_tree_file_read(struct sk_raw *out, struct sk_repo *repo,
		      const struct sk_oid *tree, const char *path, size_t max,
		      struct sk_err *err)
{
	struct sk_tree_entry entry;
	int rc = sk_tree_find_path(repo, tree, path, &entry, err);

	if (rc != 0 || !sk_tree_entry_is_file(&entry))
		return rc < 0 ? -1 : 1;
	rc = sk_repo_read(repo, &entry.id, SK_OBJECT_BLOB, out, err);
	if (rc > 0)
		return sk_fail(err, SK_EDATA, "'%s' is missing in this clone",
			       path);
	if (rc == 0 && out->len > max) {
		sk_raw_release(out);
		rc = sk_fail(err, SK_EDATA, "'%s' is larger than %zu bytes",
			     path, max);
	}
	return rc;
}

/* One that a partial clone left out is not absent: it may say anything. */
static int read_blob(struct sk_raw *raw, struct sk_repo *repo,
		     const struct sk_oid *id, const struct sk_oid *commit,
		     const char *path, struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];
	int rc = sk_repo_read(repo, id, SK_OBJECT_BLOB, raw, err);

	if (rc <= 0)
		return rc;
	sk_oid_hex(hex, commit);
	sk_fail(err, SK_EDATA, "'%s' of commit %.12s is missing", path, hex);
	return sk_hint(err, "run 'git show %.12s:%s', which fetches it", hex,
		       path);
}

int sk_commit_file_read(struct sk_str *out, struct sk_repo *repo,
			const struct sk_oid *id, const char *path, size_t max,
			struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_raw raw = SK_RAW_INIT;
	struct sk_tree_entry entry;
	int rc = sk_commit_read(&commit, repo, id, err);

	if (rc == 0)
		rc = sk_tree_find_path(repo, &commit->tree, path, &entry, err);
	if (rc == 0 && !sk_tree_entry_is_file(&entry))
		rc = 1;
	if (rc == 0)
		rc = read_blob(&raw, repo, &entry.id, id, path, err);
	if (rc == 0 && raw.len > max)
		rc = sk_fail(err, SK_EDATA, "'%s' is larger than %zu bytes",
			     path, max);
	else if (rc == 0)
		sk_str_add(out, raw.data, raw.len);
	sk_raw_release(&raw);
	sk_commit_free(commit);
	return rc;
}
