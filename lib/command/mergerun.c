/* SPDX-License-Identifier: MIT */
#include "command/mergerun.h"

#include <stdio.h>
#include <string.h>

#include "command/after.h"
#include "command/mergeview.h"
#include "front/cli.h"
#include "merge/carry.h"
#include "merge/lock.h"
#include "workflow/handle.h"

static void print(struct sk_str *text)
{
	fwrite(text->ptr, 1, text->len, stdout);
	sk_str_free(text);
}

static void tell_warnings(const struct sk_merge_plan *plan)
{
	for (size_t i = 0; i < plan->warnings.len; i++)
		sk_warn("%s", plan->warnings.items[i].message.ptr);
}

static int tell_plan(const struct sk_merge_plan *plan, bool json)
{
	struct sk_str text = SK_STR_INIT;

	tell_warnings(plan);
	if (json)
		sk_merge_plan_add_json(&text, plan);
	else
		sk_merge_plan_add_text(&text, plan);
	print(&text);
	return !sk_merge_plan_is_ready(plan);
}

int sk_merge_dry_run(struct sk_repo *repo, const struct sk_merge_wanted *wanted,
		     bool json, struct sk_err *err)
{
	struct sk_merge_plan plan;
	int rc = sk_merge_plan_make(&plan, repo, wanted, err);

	if (rc == 0)
		rc = tell_plan(&plan, json);
	sk_merge_plan_free(&plan);
	return rc;
}

/*
 * The target has it. What comes behind may fail, and be run again. *is_hooked
 * is whether a hook has seen it.
 */
static int finish(bool *is_hooked, struct sk_merge_state *state,
		  const struct sk_merge_plan *plan, struct sk_repo *repo,
		  bool json, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};

	sk_before_change(json);
	sk_merge_tell_git(state, repo, &said, is_hooked);
	fwrite(said.ptr, 1, said.len, stderr);
	sk_str_free(&said);
	if (sk_merge_push(state, repo, err) < 0) {
		sk_within(err, "merged as %.12s, but not pushed",
			  state->commit);
		return sk_hint(err, "run 'git sk-merge --resume' to push and"
				    " clean up, '--abort' to leave it at that");
	}
	sk_merge_clear(state, repo);
	if (sk_merge_state_forget(repo, &ignored) < 0)
		sk_warn("%s", ignored.msg);
	if (json)
		sk_merge_done_add_json(&text, state, plan);
	else
		sk_merge_done_add_text(&text, state, plan);
	print(&text);
	return 0;
}

/* Another may have come and gone, or have been cut off, since the plan. */
static int check_none(struct sk_repo *repo, struct sk_err *err)
{
	struct sk_merge_state other;
	int rc = sk_merge_state_read(&other, repo, err);

	if (rc == 0) {
		sk_fail(err, SK_ENO,
			"the merge of mission '%.100s' was interrupted",
			other.slug);
		rc = sk_hint(err, "run 'git sk-merge --resume' first, or"
				  " 'git sk-merge --abort'");
	}
	sk_merge_state_free(&other);
	return rc < 0 ? -1 : 0;
}

static int carry_out(struct sk_repo *repo, const struct sk_merge_plan *plan,
		     bool json, struct sk_err *err)
{
	struct sk_merge_state state = SK_MERGE_STATE_INIT;
	bool has_landed, is_hooked = false;
	struct sk_merge_lock lock;
	int rc;

	if (sk_merge_lock(&lock, repo, err) < 0)
		return -1;
	rc = check_none(repo, err);
	if (rc == 0) {
		sk_merge_state_of(&state, plan);
		rc = sk_merge_carry(&state, repo, false, err);
	}
	if (rc == 0)
		rc = finish(&is_hooked, &state, plan, repo, json, err);
	has_landed = state.has_landed;
	sk_merge_state_free(&state);
	sk_merge_unlock(&lock);
	/* nobody is to wait for the lock while something is sent */
	if (has_landed)
		sk_after_change(repo, !is_hooked, json);
	return rc;
}

/* Planned without the lock: what is in the way leaves no trace, and a plan that
 * is outdated moves nothing. */
int sk_merge_run(struct sk_repo *repo, const struct sk_merge_wanted *wanted,
		 bool json, struct sk_err *err)
{
	struct sk_merge_plan plan;
	int rc = sk_merge_plan_make(&plan, repo, wanted, err);

	if (rc == 0 && !sk_merge_plan_is_ready(&plan)) {
		rc = tell_plan(&plan, json);
	} else if (rc == 0) {
		tell_warnings(&plan);
		rc = carry_out(repo, &plan, json, err);
	}
	sk_merge_plan_free(&plan);
	return rc;
}

/* The one that was interrupted, if it is the mission that is meant. */
static int find_state(struct sk_merge_state *state, struct sk_repo *repo,
		      const char *handle, struct sk_err *err)
{
	struct sk_missions all = SK_MISSIONS_INIT;
	struct sk_mission *mission = NULL;
	struct sk_err ignored = {0};
	const char *slug = handle;
	int rc = sk_merge_state_read(state, repo, err);

	if (rc == 1)
		return sk_fail(err, SK_ENO, "no merge was interrupted here");
	if (rc < 0 || !handle)
		return rc;
	if (sk_missions_find(&all, repo, &ignored) == 0 &&
	    sk_mission_resolve(&mission, &all, handle, &ignored) == 0)
		slug = mission->slug;
	if (strcmp(slug, state->slug) != 0) {
		rc = sk_fail(err, SK_ENO,
			     "it is the merge of mission '%.100s' that was"
			     " interrupted",
			     state->slug);
		sk_hint(err, "leave out the mission, or name that one");
	}
	sk_missions_free(&all);
	return rc;
}

static int take_back(struct sk_repo *repo, const char *handle, bool json,
		     struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_merge_state state;
	int rc = find_state(&state, repo, handle, err);

	if (rc == 0)
		rc = sk_merge_take_back(&state, repo, err);
	if (rc > 0) {
		state.has_landed = true;
		rc = sk_merge_state_forget(repo, err);
	}
	if (rc == 0) {
		if (json)
			sk_merge_aborted_add_json(&text, &state);
		else
			sk_merge_aborted_add_text(&text, &state);
		print(&text);
	}
	sk_merge_state_free(&state);
	return rc;
}

int sk_merge_resume(struct sk_repo *repo, const char *handle, bool json,
		    struct sk_err *err)
{
	struct sk_merge_state state;
	bool has_landed, is_hooked = false;
	struct sk_merge_lock lock;
	int rc;

	if (sk_merge_lock(&lock, repo, err) < 0)
		return -1;
	rc = find_state(&state, repo, handle, err);
	if (rc == 0 && !state.has_landed)
		rc = sk_merge_carry(&state, repo, true, err);
	has_landed = rc == 0;
	if (rc == 0)
		rc = finish(&is_hooked, &state, NULL, repo, json, err);
	sk_merge_state_free(&state);
	sk_merge_unlock(&lock);
	if (has_landed)
		sk_after_change(repo, !is_hooked, json);
	return rc;
}

int sk_merge_abort(struct sk_repo *repo, const char *handle, bool json,
		   struct sk_err *err)
{
	struct sk_merge_lock lock;
	int rc;

	if (sk_merge_lock(&lock, repo, err) < 0)
		return -1;
	rc = take_back(repo, handle, json, err);
	sk_merge_unlock(&lock);
	return rc;
}
