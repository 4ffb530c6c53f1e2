/* SPDX-License-Identifier: MIT */
/*
 * Not git_revwalk: that of libgit2 1.5 fails in a shallow clone, whose parents
 * it looks for in vain, and the hooks do without libgit2.
 */
#include "git/walk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "git/walkstate.h"

/*
 * So many commits are looked at before the hidden ones are read: a commit made
 * on top of the last one captured needs none of a thousand other branches.
 */
enum { UNREAD_UNTIL = 16 };

static bool newer_first(const struct sk_commit *a, const struct sk_commit *b)
{
	return a->commit_time > b->commit_time;
}

size_t sk_walk_place(const struct sk_walk_state *s, const struct sk_oid *id)
{
	int64_t *at = sk_map_get(&s->index, (const char *)id->id, SK_OID_LEN);

	return at ? (size_t)*at : SIZE_MAX;
}

bool sk_walk_is_result(const struct sk_commit *commit)
{
	return (commit->flags & (SK_WALK_WANTED | SK_WALK_HIDDEN)) ==
	       SK_WALK_WANTED;
}

static struct sk_commit *known(const struct sk_walk_state *s,
			       const struct sk_oid *id)
{
	size_t at = sk_walk_place(s, id);

	return at == SIZE_MAX ? NULL : s->walk->all[at];
}

/* Hide it, and everything it reaches that has been read already. */
static void hide(struct sk_walk_state *s, struct sk_commit *commit)
{
	struct sk_commit **todo = NULL;
	size_t len = 0, cap = 0;

	SK_GROW(todo, len, cap);
	todo[len++] = commit;
	while (len) {
		commit = todo[--len];
		if (commit->flags & SK_WALK_HIDDEN)
			continue;
		commit->flags |= SK_WALK_HIDDEN;
		if (!(commit->flags & SK_WALK_DONE))
			s->interesting--; /* still in the heap */
		for (size_t i = 0; i < commit->parent_count; i++) {
			struct sk_commit *parent =
				known(s, &commit->parents[i]);

			if (!parent)
				continue;
			SK_GROW(todo, len, cap);
			todo[len++] = parent;
		}
	}
	free(todo);
}

static void add(struct sk_walk_state *s, struct sk_commit *commit)
{
	struct sk_walk *walk = s->walk;

	sk_map_add(&s->index, (const char *)commit->id.id, SK_OID_LEN,
		   (int64_t)walk->all_count, NULL);
	SK_GROW(walk->all, walk->all_count, walk->all_cap);
	walk->all[walk->all_count++] = commit;
}

/* Read a commit and queue it. Returns 0; 1 when it is missing; -1. */
static int visit(struct sk_walk_state *s, const struct sk_oid *id, bool hidden,
		 struct sk_err *err)
{
	struct sk_commit *commit = known(s, id);
	int rc;

	if (!commit) {
		rc = sk_commit_read(&commit, s->repo, id, err);
		if (rc != 0)
			return rc;
		add(s, commit);
		sk_heap_push(&s->heap, commit);
		s->interesting++;
	}
	if (hidden)
		hide(s, commit);
	return 0;
}

static int visit_parents(struct sk_walk_state *s,
			 const struct sk_commit *commit, struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];

	for (size_t i = 0; i < commit->parent_count; i++) {
		bool hidden = commit->flags & SK_WALK_HIDDEN;
		int rc = visit(s, &commit->parents[i], hidden, err);

		if (rc < 0)
			return -1;
		if (rc > 0 && !hidden) {
			sk_oid_hex(hex, &commit->parents[i]);
			return sk_fail(err, SK_EDATA, "commit %s is missing",
				       hex);
		}
	}
	return 0;
}

/* Know a commit to be hidden, without reading it. */
static void add_hidden(struct sk_walk_state *s, const struct sk_oid *id)
{
	struct sk_commit *commit;

	if (known(s, id))
		return;
	commit = sk_calloc(1, sizeof(*commit));
	commit->id = *id;
	commit->flags = SK_WALK_HIDDEN | SK_WALK_UNREAD;
	add(s, commit);
	s->unread++;
}

/* Now read them all, so that they hide what they reach. */
static int read_hidden(struct sk_walk_state *s, struct sk_err *err)
{
	struct sk_walk *walk = s->walk;

	for (size_t i = 0; s->unread && i < walk->all_count; i++) {
		struct sk_commit *commit = walk->all[i], *read = NULL;
		int rc;

		if (!(commit->flags & SK_WALK_UNREAD))
			continue;
		rc = sk_commit_read(&read, s->repo, &commit->id, err);
		if (rc < 0)
			return -1;
		s->unread--;
		commit->flags &= ~(unsigned)SK_WALK_UNREAD;
		if (rc > 0) {
			commit->flags |= SK_WALK_ABSENT;
			continue;
		}
		read->flags = commit->flags;
		*commit = *read; /* its parents are taken over */
		free(read);
		/* once it was known it could be met; what it reaches is new */
		commit->flags &= ~(unsigned)SK_WALK_HIDDEN;
		s->interesting++;
		hide(s, commit);
		sk_heap_push(&s->heap, commit);
	}
	return 0;
}

/* Judging costs what was read: do it less and less often. */
static bool is_over(struct sk_walk_state *s, size_t popped)
{
	if (s->interesting || popped < s->check_at)
		return false;
	s->check_at = popped + popped / 4 + 8;
	return sk_walk_is_at_end(s);
}

static int paint(struct sk_walk_state *s, struct sk_err *err)
{
	size_t popped = 0;

	while ((s->heap.len || s->unread) && !is_over(s, popped)) {
		struct sk_commit *commit;

		if (s->unread && (!s->interesting || popped >= UNREAD_UNTIL)) {
			if (read_hidden(s, err) < 0)
				return -1;
			continue;
		}
		commit = sk_heap_pop(&s->heap);
		popped++;
		if (!(commit->flags & SK_WALK_HIDDEN)) {
			commit->flags |= SK_WALK_WANTED;
			s->interesting--;
		}
		commit->flags |= SK_WALK_DONE;
		if (visit_parents(s, commit, err) < 0)
			return -1;
	}
	return 0;
}

int sk_walk_commits(struct sk_walk *walk, struct sk_repo *repo,
		    const struct sk_oid *tips, size_t tip_count,
		    const struct sk_oid *hidden, size_t hidden_count,
		    struct sk_err *err)
{
	struct sk_walk_state s = {
		.repo = repo, .walk = walk, .heap = {.before = newer_first}};
	int ret = -1;

	*walk = (struct sk_walk)SK_WALK_INIT;
	for (size_t i = 0; i < hidden_count; i++)
		add_hidden(&s, &hidden[i]);
	for (size_t i = 0; i < tip_count; i++) {
		int rc = visit(&s, &tips[i], false, err);

		if (rc > 0)
			sk_fail(err, SK_EDATA,
				"the commit to start from is missing");
		if (rc != 0)
			goto out;
	}
	if (paint(&s, err) < 0)
		goto out;
	sk_walk_sort(&s);
	ret = 0;
out:
	free(s.heap.items);
	sk_map_free(&s.index);
	if (ret < 0)
		sk_walk_free(walk);
	return ret;
}

void sk_walk_free(struct sk_walk *walk)
{
	for (size_t i = 0; i < walk->all_count; i++)
		sk_commit_free(walk->all[i]);
	free(walk->all);
	free(walk->commits);
	*walk = (struct sk_walk)SK_WALK_INIT;
}
