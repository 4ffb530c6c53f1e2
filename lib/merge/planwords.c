/* SPDX-License-Identifier: MIT */
#include "merge/planning.h"

#include <string.h>

#include "base/base.h"

enum { NAME_MAX_SHOWN = 300 };

void sk_plan_add_name(struct sk_str *out, const char *name)
{
	sk_str_putc(out, '\'');
	sk_str_add_visible(out, name, strlen(name), NAME_MAX_SHOWN);
	sk_str_putc(out, '\'');
}

/* Hints say "run '<command>'", of which the command is wanted alone. */
static void add_command(struct sk_str *out, const char *hint)
{
	static const char begin[] = "run '";
	const char *command = strstr(hint, begin);
	const char *end =
		command ? strchr(command + strlen(begin), '\'') : NULL;

	if (strstr(hint, "user.name <")) /* there is one more to be run */
		sk_str_puts(out, "git config user.name 'Your Name' &&"
				 " git config user.email you@example.com");
	else if (end)
		sk_str_add(out, command + strlen(begin),
			   (size_t)(end - command) - strlen(begin));
	else
		sk_str_puts(out, hint);
}

struct sk_blocker *sk_plan_block(struct sk_planning *p, const char *code,
				 const char *subject, const struct sk_err *err)
{
	struct sk_blocker *b = sk_blocker_add(&p->plan->found, code, subject);

	sk_str_puts(&b->message, err->msg);
	add_command(&b->remediation, err->hint);
	return b;
}

/* What git says when an object cannot be written, be the disk full. */
static bool is_of_writing(const char *said)
{
	static const char *const words[] = {
		"unable to create", "unable to write", "insufficient perm",
		"Read-only file",   "No space left",   "cannot write"};

	for (size_t i = 0; i < SK_COUNTOF(words); i++) {
		if (strstr(said, words[i]))
			return true;
	}
	return false;
}

static void add_objects(struct sk_str *out, const struct sk_planning *p)
{
	struct sk_str folder = SK_STR_INIT;
	struct sk_err ignored = {0};

	if (sk_git_run(&folder, NULL, &p->place, NULL,
		       (const char *const[]){"rev-parse", "--git-path",
					     "objects", NULL},
		       &ignored) != 0 ||
	    folder.ptr[0] != '/')
		sk_str_set(&folder, sk_repo_common_dir(p->repo));
	sk_str_rtrim(&folder);
	sk_blocker_add_word(out, folder.ptr);
	sk_str_free(&folder);
}

void sk_plan_block_failed(struct sk_planning *p, const char *subject,
			  const struct sk_err *why, const char *branch,
			  const char *ref)
{
	struct sk_blocker *b =
		sk_plan_block(p, SK_BLOCKER_MERGE_FAILED, subject, why);

	if (b->remediation.len)
		return;
	if (strstr(why->msg, "unrelated")) {
		sk_plan_add_merge(&b->remediation, p, branch, ref);
		sk_str_puts(&b->remediation, " --allow-unrelated-histories");
	} else if (is_of_writing(why->msg)) {
		sk_str_puts(&b->message, "; objects cannot be written");
		sk_str_puts(&b->remediation, "df ");
		add_objects(&b->remediation, p);
	} else {
		sk_str_puts(&b->remediation, "git fsck");
	}
}

void sk_plan_tip_hex(char out[SK_HEX_LEN + 1], const struct sk_mission_tip *tip)
{
	sk_oid_hex(out, &tip->commit);
}

const struct sk_worktree *sk_plan_worktree(const struct sk_planning *p,
					   const char *branch)
{
	const struct sk_worktree *tree;
	struct sk_str ref = SK_STR_INIT;

	sk_str_addf(&ref, SK_PLAN_HEADS "%s", branch);
	tree = sk_worktrees_find_branch(&p->trees, p->repo, ref.ptr);
	sk_str_free(&ref);
	return tree && !tree->is_missing ? tree : NULL;
}

void sk_plan_add_git(struct sk_str *out, const struct sk_planning *p,
		     const char *folder)
{
	const char *ours = sk_repo_work_tree(p->repo);

	sk_str_puts(out, "git");
	if (ours && strcmp(ours, folder) == 0)
		return;
	sk_str_puts(out, " -C ");
	sk_blocker_add_word(out, folder);
}

void sk_plan_add_on(struct sk_str *out, const struct sk_planning *p,
		    const char *branch)
{
	const struct sk_worktree *tree = sk_plan_worktree(p, branch);

	if (tree) {
		sk_plan_add_git(out, p, tree->folder);
	} else {
		sk_str_puts(out, "git switch ");
		if (branch[0] == '-')
			sk_str_puts(out, "-- ");
		sk_blocker_add_word(out, branch);
		sk_str_puts(out, " && git");
	}
}

void sk_plan_add_merge(struct sk_str *out, const struct sk_planning *p,
		       const char *branch, const char *ref)
{
	sk_plan_add_on(out, p, branch);
	sk_str_puts(out, " merge ");
	sk_blocker_add_word(out, ref);
}

void sk_plan_add_strategy(struct sk_str *out, const struct sk_planning *p)
{
	sk_str_puts(out, "git sk-merge --strategy squash ");
	if (p->wanted->into) {
		sk_str_puts(out, "--into ");
		sk_blocker_add_word(out, p->plan->target);
		sk_str_putc(out, ' ');
	}
	sk_blocker_add_word(out, p->plan->slug);
}

/* Whether there is one that is mended by the same. */
static bool is_told(const struct sk_blockers *found,
		    const struct sk_str *remedy)
{
	for (size_t i = 0; i < found->len; i++) {
		if (strcmp(found->items[i].remediation.ptr, remedy->ptr) == 0)
			return true;
	}
	return false;
}

void sk_plan_block_hidden(struct sk_planning *p, const char *folder,
			  const char *name, bool is_skipped, const char *why)
{
	const char *mark = is_skipped ? "skip-worktree" : "assume-unchanged";
	struct sk_str remedy = SK_STR_INIT;
	struct sk_blocker *b;

	/* from the top, wherever it is typed */
	sk_str_puts(&remedy, "git -C ");
	sk_blocker_add_word(&remedy, folder);
	sk_str_addf(&remedy, " update-index --no-%s -- ", mark);
	sk_blocker_add_word(&remedy, name);
	if (!is_told(&p->plan->found, &remedy)) {
		b = sk_blocker_add(&p->plan->found, SK_BLOCKER_HIDDEN_CHANGE,
				   name);
		sk_plan_add_name(&b->message, name);
		sk_str_puts(&b->message, " in ");
		sk_plan_add_name(&b->message, folder);
		sk_str_addf(&b->message, " is marked as %s, %s", mark, why);
		sk_str_puts(&b->remediation, remedy.ptr);
	}
	sk_str_free(&remedy);
}
