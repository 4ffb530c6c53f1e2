/* SPDX-License-Identifier: MIT */
#include "guard/push.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/tree.h"

#define HEADS  "refs/heads/"
#define TAGS   "refs/tags/"
#define REMOTE "refs/remotes/"

void sk_push_free(struct sk_push *push)
{
	for (size_t i = 0; i < push->count; i++)
		free(push->refs[i].name);
	free(push->refs);
	free(push->tips);
	free(push->hidden);
	*push = (struct sk_push)SK_PUSH_INIT;
}

/* The last word of the line, which ends before it then; NULL: it has none. */
static const char *take_word(char *line, size_t *len)
{
	size_t at = *len;

	while (at && line[at - 1] != ' ')
		at--;
	if (!at || at == *len)
		return NULL;
	line[*len] = '\0';
	*len = at - 1;
	return line + at;
}

static bool is_zero(const struct sk_oid *oid)
{
	static const struct sk_oid zero;

	return memcmp(oid->id, zero.id, sizeof(zero.id)) == 0;
}

static int read_line(struct sk_push *push, char *line, size_t len,
		     struct sk_err *err)
{
	const char *old = take_word(line, &len), *name = take_word(line, &len),
		   *now = take_word(line, &len);
	struct sk_push_ref ref = {0};

	if (!now || !old || sk_oid_parse(&ref.now, now) < 0 ||
	    sk_oid_parse(&ref.old, old) < 0)
		return sk_fail(err, SK_EDATA,
			       "git names a ref in an unknown way");
	if (is_zero(&ref.now) || strncmp(name, TAGS, strlen(TAGS)) == 0)
		return 0;
	if (is_zero(&ref.old))
		ref.old.len = 0;
	ref.name = sk_strdup(name);
	SK_GROW(push->refs, push->count, push->cap);
	push->refs[push->count++] = ref;
	return 0;
}

static void find_tips(struct sk_push *push)
{
	struct sk_map known = SK_MAP_INIT;
	bool is_new;

	push->tips = sk_calloc(push->count + 1, sizeof(*push->tips));
	for (size_t i = 0; i < push->count; i++) {
		sk_map_add(&known, (const char *)push->refs[i].now.id,
			   SK_OID_LEN, 1, &is_new);
		if (is_new)
			push->tips[push->tip_count++] = push->refs[i].now;
	}
	sk_map_free(&known);
}

int sk_push_read(struct sk_push *push, const char *text, size_t len,
		 struct sk_err *err)
{
	struct sk_str line = SK_STR_INIT;
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < len;) {
		const char *eol = memchr(text + at, '\n', len - at);
		size_t used = eol ? (size_t)(eol - text) - at : len - at;

		sk_str_clear(&line);
		sk_str_add(&line, text + at, used);
		at += used + 1;
		if (used)
			rc = read_line(push, line.ptr, used, err);
	}
	find_tips(push);
	sk_str_free(&line);
	return rc;
}

static void hide(struct sk_push *push, const struct sk_oid *oid)
{
	SK_GROW(push->hidden, push->hidden_count, push->hidden_cap);
	push->hidden[push->hidden_count++] = *oid;
}

/* Remote-tracking branches, by name. */
struct tracking {
	struct sk_push *push;
	struct sk_map names; /* place among the hidden ones */
};

static int add_tracking(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct tracking *tracking = ctx;
	size_t place = tracking->push->hidden_count;

	if (strncmp(ref, REMOTE, strlen(REMOTE)) != 0)
		return 0;
	hide(tracking->push, tip);
	sk_map_add(&tracking->names, ref, strlen(ref), (int64_t)place, NULL);
	return 0;
}

/* What this clone does not have of the remote, the tracking branch stands for.
 */
static int find_old(struct sk_push_ref *ref, const struct tracking *tracking,
		    struct sk_repo *repo, const char *remote,
		    struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_str name = SK_STR_INIT;
	const int64_t *place = NULL;
	int rc = 1;

	if (ref->old.len)
		rc = sk_commit_read(&commit, repo, &ref->old, err);
	sk_commit_free(commit);
	if (rc > 0 && strncmp(ref->name, HEADS, strlen(HEADS)) == 0) {
		sk_str_addf(&name, REMOTE "%s/%s", remote,
			    ref->name + strlen(HEADS));
		place = sk_map_get(&tracking->names, name.ptr, name.len);
	}
	if (rc > 0) {
		ref->old.len = 0;
		if (place)
			ref->old = tracking->push->hidden[*place];
	}
	sk_str_free(&name);
	return rc < 0 ? -1 : 0;
}

int sk_push_find_published(struct sk_push *push, struct sk_repo *repo,
			   const char *remote, struct sk_err *err)
{
	struct tracking tracking = {push, SK_MAP_INIT};
	int rc = sk_repo_each_tip(repo, add_tracking, &tracking, err);

	for (size_t i = 0; rc == 0 && i < push->count; i++) {
		struct sk_push_ref *ref = &push->refs[i];

		rc = find_old(ref, &tracking, repo, remote, err);
		if (rc == 0 && ref->old.len)
			hide(push, &ref->old);
	}
	sk_map_free(&tracking.names);
	return rc;
}

void sk_specs_free(struct sk_specs *specs)
{
	sk_map_free(&specs->index);
	free(specs->trees);
	*specs = (struct sk_specs)SK_SPECS_INIT;
}

/* What is known by that id, of a commit or of its tree. */
static bool is_known(const struct sk_specs *specs, const struct sk_oid *id,
		     struct sk_oid *out)
{
	const int64_t *place =
		sk_map_get(&specs->index, (const char *)id->id, SK_OID_LEN);

	if (place)
		*out = specs->trees[*place];
	return place != NULL;
}

static void remember(struct sk_specs *specs, const struct sk_oid *id,
		     const struct sk_oid *tree)
{
	sk_map_add(&specs->index, (const char *)id->id, SK_OID_LEN,
		   (int64_t)specs->count, NULL);
	SK_GROW(specs->trees, specs->count, specs->cap);
	specs->trees[specs->count++] = *tree;
}

int sk_specs_find_read(struct sk_specs *specs, struct sk_repo *repo,
		       const struct sk_commit *commit, struct sk_oid *out,
		       struct sk_err *err)
{
	struct sk_tree_entry entry;
	int rc;

	if (is_known(specs, &commit->id, out))
		return 0;
	if (!is_known(specs, &commit->tree, out)) {
		rc = sk_tree_find(repo, &commit->tree, "kitty-specs", &entry,
				  err);
		if (rc < 0)
			return -1;
		*out = (struct sk_oid){.len = 0};
		if (rc == 0 && sk_tree_entry_is_dir(&entry))
			*out = entry.id;
		remember(specs, &commit->tree, out);
	}
	remember(specs, &commit->id, out);
	return 0;
}

int sk_specs_find(struct sk_specs *specs, struct sk_repo *repo,
		  const struct sk_oid *id, struct sk_oid *out,
		  struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	int rc = 0;

	*out = (struct sk_oid){.len = 0};
	if (!is_known(specs, id, out))
		rc = sk_commit_read(&commit, repo, id, err);
	if (rc == 0 && commit)
		rc = sk_specs_find_read(specs, repo, commit, out, err);
	sk_commit_free(commit);
	return rc;
}

/* Whether it is not as the specs of `id`; what is not there cannot tell. */
static int is_other(struct sk_specs *specs, struct sk_repo *repo,
		    const struct sk_oid *tree, const struct sk_oid *id,
		    struct sk_err *err)
{
	struct sk_oid other;
	int rc = sk_specs_find(specs, repo, id, &other, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return memcmp(tree, &other, sizeof(other)) != 0;
}

static int walk_touches(struct sk_specs *specs, const struct sk_walk *walk,
			struct sk_repo *repo, struct sk_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < walk->count; i++) {
		const struct sk_commit *commit = walk->commits[i];
		struct sk_oid tree;

		rc = sk_specs_find_read(specs, repo, commit, &tree, err);
		if (rc == 0 && !commit->parent_count && !commit->is_cut)
			rc = tree.len > 0;
		for (size_t k = 0; rc == 0 && k < commit->parent_count; k++)
			rc = is_other(specs, repo, &tree, &commit->parents[k],
				      err);
	}
	return rc;
}

int sk_push_touches(struct sk_push *push, struct sk_repo *repo,
		    struct sk_err *err)
{
	struct sk_specs specs = SK_SPECS_INIT;
	struct sk_walk walk = SK_WALK_INIT;
	int rc = sk_walk_commits(&walk, repo, push->tips, push->tip_count,
				 push->hidden, push->hidden_count, err);

	if (rc == 0)
		rc = walk_touches(&specs, &walk, repo, err);
	for (size_t i = 0; rc == 0 && i < push->count; i++) {
		const struct sk_push_ref *ref = &push->refs[i];
		struct sk_oid tree;

		if (!ref->old.len)
			continue;
		rc = sk_specs_find(&specs, repo, &ref->now, &tree, err);
		if (rc == 0)
			rc = is_other(&specs, repo, &tree, &ref->old, err);
	}
	sk_walk_free(&walk);
	sk_specs_free(&specs);
	return rc;
}

int sk_specs_differ(struct sk_repo *repo, const struct sk_oid *commits,
		    size_t count, struct sk_err *err)
{
	struct sk_specs specs = SK_SPECS_INIT;
	struct sk_oid first;
	int rc = count ? sk_specs_find(&specs, repo, &commits[0], &first, err)
		       : 0;

	for (size_t i = 1; rc == 0 && i < count; i++)
		rc = is_other(&specs, repo, &first, &commits[i], err);
	sk_specs_free(&specs);
	return rc;
}
