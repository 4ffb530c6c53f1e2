/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/stat.h>

#include "git/marked.h"
#include "git/sequence.h"
#include "merge/planning.h"
#include "mission/names.h"

enum { NAMED_MAX = 3, STATUS_NAME = 3 };

bool sk_plan_is_of_lane(const struct sk_planning *p,
			const struct sk_worktree *tree)
{
	struct sk_str name = SK_STR_INIT;
	bool found = false;

	for (size_t i = 0; i < p->plan->lane_count && !found; i++) {
		const struct sk_merge_lane *lane = &p->plan->lanes[i];
		size_t len = strlen(tree->folder);

		if (!lane->branch)
			continue;
		sk_str_set(&name, "/");
		sk_lane_worktree_add(&name, p->plan->slug, lane->id);
		found = len > name.len &&
			strcmp(tree->folder + len - name.len, name.ptr) == 0;
		found |= tree->branch &&
			 strncmp(tree->branch, SK_PLAN_HEADS,
				 strlen(SK_PLAN_HEADS)) == 0 &&
			 strcmp(tree->branch + strlen(SK_PLAN_HEADS),
				lane->branch) == 0;
	}
	sk_str_free(&name);
	return found;
}

static bool has_branch(const struct sk_worktree *tree, const char *branch)
{
	return branch && tree->branch &&
	       strncmp(tree->branch, SK_PLAN_HEADS, strlen(SK_PLAN_HEADS)) ==
		       0 &&
	       strcmp(tree->branch + strlen(SK_PLAN_HEADS), branch) == 0;
}

static struct sk_blocker *block(struct sk_planning *p, const char *code,
				const struct sk_worktree *tree)
{
	struct sk_blocker *b =
		sk_blocker_add(&p->plan->found, code, tree->folder);

	sk_str_puts(&b->message, tree == p->trees.items ? "the main checkout "
							: "the worktree ");
	sk_plan_add_name(&b->message, tree->folder);
	return b;
}

/* What git knows as a file and is a folder is a submodule. */
static bool is_folder(const struct sk_worktree *tree, const char *path)
{
	struct sk_str full = SK_STR_INIT;
	struct stat st;
	bool is;

	sk_str_addf(&full, "%s/%s", tree->folder, path);
	is = lstat(full.ptr, &st) == 0 && S_ISDIR(st.st_mode);
	sk_str_free(&full);
	return is;
}

/* A lane's work is committed, other is put aside; 'git stash' leaves submodules
 * as they are. */
static void add_mend(struct sk_str *out, const struct sk_planning *p,
		     const struct sk_worktree *tree, const char *path,
		     const char *way)
{
	bool is_lane = sk_plan_is_of_lane(p, tree);
	bool is_submodule = is_folder(tree, path);

	if (!way && !is_lane && is_submodule) {
		sk_str_puts(out, "git -C ");
		sk_blocker_add_word(out, tree->folder);
		sk_str_puts(out, " restore --staged -- ");
		sk_blocker_add_word(out, path);
		return;
	}
	sk_plan_add_git(out, p, tree->folder);
	if (!way && is_submodule) {
		sk_str_puts(out, " submodule foreach 'git commit -a || :'"
				 " && ");
		sk_plan_add_git(out, p, tree->folder);
	}
	sk_str_addf(out, " %s", way ? way : is_lane ? "commit -a" : "stash");
}

/* What changes there are belong to what is under way, and go with it. */
static void block_dirty(struct sk_planning *p, const struct sk_worktree *tree,
			const struct sk_words *names, const char *way)
{
	struct sk_blocker *b = block(p, SK_BLOCKER_DIRTY_WORKTREE, tree);

	sk_str_puts(&b->message, " has what is not committed: ");
	for (size_t i = 0; i < names->len && i < NAMED_MAX; i++) {
		sk_str_puts(&b->message, i ? ", " : "");
		sk_plan_add_name(&b->message, names->items[i]);
	}
	if (names->len > NAMED_MAX)
		sk_str_addf(&b->message, " and %zu more",
			    names->len - NAMED_MAX);
	add_mend(&b->remediation, p, tree, names->items[0], way);
}

/*
 * Records of 'git status --porcelain -z': XY, a space, the name. A submodule
 * that has another commit than the index is nothing that a merge would touch,
 * but in a lane it is work that was not committed.
 */
static void take_status(struct sk_words *changed, bool *has_untracked,
			const struct sk_words *records,
			const struct sk_worktree *tree, bool is_lane)
{
	for (size_t i = 0; i < records->len; i++) {
		const char *record = records->items[i];

		if (strlen(record) <= STATUS_NAME)
			continue;
		if (record[0] == '?' || record[0] == '!')
			*has_untracked = true;
		else if (is_lane || record[0] != ' ' || record[1] != 'M' ||
			 !is_folder(tree, record + STATUS_NAME))
			sk_words_add(changed, record + STATUS_NAME);
	}
}

/* 'git worktree remove' would take them for unchanged as well. */
static int look_for_hidden(struct sk_planning *p,
			   const struct sk_worktree *tree, struct sk_err *err)
{
	static const char why[] = "so git does not tell that it is changed, and"
				  " the worktree is to be removed";
	const struct sk_git_place place =
		sk_worktree_place(p->repo, tree->folder);
	struct sk_marked marked;
	int rc = sk_marked_find(&marked, &place, err);

	for (size_t i = 0; i < marked.assumed.len; i++)
		sk_plan_block_hidden(p, tree->folder, marked.assumed.items[i],
				     false, why);
	for (size_t i = 0; i < marked.skipped.len; i++)
		sk_plan_block_hidden(p, tree->folder, marked.skipped.items[i],
				     true, why);
	sk_marked_free(&marked);
	return rc;
}

static int look_at_status(struct sk_planning *p, const struct sk_worktree *tree,
			  const char *way, struct sk_err *err)
{
	const struct sk_git_place place =
		sk_worktree_place(p->repo, tree->folder);
	bool is_lane = sk_plan_is_of_lane(p, tree), has_untracked = false;
	bool is_branch = has_branch(tree, p->plan->branch);
	/* no lock: the index is not even refreshed */
	const char *const args[] = {"--no-optional-locks",
				    "status",
				    "--porcelain",
				    "-z",
				    "--no-renames",
				    is_lane ? "--ignore-submodules=untracked"
					    : "--ignore-submodules=dirty",
				    "--no-ahead-behind",
				    is_lane || is_branch ? "-unormal" : "-uno",
				    is_lane || is_branch ? "--ignored"
							 : "--ignored=no",
				    NULL};
	struct sk_words records = SK_WORDS_INIT, changed = SK_WORDS_INIT;
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_must(&said, &place, NULL, args, err);

	if (rc == 0) {
		sk_plan_split(&records, &said);
		take_status(&changed, &has_untracked, &records, tree, is_lane);
	}
	if (changed.len)
		block_dirty(p, tree, &changed, way);
	if (rc == 0 && tree != p->trees.items && (is_lane || is_branch))
		rc = look_for_hidden(p, tree, err);
	p->has_untracked |= is_branch && has_untracked;
	for (size_t i = 0; i < p->plan->lane_count; i++) {
		struct sk_merge_lane *lane = &p->plan->lanes[i];

		if (lane->worktree && strcmp(lane->worktree, tree->folder) == 0)
			lane->has_untracked = has_untracked;
	}
	sk_words_free(&changed);
	sk_words_free(&records);
	sk_str_free(&said);
	return rc;
}

/* The command that ends it. */
static const char *way_out(const char *git_dir)
{
	if (sk_git_dir_has(git_dir, "MERGE_HEAD"))
		return "merge --abort";
	if (sk_git_dir_has(git_dir, "rebase-merge"))
		return "rebase --abort";
	if (sk_git_dir_has(git_dir, "rebase-apply"))
		return sk_git_dir_has(git_dir, "rebase-apply/applying")
			       ? "am --abort"
			       : "rebase --abort";
	if (sk_git_dir_has(git_dir, "BISECT_LOG"))
		return "bisect reset";
	return sk_git_dir_has(git_dir, "REVERT_HEAD") ? "revert --abort"
						      : "cherry-pick --abort";
}

static int find_git_dir(struct sk_str *dir, const struct sk_git_place *place,
			struct sk_err *err)
{
	int rc = sk_git_must(
		dir, place, NULL,
		(const char *const[]){"rev-parse", "--absolute-git-dir", NULL},
		err);

	if (rc == 0 && dir->len)
		sk_str_cut(dir, dir->len - 1);
	return rc;
}

static void block_under_way(struct sk_planning *p,
			    const struct sk_worktree *tree, const char *what,
			    const char *way)
{
	struct sk_blocker *b = block(p, SK_BLOCKER_UNDER_WAY, tree);

	sk_str_addf(&b->message, " is in the middle of %s", what);
	sk_plan_add_git(&b->remediation, p, tree->folder);
	sk_str_addf(&b->remediation, " %s", way);
}

static void look_at_sparse(struct sk_planning *p,
			   const struct sk_worktree *tree,
			   const struct sk_git_place *place,
			   const char *git_dir)
{
	struct sk_str said = SK_STR_INIT;
	struct sk_err ignored = {0};
	struct sk_blocker *b;

	if (sk_git_dir_has(git_dir, "info/sparse-checkout") &&
	    sk_git_run(&said, NULL, place, NULL,
		       (const char *const[]){"config", "--type=bool",
					     "core.sparseCheckout", NULL},
		       &ignored) == 0 &&
	    strncmp(said.ptr, "true", 4) == 0) {
		b = block(p, SK_BLOCKER_SPARSE_CHECKOUT, tree);
		sk_str_puts(&b->message, " is sparse");
		sk_plan_add_git(&b->remediation, p, tree->folder);
		sk_str_puts(&b->remediation, " sparse-checkout disable");
	}
	sk_str_free(&said);
}

static int look_at_tree(struct sk_planning *p, const struct sk_worktree *tree,
			struct sk_err *err)
{
	const struct sk_git_place place =
		sk_worktree_place(p->repo, tree->folder);
	struct sk_str dir = SK_STR_INIT;
	const char *what = NULL;
	int rc = find_git_dir(&dir, &place, err);

	if (rc == 0) {
		what = sk_worktree_under_way(p->repo, dir.ptr);
		rc = look_at_status(p, tree, what ? way_out(dir.ptr) : NULL,
				    err);
	}
	if (what)
		block_under_way(p, tree, what, way_out(dir.ptr));
	if (rc == 0)
		look_at_sparse(p, tree, &place, dir.ptr);
	sk_str_free(&dir);
	return rc;
}

/* Whether its state counts, whatever is going on. */
static bool is_looked_at(const struct sk_planning *p,
			 const struct sk_worktree *tree)
{
	return !tree->is_bare && !tree->is_missing &&
	       (tree == p->trees.items || sk_plan_is_of_lane(p, tree) ||
		has_branch(tree, p->plan->target) ||
		has_branch(tree, p->plan->branch));
}

/* The worktree that does it has no branch meanwhile. Returns whether that is
 * told of already. */
static bool add_way_out(struct sk_str *out, const struct sk_planning *p,
			const char *ref)
{
	struct sk_str dir = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool is_told = false;

	for (size_t i = 0; i < p->trees.count && !out->len; i++) {
		const struct sk_worktree *tree = &p->trees.items[i];
		const struct sk_git_place place =
			sk_worktree_place(p->repo, tree->folder);

		sk_str_clear(&dir);
		if (tree->branch || tree->is_bare || tree->is_missing ||
		    find_git_dir(&dir, &place, &ignored) < 0 ||
		    !sk_worktree_is_busy_with(dir.ptr, ref))
			continue;
		is_told = is_looked_at(p, tree);
		sk_plan_add_git(out, p, tree->folder);
		sk_str_addf(out, " %s", way_out(dir.ptr));
	}
	if (!out->len)
		sk_str_puts(out, "git worktree list");
	sk_str_free(&dir);
	return is_told;
}

static void look_for_rebase(struct sk_planning *p, const char *branch)
{
	struct sk_str ref = SK_STR_INIT, way = SK_STR_INIT;
	struct sk_blocker *b;

	sk_str_addf(&ref, SK_PLAN_HEADS "%s", branch);
	if (!sk_plan_worktree(p, branch) &&
	    sk_worktrees_are_busy_with(p->repo, ref.ptr) &&
	    !add_way_out(&way, p, ref.ptr)) {
		b = sk_blocker_add(&p->plan->found, SK_BLOCKER_UNDER_WAY,
				   branch);
		sk_str_puts(&b->message,
			    "a rebase or bisection is under way of branch ");
		sk_plan_add_name(&b->message, branch);
		sk_str_puts(&b->remediation, way.ptr);
	}
	sk_str_free(&way);
	sk_str_free(&ref);
}

/* The branch moves in one of them, and the files of the other would not. */
static void look_for_others(struct sk_planning *p, const char *branch)
{
	const struct sk_worktree *first = sk_plan_worktree(p, branch);

	for (size_t i = 0; i < p->trees.count; i++) {
		const struct sk_worktree *tree = &p->trees.items[i];
		bool is_away = tree->is_missing && tree->locked;
		struct sk_blocker *b;

		if (tree == first || tree->is_anothers ||
		    !has_branch(tree, branch) || (tree->is_missing && !is_away))
			continue;
		b = sk_blocker_add(&p->plan->found,
				   is_away ? SK_BLOCKER_MISSING_WORKTREE
					   : SK_BLOCKER_CHECKED_OUT_TWICE,
				   branch);
		sk_plan_add_name(&b->message, branch);
		sk_str_puts(&b->message, " is checked out in ");
		sk_plan_add_name(&b->message, tree->folder);
		if (is_away)
			sk_str_puts(&b->message,
				    ", which is locked and not there:"
				    " bring it back, or give it up");
		else
			sk_str_puts(&b->message, ", too");
		sk_str_puts(&b->remediation,
			    is_away ? "git worktree unlock " : "git -C ");
		sk_blocker_add_word(&b->remediation, tree->folder);
		sk_str_puts(&b->remediation,
			    is_away ? " && git worktree remove "
				    : " switch --detach");
		if (is_away)
			sk_blocker_add_word(&b->remediation, tree->folder);
	}
}

int sk_plan_look_places(struct sk_planning *p, struct sk_err *err)
{
	const struct sk_merge_plan *plan = p->plan;

	for (size_t i = 0; i < p->trees.count; i++) {
		const struct sk_worktree *tree = &p->trees.items[i];

		if (is_looked_at(p, tree) && look_at_tree(p, tree, err) < 0)
			return sk_within(err, "'%.200s'", tree->folder);
	}
	if (plan->target) {
		look_for_rebase(p, plan->target);
		look_for_others(p, plan->target);
	}
	if (plan->branch) {
		look_for_rebase(p, plan->branch);
		look_for_others(p, plan->branch);
	}
	for (size_t i = 0; i < plan->lane_count; i++) {
		if (plan->lanes[i].tip[0])
			look_for_rebase(p, plan->lanes[i].branch);
	}
	return 0;
}
