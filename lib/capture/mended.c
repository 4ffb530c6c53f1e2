/* SPDX-License-Identifier: MIT */
#include "capture/mended.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "capture/reader.h"
#include "git/walk.h"
#include "outbox/unreadable.h"

/* What is recorded, and the trees it is looked for in. */
struct review {
	struct sk_repo *repo;
	size_t log_max;
	struct sk_reader reader;
	struct sk_fault *faults;
	size_t count, cap;
	struct sk_oid *trees; /* of the heads */
	size_t tree_count, tree_cap;
};

static int keep_fault(void *ctx, const struct sk_unreadable *what)
{
	struct review *review = ctx;
	struct sk_fault *fault;

	SK_GROW(review->faults, review->count, review->cap);
	fault = &review->faults[review->count++];
	*fault = (struct sk_fault){.path = sk_strdup(what->path),
				   .size = (size_t)what->size};
	snprintf(fault->commit, sizeof(fault->commit), "%s", what->commit);
	snprintf(fault->key, sizeof(fault->key), "%s", what->key);
	return 0;
}

/* The heads of all worktrees; branches that are in none are not asked. */
static int add_head(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct review *review = ctx;
	struct sk_commit *commit = NULL;
	struct sk_err ignored = {0};

	(void)ref;
	if (sk_commit_read(&commit, review->repo, tip, &ignored) != 0)
		return 0;
	SK_GROW(review->trees, review->tree_count, review->tree_cap);
	review->trees[review->tree_count++] = commit->tree;
	sk_commit_free(commit);
	return 0;
}

/* What is at a path of a tree. Returns 0; 1 when there is nothing; -1. */
static int find(struct sk_oid *out, struct review *review,
		const struct sk_oid *tree, const char *path)
{
	struct sk_tree_entry entry = {.id = *tree};
	struct sk_str copy = SK_STR_INIT;
	struct sk_err ignored = {0};
	char *name, *save = NULL;
	int rc = 0;

	sk_str_set(&copy, path);
	for (name = strtok_r(copy.ptr, "/", &save); name && rc == 0;
	     name = strtok_r(NULL, "/", &save)) {
		struct sk_oid in = entry.id;

		rc = sk_reader_find(&review->reader, &in, name, &entry,
				    &ignored);
	}
	*out = entry.id;
	sk_str_free(&copy);
	return rc;
}

/* Whether some line of the log has this size and key. */
static bool has_line(struct review *review, const struct sk_oid *log,
		     const struct sk_fault *fault)
{
	char key[SK_FAULT_KEY_SIZE];
	const char *at, *end, *eol;
	struct sk_err ignored = {0};
	struct sk_raw raw;
	bool found = false;

	if (sk_reader_log(&review->reader, log, &raw, &ignored) < 0)
		return true; /* nobody can tell that it is gone */
	end = raw.data + raw.len;
	for (at = raw.data; at < end && !found; at = eol + 1) {
		eol = memchr(at, '\n', (size_t)(end - at));
		if (!eol)
			eol = end;
		if ((size_t)(eol - at) != fault->size)
			continue;
		sk_fault_line_key(key, at, fault->size);
		found = strcmp(key, fault->key) == 0;
	}
	sk_raw_release(&raw);
	return found;
}

/* The id in a key of an object: is it missing no more? */
static bool is_back(struct review *review, const char *key)
{
	struct sk_err ignored = {0};
	struct sk_oid id;
	size_t size;

	return key[0] == '?' && sk_oid_parse(&id, key + 1) == 0 &&
	       sk_repo_blob_size(review->repo, &id, &size, &ignored) == 0;
}

/* Whether a head has what was in the way at the commit it was seen in. */
static bool is_there(struct review *review, const struct sk_fault *fault)
{
	struct sk_commit *commit = NULL;
	struct sk_err ignored = {0};
	struct sk_oid id, now, then;
	bool is_line = fault->key[0] == '!', found = false;

	sk_reader_start(&review->reader, review->repo, review->log_max);
	if (!is_line &&
	    (is_back(review, fault->key) ||
	     sk_oid_parse(&id, fault->commit) < 0 ||
	     sk_commit_read(&commit, review->repo, &id, &ignored) != 0 ||
	     find(&then, review, &commit->tree, fault->path) != 0))
		goto out;
	for (size_t i = 0; i < review->tree_count && !found; i++) {
		if (find(&now, review, &review->trees[i], fault->path) != 0)
			continue;
		found = is_line ? has_line(review, &now, fault)
				: sk_oid_equal(&now, &then);
	}
out:
	sk_commit_free(commit);
	return found;
}

int sk_mended_forget(struct sk_outbox *box, const char *clone,
		     struct sk_repo *repo, size_t log_max, struct sk_err *err)
{
	struct review review = {.repo = repo, .log_max = log_max};
	int rc = sk_unreadable_each(box, clone, keep_fault, &review, err);

	if (rc == 0 && review.count)
		rc = sk_repo_each_head(repo, add_head, &review, err);
	for (size_t i = 0; i < review.count && rc == 0; i++) {
		struct sk_fault *fault = &review.faults[i];

		if (!is_there(&review, fault))
			rc = sk_unreadable_forget(box, clone, fault->path,
						  fault->key, err);
	}
	for (size_t i = 0; i < review.count; i++)
		sk_fault_free(&review.faults[i]);
	free(review.faults);
	free(review.trees);
	return rc;
}

static int stop(void *ctx, const struct sk_unreadable *what)
{
	(void)ctx, (void)what; /* that there is one is enough */
	return 1;
}

int sk_mended_review(struct sk_outbox *box, const char *clone,
		     struct sk_repo *repo, size_t log_max, struct sk_err *err)
{
	int rc = sk_unreadable_each(box, clone, stop, NULL, err);

	if (rc <= 0)
		return rc;
	if (sk_outbox_begin(box, err) < 0)
		return -1;
	if (sk_mended_forget(box, clone, repo, log_max, err) == 0 &&
	    sk_outbox_commit(box, err) == 0)
		return 0;
	sk_outbox_rollback(box);
	return -1;
}
