/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/planning.h"
#include "workflow/handle.h"

/* What the target follows. */
struct upstream {
	struct sk_words words; /* tracking ref, remote, the ref there */
	const char *ref;       /* NULL: it follows nothing */
	const char *remote, *there;
	char tip[SK_HEX_LEN + 1];
};

/* Append how to name the target that was meant, as far as that is known. */
static void add_other(struct sk_str *out, const struct sk_planning *p)
{
	const char *named[] = {p->mission ? p->mission->target : NULL,
			       p->file.target_branch};

	for (size_t i = 0; i < SK_COUNTOF(named); i++) {
		if (!named[i] ||
		    (p->plan->target && strcmp(named[i], p->plan->target) == 0))
			continue;
		sk_str_puts(out, "git sk-merge --into ");
		sk_blocker_add_word(out, named[i]);
		sk_str_putc(out, ' ');
		sk_blocker_add_word(out, p->mission->slug);
		return;
	}
	sk_str_puts(out, "git branch --list");
}

static void block_missing(struct sk_planning *p)
{
	const char *target = p->plan->target ? p->plan->target : "";
	const struct sk_mission_tip *tip = sk_missions_remote(&p->all, target);
	struct sk_blocker *b = sk_blocker_add(
		&p->plan->found, SK_BLOCKER_MISSING_TARGET, target);

	if (!*target) {
		sk_str_puts(&b->message,
			    "the mission does not say its target branch");
		add_other(&b->remediation, p);
		return;
	}
	sk_str_puts(&b->message, "there is no target branch ");
	sk_plan_add_name(&b->message, target);
	if (tip) {
		char hex[SK_HEX_LEN + 1];

		sk_str_puts(&b->message, " here, a remote has it");
		sk_plan_tip_hex(hex, tip);
		sk_blocker_add_branch(&b->remediation, target, hex);
	} else {
		sk_str_puts(&b->remediation, "git fetch --all");
	}
}

static bool check_kind(struct sk_planning *p)
{
	const char *target = p->plan->target, *what = NULL;
	struct sk_blocker *b;

	if (p->plan->branch && strcmp(p->plan->branch, target) == 0)
		what = "the mission's own branch";
	else if (sk_branch_is_lane(target))
		what = "the branch of a lane";
	if (!what)
		return true;
	b = sk_blocker_add(&p->plan->found, SK_BLOCKER_WRONG_TARGET, target);
	sk_plan_add_name(&b->message, target);
	sk_str_addf(&b->message, " is %s, no target", what);
	add_other(&b->remediation, p);
	p->target = NULL;
	p->plan->base[0] = '\0';
	return false;
}

/* Its own, or else the branch of the same name of 'origin'. */
static int find_upstream(struct upstream *up, struct sk_planning *p,
			 struct sk_err *err)
{
	static const char format[] = "--format=%(upstream)%00"
				     "%(upstream:remotename)%00"
				     "%(upstream:remoteref)%00";
	const char *const args[] = {"for-each-ref", format, p->target->ref,
				    NULL};
	struct sk_str said = SK_STR_INIT, ref = SK_STR_INIT;
	int rc = sk_git_must(&said, &p->place, NULL, args, err);

	sk_plan_split(&up->words, &said);
	if (rc == 0 && (up->words.len < 3 || !*up->words.items[0])) {
		sk_words_free(&up->words);
		sk_str_addf(&ref, "refs/remotes/origin/%s", p->plan->target);
		if (sk_missions_tip(&p->all, ref.ptr)) {
			sk_words_add(&up->words, ref.ptr);
			sk_words_add(&up->words, "origin");
			sk_words_add(&up->words, p->target->ref);
		}
	}
	if (rc == 0 && up->words.len) {
		up->ref = up->words.items[0];
		up->remote = up->words.items[1];
		up->there = up->words.items[2];
	}
	sk_str_free(&ref);
	sk_str_free(&said);
	return rc;
}

static void block_fetch(struct sk_planning *p, const struct upstream *up,
			struct sk_err *err)
{
	struct sk_blocker *b;

	err->hint[0] = '\0';
	b = sk_plan_block(p, SK_BLOCKER_FETCH_FAILED, p->plan->target, err);
	sk_str_puts(&b->remediation, "git fetch ");
	if (up->remote[0] == '-')
		sk_str_puts(&b->remediation, "-- ");
	sk_blocker_add_word(&b->remediation, up->remote);
}

/* The id on the line of that very ref: patterns of git's match ends of names.
 */
static int find_tip(char tip[SK_HEX_LEN + 1], const struct sk_str *said,
		    const char *ref)
{
	struct sk_str end = SK_STR_INIT;
	const char *line = said->ptr;
	struct sk_oid oid;
	int rc = -1;

	sk_str_addf(&end, "\t%s\n", ref);
	for (const char *at; rc < 0 && (at = strstr(line, end.ptr));
	     line = at + end.len) {
		const char *begin = at;

		while (begin > said->ptr && begin[-1] != '\n')
			begin--;
		if (at - begin > SK_HEX_LEN)
			continue;
		memcpy(tip, begin, (size_t)(at - begin));
		tip[at - begin] = '\0';
		rc = sk_oid_parse(&oid, tip);
	}
	sk_str_free(&end);
	return rc;
}

/*
 * How far the remote is by now. Its commits are fetched, no ref is moved for
 * them: a dry run leaves refs, FETCH_HEAD too, as they are.
 */
static void ask_remote(struct upstream *up, struct sk_planning *p)
{
	const char *const ask[] = {"ls-remote", "--", up->remote, up->there,
				   NULL};
	const char *const fetch[] = {"fetch",
				     "--quiet",
				     "--no-tags",
				     "--no-write-fetch-head",
				     "--no-auto-maintenance",
				     "--no-recurse-submodules",
				     "--refmap=",
				     "--",
				     up->remote,
				     up->there,
				     NULL};
	struct sk_str said = SK_STR_INIT;
	struct sk_err err = {0};
	int rc = sk_git_must(&said, &p->place, NULL, ask, &err);

	if (rc == 0 && find_tip(up->tip, &said, up->there) < 0)
		rc = sk_fail(&err, SK_EFAIL, "remote '%.60s' has no '%.100s'",
			     up->remote, up->there);
	if (rc == 0)
		rc = sk_git_must(NULL, &p->place, NULL, fetch, &err);
	if (rc < 0) {
		up->tip[0] = '\0'; /* what is known of it has to do */
		block_fetch(p, up, &err);
	}
	sk_str_free(&said);
}

static void block_behind(struct sk_planning *p, const struct upstream *up,
			 unsigned long ahead, unsigned long behind)
{
	bool is_diverged = ahead > 0;
	struct sk_blocker *b =
		sk_blocker_add(&p->plan->found,
			       is_diverged ? SK_BLOCKER_TARGET_DIVERGED
					   : SK_BLOCKER_TARGET_BEHIND,
			       p->plan->target);
	const struct sk_worktree *tree = sk_plan_worktree(p, p->plan->target);

	sk_plan_add_name(&b->message, p->plan->target);
	sk_str_addf(&b->message, " is %lu %s behind ", behind,
		    sk_plural((int64_t)behind, "commit", "commits"));
	sk_plan_add_name(&b->message, up->ref);
	if (is_diverged)
		sk_str_addf(&b->message, ", and %lu ahead", ahead);
	/* by id where the remote was asked: no ref here has it yet */
	if (!is_diverged && !tree) {
		sk_str_puts(&b->remediation, "git fetch . ");
		sk_str_addf(&b->remediation, "%s:", up->tip);
		sk_blocker_add_word(&b->remediation, p->target->ref);
	} else {
		sk_plan_add_merge(&b->remediation, p, p->plan->target, up->tip);
		if (!is_diverged)
			sk_str_puts(&b->remediation, " --ff-only");
	}
}

static int compare(struct upstream *up, struct sk_planning *p,
		   struct sk_err *err)
{
	struct sk_str range = SK_STR_INIT, said = SK_STR_INIT;
	unsigned long ahead = 0, behind = 0;
	int rc = 0;

	if (!up->tip[0] &&
	    sk_git_run(&said, NULL, &p->place, NULL,
		       (const char *const[]){"rev-parse", "-q", "--verify",
					     up->ref, NULL},
		       err) == 0)
		sscanf(said.ptr, "%64[0-9a-f]", up->tip);
	sk_str_clear(&said);
	if (up->tip[0]) { /* else it is gone, and nothing to be behind of */
		sk_str_addf(&range, "%s...%s", p->plan->base, up->tip);
		rc = sk_git_must(
			&said, &p->place, NULL,
			(const char *const[]){"rev-list", "--left-right",
					      "--count", range.ptr, NULL},
			err);
		if (rc == 0 &&
		    sscanf(said.ptr, "%lu %lu", &ahead, &behind) != 2)
			rc = sk_fail(err, SK_EDATA,
				     "git rev-list counts '%.40s'", said.ptr);
	}
	if (behind)
		block_behind(p, up, ahead, behind);
	sk_str_free(&said);
	sk_str_free(&range);
	return rc;
}

int sk_plan_look_target(struct sk_planning *p, struct sk_err *err)
{
	struct upstream up = {.words = SK_WORDS_INIT};
	int rc = 0;

	if (!p->target && (p->mission || p->plan->target))
		block_missing(p);
	if (!p->target || !check_kind(p))
		return 0;
	rc = find_upstream(&up, p, err);
	if (rc == 0 && up.ref && p->wanted->fetches)
		ask_remote(&up, p);
	if (rc == 0 && up.ref)
		rc = compare(&up, p, err);
	sk_words_free(&up.words);
	return rc;
}
