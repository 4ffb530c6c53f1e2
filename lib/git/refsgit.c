/* SPDX-License-Identifier: MIT */
#include "git/source.h"

#include <string.h>

#include "base/spawn.h"

enum { ANSWER_MAX = 1 << 30 };

/* Run git. Returns its exit status, or -1. */
static int ask(struct sk_str *out, const char *const argv[], struct sk_err *err)
{
	return sk_spawn_read(out, NULL, argv, ANSWER_MAX, err);
}

int sk_refs_ask_head(struct sk_repo *repo, struct sk_oid *out,
		     struct sk_str *ref, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	char *name;
	int rc =
		ask(&said,
		    (const char *const[]){"git", "rev-parse", "HEAD",
					  "--symbolic-full-name", "HEAD", NULL},
		    err);

	sk_str_rtrim(&said);
	name = strchr(said.ptr, '\n');
	if (rc == 0 && name) {
		*name++ = '\0';
		rc = sk_oid_parse(out, said.ptr);
		sk_str_clear(ref);
		if (strcmp(name, "HEAD") == 0)
			sk_refs_add_head_name(ref, repo);
		else
			sk_str_puts(ref, name);
		if (rc < 0)
			sk_fail(err, SK_EDATA, "HEAD is no id");
	} else if (rc > 0) {
		/* a branch without a commit, or no answer at all? */
		rc = ask(NULL,
			 (const char *const[]){"git", "symbolic-ref", "-q",
					       "HEAD", NULL},
			 err);
		if (rc > 0)
			rc = sk_fail(err, SK_EDATA, "git cannot read HEAD");
		else if (rc == 0)
			rc = 1;
	}
	sk_str_free(&said);
	return rc;
}

/* Lines of `<id> <rest>`. */
static int each_line(struct sk_str *text,
		     int (*each)(void *ctx, const struct sk_oid *oid,
				 const char *rest),
		     void *ctx)
{
	char *line, *save = NULL;
	int rc = 0;

	for (line = strtok_r(text->ptr, "\n", &save); line && rc == 0;
	     line = strtok_r(NULL, "\n", &save)) {
		char *rest = strchr(line, ' ');
		struct sk_oid oid;

		if (!rest)
			continue;
		*rest++ = '\0';
		if (sk_oid_parse(&oid, line) == 0)
			rc = each(ctx, &oid, rest);
	}
	return rc;
}

struct tips {
	sk_tip_fn *each;
	void *ctx;
	struct sk_map branches; /* raw ids of their tips */
};

/* `<name> <what it names>`: a symbolic one (origin/HEAD) is no tip. */
static int add_branch(void *ctx, const struct sk_oid *oid, const char *rest)
{
	struct tips *tips = ctx;
	struct sk_str name = SK_STR_INIT;
	size_t len = strcspn(rest, " ");
	int rc = 0;

	sk_str_add(&name, rest, len);
	if (strncmp(rest, "refs/heads/", 11) == 0)
		sk_map_add(&tips->branches, (const char *)oid->id, SK_OID_LEN,
			   1, NULL);
	if (!rest[len] || !rest[len + 1])
		rc = tips->each(tips->ctx, name.ptr, oid);
	sk_str_free(&name);
	return rc;
}

static int ask_branches(bool with_remotes, struct tips *tips,
			struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	int rc = ask(&said,
		     (const char *const[]){
			     "git", "for-each-ref",
			     "--format=%(objectname) %(refname) %(symref)",
			     "refs/heads", with_remotes ? "refs/remotes" : NULL,
			     NULL},
		     err);

	if (rc > 0)
		rc = sk_fail(err, SK_EFAIL, "git cannot list the branches");
	if (rc == 0)
		rc = each_line(&said, add_branch, tips);
	sk_str_free(&said);
	return rc;
}

static bool is_other(const char *name)
{
	return strncmp(name, "refs/heads/", 11) != 0 &&
	       strncmp(name, "refs/remotes/", 13) != 0 &&
	       strcmp(name, "refs/stash") != 0;
}

/* `commit <name>`, or for a tag `tag <name> <id of what it names> commit`. */
static int add_other(void *ctx, const struct sk_oid *oid, const char *rest)
{
	const struct tips *tips = ctx;
	struct sk_str text = SK_STR_INIT;
	const char *kind, *name, *peeled, *peeled_kind;
	struct sk_oid tip = *oid;
	char *save = NULL;
	int rc = 0;

	sk_str_puts(&text, rest);
	kind = strtok_r(text.ptr, " ", &save);
	name = strtok_r(NULL, " ", &save);
	peeled = strtok_r(NULL, " ", &save);
	peeled_kind = strtok_r(NULL, " ", &save);
	if (name && is_other(name) &&
	    (strcmp(kind, "commit") == 0 ||
	     (peeled_kind && strcmp(peeled_kind, "commit") == 0 &&
	      sk_oid_parse(&tip, peeled) == 0)))
		rc = tips->each(tips->ctx, name, &tip);
	sk_str_free(&text);
	return rc;
}

int sk_repo_each_other_tip(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
			   struct sk_err *err)
{
	struct tips tips = {each, ctx, SK_MAP_INIT};
	struct sk_str said = SK_STR_INIT;
	int rc = ask(&said,
		     (const char *const[]){
			     "git", "for-each-ref",
			     "--format=%(objectname) %(objecttype) %(refname)"
			     " %(*objectname) %(*objecttype)",
			     NULL},
		     err);

	(void)repo; /* of the same folder and environment as git's */
	if (rc == 0)
		rc = each_line(&said, add_other, &tips);
	else if (rc > 0)
		rc = 0;
	sk_str_free(&said);
	return rc;
}

static int add_name(void *ctx, const char *name)
{
	sk_str_addf(ctx, "worktrees/%s/HEAD\n", name);
	return 0;
}

/*
 * `commit worktrees/<name>/HEAD`. One on a branch is that branch's tip; one
 * that is detached there has nothing that the branch has not.
 */
static int add_head(void *ctx, const struct sk_oid *oid, const char *rest)
{
	const struct tips *tips = ctx;

	return strncmp(rest, "commit ", 7) == 0 &&
			       !sk_map_get(&tips->branches,
					   (const char *)oid->id, SK_OID_LEN)
		       ? tips->each(tips->ctx, rest + 7, oid)
		       : 0;
}

/* Every worktree's HEAD by its name, in one question. */
static int ask_heads(const struct sk_repo *repo, const struct tips *tips,
		     struct sk_err *err)
{
	static const char *const argv[] = {
		"git", "cat-file",
		"--batch-check=%(objectname) %(objecttype) %(rest)", NULL};
	struct sk_str names = SK_STR_INIT, lines = SK_STR_INIT,
		      said = SK_STR_INIT;
	char *line, *save = NULL;
	int rc;

	sk_str_puts(&names, "main-worktree/HEAD\n");
	sk_refs_each_worktree(repo, add_name, &names);
	for (line = strtok_r(names.ptr, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		sk_str_addf(&lines, "%s %s\n", line,
			    strncmp(line, "main-worktree/", 14) == 0 ? line + 14
								     : line);
	rc = sk_spawn_talk(&said, &lines, argv, ANSWER_MAX, err);
	if (rc > 0)
		rc = sk_fail(err, SK_EFAIL, "git cannot list the worktrees");
	if (rc == 0)
		rc = each_line(&said, add_head, (void *)(uintptr_t)tips);
	sk_str_free(&said);
	sk_str_free(&lines);
	sk_str_free(&names);
	return rc;
}

int sk_refs_ask_tips(struct sk_repo *repo, bool with_remotes, sk_tip_fn *each,
		     void *ctx, struct sk_err *err)
{
	struct tips tips = {each, ctx, SK_MAP_INIT};
	int rc = ask_branches(with_remotes, &tips, err);

	if (rc == 0)
		rc = ask_heads(repo, &tips, err);
	sk_map_free(&tips.branches);
	return rc;
}

int sk_refs_ask_heads(struct sk_repo *repo, sk_tip_fn *each, void *ctx,
		      struct sk_err *err)
{
	const struct tips tips = {each, ctx, SK_MAP_INIT};

	return ask_heads(repo, &tips, err);
}
