/* SPDX-License-Identifier: MIT */
#include "git/advancepart.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "git/askid.h"
#include "git/treediff.h"

enum { FILE_MAX = 1 << 30, SHA1_HEX_LEN = 40 };

/* One of the two commits, and how the files compare with it. */
struct side {
	const char *commit;
	struct sk_map edited; /* its files that are not as it has them */
};

struct healing {
	struct sk_advance *adv;
	struct side from, to;
	struct sk_tree_changes changes;
	struct sk_str info; /* for update-index --index-info */
	bool is_sha256;
	size_t behind;	    /* paths that are not as `to` has them yet */
	const char *edited; /* one that somebody has edited; NULL: none */
};

/* Compare the files with a commit, by an index that is that commit's. */
static int compare(struct healing *heal, struct side *side, struct sk_err *err)
{
	struct sk_git_place beside = heal->adv->place;
	struct sk_str index = SK_STR_INIT, names = SK_STR_INIT;
	int rc;

	sk_str_addf(&index, "%s.side", heal->adv->index.ptr);
	beside.index = index.ptr;
	rc = sk_git_must(NULL, &beside, NULL,
			 (const char *const[]){"read-tree", side->commit, NULL},
			 err);
	if (rc == 0)
		rc = sk_advance_refresh(&beside, err);
	if (rc == 0)
		rc = sk_git_must(&names, &beside, NULL,
				 (const char *const[]){"diff-files", "-z",
						       "--name-only",
						       "--no-renames", NULL},
				 err);
	for (const char *at = names.ptr; rc == 0 && at < names.ptr + names.len;
	     at += strlen(at) + 1)
		sk_map_add(&side->edited, at, strlen(at), 1, NULL);
	unlink(index.ptr);
	sk_str_free(&names);
	sk_str_free(&index);
	return rc;
}

/* A folder there is what other paths are in. */
static bool is_absent(const char *full)
{
	struct stat st;

	return lstat(full, &st) < 0 || S_ISDIR(st.st_mode);
}

static bool is_as(const struct side *side, const struct sk_entry *entry,
		  const char *path, const char *full)
{
	if (!entry->mode)
		return is_absent(full);
	return !sk_map_get(&side->edited, path, strlen(path));
}

/* Whether the file is the beginning of what git writes for that entry. */
static int has_begun(struct healing *heal, const struct sk_entry *entry,
		     const char *path, const struct sk_str *bytes,
		     struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT, whole = SK_STR_INIT;
	int rc;

	if (!S_ISREG(entry->mode))
		return 0;
	sk_str_addf(&name, "--path=%s", path);
	rc = sk_git_must(&whole, &heal->adv->place, NULL,
			 (const char *const[]){"cat-file", "--filters",
					       name.ptr, entry->id, NULL},
			 err);
	if (rc == 0)
		rc = bytes->len < whole.len &&
		     memcmp(bytes->ptr, whole.ptr, bytes->len) == 0;
	sk_str_free(&whole);
	sk_str_free(&name);
	return rc;
}

/*
 * What is as neither has it: missing, begun by git, or edited by somebody.
 * Returns 1 for that, 0 or -1.
 */
static int take_rest(struct healing *heal, size_t i, const char *full,
		     struct sk_err *err)
{
	const char *path = heal->changes.paths.args[i];
	struct sk_str bytes = SK_STR_INIT;
	int rc;

	if (is_absent(full))
		return 0;
	rc = sk_file_read(&bytes, full, FILE_MAX, err);
	if (rc < 0 && err->code == SK_EDATA)
		return 1;
	if (rc == 0)
		rc = has_begun(heal, &heal->changes.news[i], path, &bytes, err);
	if (rc == 0)
		rc = has_begun(heal, &heal->changes.olds[i], path, &bytes, err);
	sk_str_free(&bytes);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	if (unlink(full) < 0)
		return sk_fail_errno(err, errno, "cannot remove '%s'", full);
	return 0;
}

static int look_at(struct healing *heal, size_t i, struct sk_err *err)
{
	const char *path = heal->changes.paths.args[i];
	const struct sk_entry *entry = &heal->changes.news[i];
	const struct sk_entry *old = &heal->changes.olds[i];
	struct sk_str full = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&full, "%s/%s", heal->adv->place.folder, path);
	if (!is_as(&heal->to, entry, path, full.ptr)) {
		if (!is_as(&heal->from, old, path, full.ptr))
			rc = take_rest(heal, i, full.ptr, err);
		if (rc > 0)
			heal->edited = path;
		else
			entry = old;
		heal->behind += rc == 0;
	}
	sk_entry_add_info(&heal->info, entry, path, heal->is_sha256);
	sk_str_free(&full);
	return rc < 0 ? -1 : 0;
}

/* Where nothing is to be written any more an edit is nobody's concern. */
static int check_edited(const struct healing *heal, struct sk_err *err)
{
	if (!heal->edited || !heal->behind)
		return 0;
	sk_fail(err, SK_EDATA, "'%.200s' has been edited meanwhile",
		heal->edited);
	return sk_hint(err, "put it aside, and run the command again");
}

static int write_index(struct healing *heal, struct sk_err *err)
{
	struct sk_feed feed = {.data = heal->info.ptr, .len = heal->info.len};

	if (!heal->info.len)
		return 0;
	if (sk_git_must(NULL, &heal->adv->place, &feed,
			(const char *const[]){"update-index", "-z",
					      "--index-info", NULL},
			err) < 0)
		return -1;
	return sk_advance_refresh(&heal->adv->place, err);
}

int sk_advance_heal(char tree[SK_HEX_LEN + 1], struct sk_advance *adv,
		    const char *from, const char *to, struct sk_err *err)
{
	struct healing heal = {
		.adv = adv,
		.from = {.commit = from, .edited = SK_MAP_INIT},
		.to = {.commit = to, .edited = SK_MAP_INIT},
		.changes = SK_TREE_CHANGES_INIT,
		.info = SK_STR_INIT,
		.is_sha256 = strlen(from) > SHA1_HEX_LEN,
	};
	size_t count;
	int rc =
		sk_tree_changes_read(&heal.changes, &adv->place, from, to, err);

	count = rc == 0 ? heal.changes.count : 0;
	if (count)
		rc = compare(&heal, &heal.from, err);
	if (rc == 0 && count)
		rc = compare(&heal, &heal.to, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = look_at(&heal, i, err);
	if (rc == 0)
		rc = check_edited(&heal, err);
	if (rc == 0)
		rc = write_index(&heal, err);
	if (rc == 0)
		rc = sk_git_ask_id(tree, &adv->place, NULL,
				   (const char *const[]){"write-tree", NULL},
				   err);
	sk_map_free(&heal.from.edited);
	sk_map_free(&heal.to.edited);
	sk_tree_changes_free(&heal.changes);
	sk_str_free(&heal.info);
	return rc;
}
