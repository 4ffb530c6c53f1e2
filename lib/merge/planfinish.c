/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "merge/planning.h"

/*
 * Append the part of the path that something is at already: all of it, or what
 * should be a folder above and is none. Returns whether there is any.
 */
static bool find_obstacle(struct sk_str *out, const char *folder,
			  const char *path)
{
	struct sk_str full = SK_STR_INIT;
	size_t begin;
	bool found = false, is_end = false;
	struct stat st;

	sk_str_addf(&full, "%s/", folder);
	begin = full.len;
	for (const char *at = path; !found && !is_end; at++) {
		is_end = !*at;
		if (*at == '/' || is_end) {
			if (lstat(full.ptr, &st) < 0)
				break; /* nor is anything below it */
			found = is_end || !S_ISDIR(st.st_mode);
		}
		if (!found && !is_end)
			sk_str_putc(&full, *at);
	}
	if (found)
		sk_str_puts(out, full.ptr + begin);
	sk_str_free(&full);
	return found;
}

/*
 * Append a name that nothing has, beside what is in the way: of a folder all
 * files have to go out of it.
 */
static void add_aside(struct sk_str *out, const char *folder,
		      const char *obstacle, const char *path)
{
	struct sk_str name = SK_STR_INIT;
	size_t end = strlen(obstacle);
	struct stat st;

	sk_str_addf(&name, "%s/%s", folder, path);
	for (char *at = name.ptr + strlen(folder) + 1 + end;
	     path[end] == '/' && (at = strchr(at, '/'));)
		*at = '-';
	sk_str_addf(out, "%s.orig", name.ptr);
	for (unsigned i = 1; lstat(out->ptr, &st) == 0; i++) {
		sk_str_clear(out);
		sk_str_addf(out, "%s.orig%u", name.ptr, i);
	}
	sk_str_free(&name);
}

static void block_untracked(struct sk_planning *p, const char *folder,
			    const char *obstacle, const char *path)
{
	struct sk_str full = SK_STR_INIT, aside = SK_STR_INIT;
	struct sk_blocker *b = sk_blocker_add(&p->plan->found,
					      SK_BLOCKER_UNTRACKED_FILE, path);

	sk_plan_add_name(&b->message, path);
	sk_str_puts(&b->message, " in ");
	sk_plan_add_name(&b->message, folder);
	sk_str_puts(&b->message,
		    " is not known to git, and the merge would write there");
	sk_str_addf(&full, "%s/%s", folder, path);
	add_aside(&aside, folder, obstacle, path);
	sk_str_puts(&b->remediation, "mv ");
	sk_blocker_add_word(&b->remediation, full.ptr);
	sk_str_putc(&b->remediation, ' ');
	sk_blocker_add_word(&b->remediation, aside.ptr);
	sk_str_free(&aside);
	sk_str_free(&full);
}

/* The one that this is, or is in. */
static const char *find_whole(const struct sk_words *obstacles,
			      const char *path)
{
	for (size_t i = 0; i < obstacles->len; i++) {
		const char *obstacle = obstacles->items[i];
		size_t len = strlen(obstacle);

		if (strncmp(path, obstacle, len) == 0 &&
		    (!path[len] || path[len] == '/'))
			return obstacle;
	}
	return path;
}

/* Of what is in the place of new files, that which is not git's own. */
static int look_at_obstacles(struct sk_planning *p, const char *folder,
			     const struct sk_words *obstacles,
			     struct sk_err *err)
{
	const struct sk_git_place place = sk_worktree_place(p->repo, folder);
	struct sk_words names = SK_WORDS_INIT;
	struct sk_git_args args = {0};
	struct sk_str said = SK_STR_INIT;
	int rc;

	sk_git_args_add(&args, "--literal-pathspecs");
	sk_git_args_add(&args, "ls-files");
	sk_git_args_add(&args, "-z");
	sk_git_args_add(&args, "--others");
	sk_git_args_add(&args, "--");
	for (size_t i = 0; i < obstacles->len; i++)
		sk_git_args_add(&args, obstacles->items[i]);
	rc = sk_git_must(&said, &place, NULL, args.args, err);
	sk_plan_split(&names, &said);
	for (size_t i = 0; rc == 0 && i < names.len; i++) {
		char *name = names.items[i];
		size_t len = strlen(name);

		if (len && name[len - 1] == '/') /* a repository */
			name[len - 1] = '\0';
		block_untracked(p, folder, find_whole(obstacles, name), name);
	}
	free(args.args);
	sk_words_free(&names);
	sk_str_free(&said);
	return rc;
}

/* A list of arguments has an end, and nobody reads more. */
enum { OBSTACLES_MAX = 1000 };

static int look_for_untracked(struct sk_planning *p, const char *folder,
			      const char *from, const char *to,
			      struct sk_err *err)
{
	struct sk_words added = SK_WORDS_INIT, obstacles = SK_WORDS_INIT;
	struct sk_str obstacle = SK_STR_INIT;
	int rc = sk_plan_diff(&added, p, "--diff-filter=AT", from, to, err);

	for (size_t i = 0; rc == 0 && i < added.len; i++) {
		sk_str_clear(&obstacle);
		if (obstacles.len < OBSTACLES_MAX &&
		    find_obstacle(&obstacle, folder, added.items[i]))
			sk_words_add_new(&obstacles, obstacle.ptr);
	}
	if (rc == 0 && obstacles.len)
		rc = look_at_obstacles(p, folder, &obstacles, err);
	sk_str_free(&obstacle);
	sk_words_free(&obstacles);
	sk_words_free(&added);
	return rc;
}

/* `<tag> <path>`: a small letter is assume-unchanged, S skip-worktree. */
static void look_at_tag(struct sk_planning *p, const char *folder,
			const char *record, const struct sk_words *changed)
{
	bool is_skipped = record[0] == 'S';
	bool is_assumed = record[0] >= 'a' && record[0] <= 'z';
	struct sk_str full = SK_STR_INIT;
	struct stat st;

	sk_str_addf(&full, "%s/%s", folder, record + 2);
	if ((is_skipped || is_assumed) && sk_words_has(changed, record + 2) &&
	    lstat(full.ptr, &st) == 0)
		sk_plan_block_hidden(p, folder, record + 2, is_skipped,
				     "so git does not look at it, and the merge"
				     " would change it");
	sk_str_free(&full);
}

/* A status does not tell what is changed there, and git then stops half-way. */
static int look_for_hidden(struct sk_planning *p, const char *folder,
			   const char *from, const char *to, struct sk_err *err)
{
	const struct sk_git_place place = sk_worktree_place(p->repo, folder);
	struct sk_words changed = SK_WORDS_INIT, records = SK_WORDS_INIT;
	struct sk_str said = SK_STR_INIT;
	int rc = sk_plan_diff(&changed, p, "--diff-filter=DMT", from, to, err);

	if (rc == 0 && changed.len)
		rc = sk_git_must(
			&said, &place, NULL,
			(const char *const[]){"ls-files", "-v", "-z", NULL},
			err);
	sk_plan_split(&records, &said);
	for (size_t i = 0; rc == 0 && i < records.len; i++) {
		if (records.items[i][0] != 'H' && strlen(records.items[i]) > 2)
			look_at_tag(p, folder, records.items[i], &changed);
	}
	sk_words_free(&records);
	sk_words_free(&changed);
	sk_str_free(&said);
	return rc;
}

/* A ref that moves, or that is only to stay where it is. */
static int add_ref(struct sk_planning *p, const char *branch, const char *from,
		   const char *to, struct sk_err *err)
{
	const struct sk_worktree *tree = sk_plan_worktree(p, branch);
	struct sk_merge_plan *plan = p->plan;
	struct sk_str ref = SK_STR_INIT;
	struct sk_merge_ref *move;

	sk_str_addf(&ref, SK_PLAN_HEADS "%s", branch);
	SK_GROW(plan->refs, plan->ref_count, plan->ref_cap);
	move = &plan->refs[plan->ref_count++];
	*move = (struct sk_merge_ref){.ref = sk_str_take(&ref)};
	memcpy(move->from, from, strlen(from) + 1);
	memcpy(move->to, to, strlen(to) + 1);
	if (!tree || strcmp(from, to) == 0)
		return 0;
	move->worktree = sk_strdup(tree->folder);
	return look_for_untracked(p, tree->folder, from, to, err) < 0 ||
			       look_for_hidden(p, tree->folder, from, to, err) <
				       0
		       ? -1
		       : 0;
}

static void add_rest(struct sk_merge_plan *plan, bool is_worktree,
		     const char *name, const char *tip, bool has_untracked)
{
	struct sk_merge_rest *rest;

	SK_GROW(plan->rests, plan->rest_count, plan->rest_cap);
	rest = &plan->rests[plan->rest_count++];
	*rest = (struct sk_merge_rest){.is_worktree = is_worktree,
				       .name = sk_strdup(name),
				       .has_untracked = has_untracked};
	memcpy(rest->tip, tip, strlen(tip) + 1);
}

/* Whether the merge has all of it, and it is not where somebody stands. */
static bool is_rest(const struct sk_planning *p, const char *worktree)
{
	return !worktree || strcmp(worktree, p->trees.items[0].folder) != 0;
}

static bool is_lane_rest(const struct sk_planning *p,
			 const struct sk_merge_lane *lane)
{
	return lane->tip[0] && lane->state != SK_MERGE_LANE_CANCELED &&
	       is_rest(p, lane->worktree);
}

static void list_worktrees(struct sk_planning *p)
{
	struct sk_merge_plan *plan = p->plan;
	const struct sk_worktree *tree = sk_plan_worktree(p, plan->branch);

	for (size_t i = 0; i < plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &plan->lanes[i];

		if (lane->worktree && is_lane_rest(p, lane))
			add_rest(plan, true, lane->worktree, lane->tip,
				 lane->has_untracked);
	}
	if (p->branch && tree && is_rest(p, tree->folder))
		add_rest(plan, true, tree->folder, plan->mission,
			 p->has_untracked);
}

static void list_branches(struct sk_planning *p)
{
	struct sk_merge_plan *plan = p->plan;
	const struct sk_worktree *tree = sk_plan_worktree(p, plan->branch);

	for (size_t i = 0; i < plan->lane_count; i++) {
		if (is_lane_rest(p, &plan->lanes[i]))
			add_rest(plan, false, plan->lanes[i].branch,
				 plan->lanes[i].tip, false);
	}
	if (p->branch && is_rest(p, tree ? tree->folder : NULL))
		add_rest(plan, false, plan->branch, plan->mission, false);
}

static int list_refs(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	int rc = 0;

	for (size_t i = 0; i < plan->lane_count && rc == 0; i++) {
		if (plan->lanes[i].tip[0] &&
		    plan->lanes[i].state != SK_MERGE_LANE_CANCELED)
			rc = add_ref(p, plan->lanes[i].branch,
				     plan->lanes[i].tip, plan->lanes[i].tip,
				     err);
	}
	if (rc == 0 && p->branch)
		rc = add_ref(p, plan->branch, p->start, plan->mission, err);
	if (rc == 0)
		rc = add_ref(p, plan->target, plan->base, plan->commit, err);
	return rc;
}

static int count_commits(struct sk_planning *p, struct sk_err *err)
{
	struct sk_str range = SK_STR_INIT, said = SK_STR_INIT;
	int rc;

	sk_str_addf(&range, "%s..%s", p->plan->base, p->plan->commit);
	rc = sk_git_must(
		&said, &p->place, NULL,
		(const char *const[]){"rev-list", "--count", range.ptr, NULL},
		err);
	if (rc == 0 && sscanf(said.ptr, "%zu", &p->plan->commit_count) != 1)
		rc = sk_fail(err, SK_EDATA, "git rev-list counts '%.40s'",
			     said.ptr);
	sk_str_free(&said);
	sk_str_free(&range);
	return rc;
}

int sk_plan_finish(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;

	if (!plan->commit[0])
		return 0;
	if (list_refs(p, err) < 0 || count_commits(p, err) < 0 ||
	    sk_plan_diff(&plan->files, p, "--diff-filter=ACDMRTUXB", plan->base,
			 plan->commit, err) < 0)
		return -1;
	/* worktrees first: a branch that is checked out stays */
	if (!p->wanted->keeps_worktrees)
		list_worktrees(p);
	if (!p->wanted->keeps_branches)
		list_branches(p);
	return 0;
}
