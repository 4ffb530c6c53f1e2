/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "git/askid.h"
#include "git/committree.h"
#include "git/walk.h"
#include "merge/planning.h"

/*
 * What is asked of a commit that is made anew. Git 2.39 has no merge of trees
 * with a base of one's choice: three commits are made that have it.
 */
struct replay {
	struct sk_planning *p;
	struct sk_words commits; /* the oldest first */
	char tip[SK_HEX_LEN + 1];
	char tree[SK_HEX_LEN + 1]; /* of the tip */
	bool is_signed;		   /* each commit is to be */
};

static int list_commits(struct replay *r, struct sk_err *err)
{
	struct sk_planning *p = r->p;
	struct sk_str range = SK_STR_INIT, said = SK_STR_INIT;
	char *save = NULL;
	int rc;

	/* one that the target has under another id is not wanted again */
	sk_str_addf(&range, "%s...%s", p->plan->base, p->plan->mission);
	rc = sk_git_must(&said, &p->place, NULL,
			 (const char *const[]){"rev-list", "--reverse",
					       "--topo-order", "--no-merges",
					       "--right-only", "--cherry-pick",
					       range.ptr, NULL},
			 err);
	for (char *line = rc == 0 ? strtok_r(said.ptr, "\n", &save) : NULL;
	     line; line = strtok_r(NULL, "\n", &save))
		sk_words_add(&r->commits, line);
	sk_str_free(&said);
	sk_str_free(&range);
	return rc;
}

/* The tree of a commit; returns as sk_commit_read(), 1 being a failure here. */
static int read_commit(struct sk_commit **out, struct replay *r, const char *id,
		       struct sk_err *err)
{
	struct sk_oid oid;
	int rc = sk_oid_parse(&oid, id);

	if (rc == 0)
		rc = sk_commit_read(out, r->p->repo, &oid, err);
	return rc > 0 ? sk_fail(err, SK_EDATA, "commit %s is missing", id) : rc;
}

static int find_tree(char tree[SK_HEX_LEN + 1], struct replay *r,
		     const char *id, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	int rc = read_commit(&commit, r, id, err);

	if (rc == 0)
		sk_oid_hex(tree, &commit->tree);
	sk_commit_free(commit);
	return rc;
}

/* That of its parent. */
static int find_base(char base[SK_HEX_LEN + 1], struct replay *r,
		     const char *id, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	char parent[SK_HEX_LEN + 1] = "";
	int rc = read_commit(&commit, r, id, err);

	if (rc == 0 && commit->parent_count)
		sk_oid_hex(parent, &commit->parents[0]);
	sk_commit_free(commit);
	if (rc < 0 || parent[0])
		return rc < 0 ? -1 : find_tree(base, r, parent, err);
	return sk_git_ask_id(base, &r->p->place, NULL,
			     (const char *const[]){"hash-object", "-t", "tree",
						   "-w", "--stdin", NULL},
			     err); /* it begins history */
}

/* A commit that nobody will ever see, and nobody has to sign. */
static int wrap(char id[SK_HEX_LEN + 1], struct replay *r, const char *tree,
		const char *parent, struct sk_err *err)
{
	const char *const with[] = {"commit-tree", "-m", "base", "-p",
				    parent,	   tree, NULL};
	const char *const without[] = {"commit-tree", "-m", "base", tree, NULL};

	return sk_git_ask_id(id, &r->p->place, NULL, parent ? with : without,
			     err);
}

/* The line of a commit that begins so, with its end; NULL: it has none. */
static const char *find_header(const char *text, const char *end,
			       const char *name, size_t *len)
{
	for (const char *at = text; at < end && *at != '\n';) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			return NULL;
		*len = (size_t)(stop + 1 - at);
		if (strncmp(at, name, strlen(name)) == 0)
			return at;
		at = stop + 1;
	}
	return NULL;
}

/* Append what a header says; nothing when there is none. */
static void add_header(struct sk_str *out, const char *text, const char *end,
		       const char *name)
{
	size_t len = 0;
	const char *line = find_header(text, end, name, &len);

	if (line)
		sk_str_add(out, line + strlen(name), len - strlen(name) - 1);
}

/* By git itself, which alone can sign it. */
static int commit_signed(struct replay *r, const struct sk_raw *like,
			 const char *message, const char *tree,
			 struct sk_err *err)
{
	const char *end = like->data + like->len;
	const char *const parents[] = {r->tip, NULL};
	struct sk_str author = SK_STR_INIT, encoding = SK_STR_INIT,
		      text = SK_STR_INIT;
	struct sk_commit_wanted wanted = {.tree = tree, .parents = parents};
	int rc;

	add_header(&author, like->data, end, "author ");
	add_header(&encoding, like->data, end, "encoding ");
	sk_str_add(&text, message, (size_t)(end - message));
	wanted.author = author.ptr;
	wanted.encoding = encoding.len ? encoding.ptr : NULL;
	wanted.message = text.ptr;
	rc = sk_commit_tree(r->tip, &r->p->place, &wanted, err);
	sk_str_free(&text);
	sk_str_free(&encoding);
	sk_str_free(&author);
	return rc;
}

/* Byte for byte, but who commits it is us. */
static int commit_plain(struct replay *r, const struct sk_raw *like,
			const char *message, const char *tree,
			struct sk_err *err)
{
	static const char *const kept[] = {"author ", "committer ",
					   "encoding "};
	const char *end = like->data + like->len;
	struct sk_str text = SK_STR_INIT, who = SK_STR_INIT;
	struct sk_feed feed = {0};
	int rc = sk_git_must(
		&who, &r->p->place, NULL,
		(const char *const[]){"var", "GIT_COMMITTER_IDENT", NULL}, err);

	sk_str_addf(&text, "tree %s\nparent %s\n", tree, r->tip);
	for (size_t i = 0; i < SK_COUNTOF(kept); i++) {
		size_t len;
		const char *line = find_header(like->data, end, kept[i], &len);

		if (i == 1)
			sk_str_addf(&text, "committer %s", who.ptr);
		else if (line)
			sk_str_add(&text, line, len);
	}
	sk_str_putc(&text, '\n');
	sk_str_add(&text, message, (size_t)(end - message));
	feed.data = text.ptr;
	feed.len = text.len;
	if (rc == 0)
		rc = sk_git_ask_id(r->tip, &r->p->place, &feed,
				   (const char *const[]){"hash-object", "-t",
							 "commit", "-w",
							 "--stdin", NULL},
				   err);
	sk_str_free(&who);
	sk_str_free(&text);
	return rc;
}

/* The same author, time, encoding and message. */
static int commit_like(struct replay *r, const char *like, const char *tree,
		       struct sk_err *err)
{
	struct sk_raw raw = SK_RAW_INIT;
	const char *message;
	struct sk_oid oid;
	int rc = sk_oid_parse(&oid, like);

	if (rc == 0)
		rc = sk_repo_read(r->p->repo, &oid, SK_OBJECT_COMMIT, &raw,
				  err);
	message = rc == 0 ? memmem(raw.data, raw.len, "\n\n", 2) : NULL;
	if (message && r->is_signed)
		rc = commit_signed(r, &raw, message + 2, tree, err);
	else if (message)
		rc = commit_plain(r, &raw, message + 2, tree, err);
	else if (rc >= 0)
		rc = sk_fail(err, SK_EDATA, "commit %s cannot be read", like);
	sk_raw_release(&raw);
	return rc;
}

/* Returns 0; 1 with blockers; -1. */
static int replay_one(struct replay *r, const char *commit, struct sk_err *err)
{
	char base[SK_HEX_LEN + 1], theirs[SK_HEX_LEN + 1];
	char on[SK_HEX_LEN + 1], old[SK_HEX_LEN + 1], now[SK_HEX_LEN + 1];
	struct sk_merge merged;
	int rc;

	if (find_base(base, r, commit, err) < 0 ||
	    find_tree(theirs, r, commit, err) < 0 ||
	    wrap(old, r, base, NULL, err) < 0 ||
	    wrap(on, r, r->tree, old, err) < 0 ||
	    wrap(now, r, theirs, old, err) < 0)
		return -1;
	rc = sk_merge_commits(&merged, r->p->repo, &r->p->standin.place, on,
			      now, err);
	if (rc > 0)
		sk_plan_add_conflicts(r->p, &merged, NULL, commit);
	/* one that has nothing left to change is dropped */
	if (rc == 0 && strcmp(merged.git.tree, r->tree) != 0) {
		memcpy(r->tree, merged.git.tree, sizeof(r->tree));
		rc = commit_like(r, commit, r->tree, err);
	}
	sk_merge_free(&merged);
	return rc;
}

/* Linear, it is to be what the merge would be: what somebody has settled in a
 * merge on the mission branch would be lost otherwise. */
static int check_tree(struct replay *r)
{
	struct sk_merge_plan *plan = r->p->plan;
	struct sk_blocker *b;

	if (strcmp(r->tree, plan->merge_tree) == 0)
		return 0;
	b = sk_blocker_add(&plan->found, SK_BLOCKER_REBASE_DIFFERS,
			   plan->branch);
	sk_plan_add_name(&b->message, plan->branch);
	sk_str_puts(&b->message, ", replayed commit by commit, is not what a"
				 " merge of it is");
	sk_plan_add_strategy(&b->remediation, r->p);
	return 1;
}

int sk_plan_rebase(char id[SK_HEX_LEN + 1], struct sk_planning *p,
		   struct sk_err *err)
{
	struct replay r = {.p = p, .commits = SK_WORDS_INIT};
	struct sk_err why = {0};
	int rc = list_commits(&r, err);

	r.is_signed =
		!p->wanted->is_dry && sk_commit_wants_signature(&p->place);
	memcpy(r.tip, p->plan->base, sizeof(r.tip));
	if (rc == 0)
		rc = find_tree(r.tree, &r, r.tip, err);
	for (size_t i = 0; rc == 0 && i < r.commits.len; i++) {
		rc = replay_one(&r, r.commits.items[i], &why);
		if (rc < 0) {
			sk_plan_block_failed(p, p->plan->branch, &why,
					     p->plan->branch, p->plan->target);
			rc = 1;
		}
	}
	if (rc == 0)
		rc = check_tree(&r);
	memcpy(id, r.tip, sizeof(r.tip));
	sk_words_free(&r.commits);
	return rc;
}
