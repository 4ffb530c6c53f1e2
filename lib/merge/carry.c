/* SPDX-License-Identifier: MIT */
#include "merge/carry.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/now.h"
#include "git/advance.h"
#include "git/refsmove.h"
#include "git/run.h"
#include "mission/logfile.h"

enum { TRIES = 10, WAIT_MS = 200 };

/* Where a ref is, of the two that the state knows. */
enum spot {
	SPOT_FROM,
	SPOT_TO,
	SPOT_BEHIND_TO, /* somebody has gone on from there */
	SPOT_ELSEWHERE,
};

struct carrying {
	struct sk_merge_state *state;
	struct sk_repo *repo;
	struct sk_git_place place;
	enum spot *spots; /* of each ref */
	struct sk_advance *advs;
	const struct sk_merge_ref **moved; /* whose worktree each is of */
	size_t count, tried;
	bool is_resumed;
};

static bool moves(const struct sk_merge_ref *ref)
{
	return strcmp(ref->from, ref->to) != 0;
}

static int find_spot(enum spot *spot, const struct carrying *c,
		     const struct sk_merge_ref *ref, struct sk_err *err)
{
	struct sk_str at = SK_STR_INIT;
	int rc = sk_git_run(&at, NULL, &c->place, NULL,
			    (const char *const[]){"rev-parse", "-q", "--verify",
						  ref->ref, NULL},
			    err);

	sk_str_rtrim(&at);
	*spot = SPOT_ELSEWHERE;
	if (strcmp(at.ptr, ref->to) == 0)
		*spot = SPOT_TO;
	else if (strcmp(at.ptr, ref->from) == 0)
		*spot = SPOT_FROM;
	else if (rc == 0 &&
		 sk_git_run(NULL, NULL, &c->place, NULL,
			    (const char *const[]){"merge-base", "--is-ancestor",
						  ref->to, at.ptr, NULL},
			    err) == 0)
		*spot = SPOT_BEHIND_TO;
	sk_str_free(&at);
	return rc < 0 ? -1 : 0;
}

static int begin(struct carrying *c, struct sk_merge_state *state,
		 struct sk_repo *repo, struct sk_err *err)
{
	const char *common = sk_repo_common_dir(repo);
	int rc = 0;

	*c = (struct carrying){
		.state = state,
		.repo = repo,
		.place = {.folder = common, .git_dir = common},
		.spots = sk_calloc(state->ref_count, sizeof(*c->spots)),
		.advs = sk_calloc(state->ref_count, sizeof(*c->advs)),
		.moved = sk_calloc(state->ref_count, sizeof(*c->moved)),
	};
	for (size_t i = 0; i < state->ref_count && rc == 0; i++)
		rc = find_spot(&c->spots[i], c, &state->refs[i], err);
	return rc;
}

/* The last begun ends first. */
static void end(struct carrying *c)
{
	while (c->count)
		sk_advance_end(&c->advs[--c->count]);
	free(c->spots);
	free(c->advs);
	free(c->moved);
}

/* Hold every worktree that is to follow. */
static int hold(struct carrying *c, struct sk_err *err)
{
	for (size_t i = 0; i < c->state->ref_count; i++) {
		const struct sk_merge_ref *ref = &c->state->refs[i];

		if (!ref->worktree || !moves(ref) ||
		    c->spots[i] == SPOT_BEHIND_TO)
			continue;
		c->moved[c->count] = ref;
		if (sk_advance_begin(&c->advs[c->count++], c->repo,
				     ref->worktree, err) < 0)
			return -1;
	}
	return 0;
}

/* Called with all refs locked. */
static int follow(void *ctx, struct sk_err *err)
{
	struct carrying *c = ctx;

	for (; c->tried < c->count; c->tried++) {
		const struct sk_merge_ref *ref = c->moved[c->tried];
		struct sk_advance *adv = &c->advs[c->tried];
		int rc = c->is_resumed
				 ? sk_advance_settle(adv, ref->from, ref->to,
						     err)
				 : sk_advance_run(adv, ref->from, ref->to, err);

		if (rc < 0) {
			c->tried++; /* some of it may have been written */
			return -1;
		}
	}
	return 0;
}

/* All worktrees that were tried are as they were. Called with all refs locked.
 * Returns 0 or -1. */
static int go_back(void *ctx, struct sk_err *err)
{
	struct carrying *c = ctx;
	int rc = 0;

	while (rc == 0 && c->tried > 0) {
		const struct sk_merge_ref *ref = c->moved[--c->tried];

		rc = sk_advance_settle(&c->advs[c->tried], ref->to, ref->from,
				       err);
	}
	return rc;
}

static int move_refs(struct carrying *c, struct sk_err *err)
{
	const struct sk_merge_state *state = c->state;
	struct sk_ref_move *list = sk_calloc(state->ref_count, sizeof(*list));
	struct sk_str reason = SK_STR_INIT;
	bool is_moving = false;
	size_t count = 0;
	int rc;

	for (size_t i = 0; i < state->ref_count; i++) {
		const struct sk_merge_ref *ref = &state->refs[i];

		/* what has moved already is not asked for again */
		if (c->is_resumed && (!moves(ref) || c->spots[i] != SPOT_FROM))
			continue;
		list[count++] = (struct sk_ref_move){
			.ref = ref->ref, .from = ref->from, .to = ref->to};
		is_moving |= moves(ref);
	}
	sk_str_addf(&reason, "sk-merge: mission %s into %s", state->slug,
		    state->target);
	/* git writes of refs that stay into the reflog of HEAD, too */
	rc = is_moving ? sk_refs_move_with(&c->place, list, count, reason.ptr,
					   follow, c, err)
		       : follow(c, err);
	sk_str_free(&reason);
	free(list);
	return rc;
}

/* Nothing of it is there, or what is has to be looked at by who reads this. */
static int fail(struct carrying *c, struct sk_err *err)
{
	struct sk_err why = {0};
	bool is_back = !c->is_resumed;

	for (size_t i = 0; i < c->state->ref_count && is_back; i++) {
		enum spot spot = SPOT_FROM;

		if (find_spot(&spot, c, &c->state->refs[i], &why) < 0 ||
		    (moves(&c->state->refs[i]) && spot == SPOT_TO))
			is_back = false;
	}
	if (is_back && go_back(c, &why) == 0 &&
	    sk_merge_state_forget(c->repo, &why) == 0) {
		err->code = SK_ENO;
		return -1;
	}
	sk_within(err, "the merge is half done");
	if (!c->is_resumed || !err->hint[0])
		sk_hint(err, "run 'git sk-merge --resume' to end it, 'git"
			     " sk-merge --abort' to take it back");
	return -1;
}

static int check_spots(const struct carrying *c, struct sk_err *err)
{
	for (size_t i = 0; i < c->state->ref_count; i++) {
		const struct sk_merge_ref *ref = &c->state->refs[i];

		if (!moves(ref) || c->spots[i] != SPOT_ELSEWHERE)
			continue;
		sk_fail(err, SK_ENO, "'%.200s' has moved meanwhile", ref->ref);
		return sk_hint(err, "run 'git sk-merge --abort', and merge"
				    " again");
	}
	return 0;
}

static int carry(struct sk_merge_state *state, struct sk_repo *repo,
		 bool is_resumed, struct sk_err *err)
{
	struct carrying c;
	int rc = begin(&c, state, repo, err);

	c.is_resumed = is_resumed;
	if (rc == 0 && is_resumed)
		rc = check_spots(&c, err);
	if (rc == 0 && !is_resumed)
		rc = sk_merge_state_write(state, repo, err);
	if (rc == 0 && (hold(&c, err) < 0 || move_refs(&c, err) < 0))
		rc = fail(&c, err);
	end(&c);
	return rc;
}

/*
 * A git that a dead one of us has told to move the refs does so still, with
 * their locks in its hands.
 */
static bool is_moving_still(const struct sk_err *err, int *tries)
{
	if (err->code != SK_EBUSY || ++*tries == TRIES)
		return false;
	sk_sleep_ms(WAIT_MS);
	return true;
}

int sk_merge_carry(struct sk_merge_state *state, struct sk_repo *repo,
		   bool is_resumed, struct sk_err *err)
{
	struct sk_err ignored = {0};
	int lock, rc, tries = 0;

	lock = sk_status_lock(sk_repo_common_dir(repo), state->slug,
			      SK_STATUS_LOCK_WAIT_MS, err);
	if (lock < 0)
		return -1;
	do
		rc = carry(state, repo, is_resumed, err);
	while (rc < 0 && is_resumed && is_moving_still(err, &tries));
	if (rc == 0) {
		/* where the refs are says it as well */
		state->has_landed = true;
		(void)!sk_merge_state_write(state, repo, &ignored);
	}
	sk_unlock(lock);
	return rc;
}

/* Which of the refs the target is. */
static size_t find_target(const struct sk_merge_state *state)
{
	struct sk_str ref = SK_STR_INIT;
	size_t i = 0;

	sk_str_addf(&ref, "refs/heads/%s", state->target);
	while (i < state->ref_count && strcmp(state->refs[i].ref, ref.ptr) != 0)
		i++;
	sk_str_free(&ref);
	return i;
}

static bool has_landed(const struct carrying *c)
{
	size_t i = find_target(c->state);

	if (c->state->has_landed || i == c->state->ref_count)
		return true;
	return moves(&c->state->refs[i]) &&
	       (c->spots[i] == SPOT_TO || c->spots[i] == SPOT_BEHIND_TO);
}

/* Those that have not moved are locked as well: nobody is to move them now. */
static int move_refs_back(struct carrying *c, struct sk_err *err)
{
	const struct sk_merge_state *state = c->state;
	struct sk_ref_move *list = sk_calloc(state->ref_count, sizeof(*list));
	size_t count = 0;
	int rc;

	for (size_t i = 0; i < state->ref_count; i++) {
		const struct sk_merge_ref *ref = &state->refs[i];
		bool has_moved = c->spots[i] == SPOT_TO;

		if (moves(ref) && (has_moved || c->spots[i] == SPOT_FROM))
			list[count++] = (struct sk_ref_move){
				.ref = ref->ref,
				.from = has_moved ? ref->to : ref->from,
				.to = ref->from};
	}
	c->tried = c->count;
	rc = count ? sk_refs_move_with(&c->place, list, count,
				       "sk-merge: aborted", go_back, c, err)
		   : go_back(c, err);
	free(list);
	return rc;
}

/* Returns as sk_merge_take_back(). */
static int take_back(struct sk_merge_state *state, struct sk_repo *repo,
		     struct sk_err *err)
{
	struct carrying c;
	int rc = begin(&c, state, repo, err);

	if (rc == 0 && has_landed(&c)) {
		rc = 1;
	} else if (rc == 0) {
		rc = hold(&c, err);
		if (rc == 0)
			rc = move_refs_back(&c, err);
		if (rc == 0)
			rc = sk_merge_state_forget(repo, err);
	}
	end(&c);
	return rc;
}

int sk_merge_take_back(struct sk_merge_state *state, struct sk_repo *repo,
		       struct sk_err *err)
{
	int lock, rc, tries = 0;

	lock = sk_status_lock(sk_repo_common_dir(repo), state->slug,
			      SK_STATUS_LOCK_WAIT_MS, err);
	if (lock < 0)
		return -1;
	do
		rc = take_back(state, repo, err);
	while (rc < 0 && is_moving_still(err, &tries));
	sk_unlock(lock);
	return rc;
}
