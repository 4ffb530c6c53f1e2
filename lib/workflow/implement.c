/* SPDX-License-Identifier: MIT */
#include "workflow/implement.h"

#include <stdio.h>
#include <string.h>

#include "mission/transition.h"
#include "workflow/implementplan.h"
#include "workflow/startfiles.h"

/* As much of the id of a commit as spec-kitty takes. */
enum { BASE_COMMIT_LEN = 40 };

void sk_implement_free(struct sk_implement *im)
{
	sk_implement_forget(im);
	sk_form_free(im->note);
	sk_str_free(&im->main_folder);
	sk_str_free(&im->workspace);
	sk_str_free(&im->folder);
	sk_str_free(&im->branch);
	sk_str_free(&im->base_branch);
	sk_str_free(&im->from);
	sk_str_free(&im->ref);
	sk_str_free(&im->start);
	sk_str_free(&im->origin);
	sk_edit_free(&im->edit);
	*im = (struct sk_implement)SK_IMPLEMENT_INIT;
}

/* The hops into in_progress; taking it over there is one, too. */
static size_t find_hops(enum sk_lane hops[SK_LANE_COUNT],
			const struct sk_implement *im, bool takes_over)
{
	size_t count =
		sk_transition_path(hops, im->claim.lane, SK_LANE_IN_PROGRESS);

	if (count == 0 && takes_over)
		hops[count++] = SK_LANE_IN_PROGRESS;
	return count;
}

static int add_lines(struct sk_implement *im, struct sk_err *err)
{
	bool takes_over = im->claim.lane != SK_LANE_PLANNED &&
			  !sk_claim_is_free_for(&im->claim, im->actor);
	const struct sk_transition_inputs inputs = {.actor = im->actor,
						    .workspace = im->folder.ptr,
						    .reason = im->reason,
						    .force = takes_over};
	enum sk_lane hops[SK_LANE_COUNT], from = im->claim.lane;
	size_t count = find_hops(hops, im, takes_over);

	for (size_t i = 0; i < count; i++) {
		struct sk_logline line = {
			.wp_id = im->wp,
			.from = from,
			.to = hops[i],
			.actor = im->actor,
			.execution_mode = im->lane ? "worktree" : "direct_repo",
			.reason = im->reason,
			.force = takes_over};

		if (sk_transition_check(from, hops[i], &inputs, err) < 0) {
			err->code = SK_ENO;
			return -1;
		}
		sk_edit_add_line(&im->edit, &line);
		from = hops[i];
	}
	im->is_begun = count == 0;
	return 0;
}

/*
 * The row by which the work package has begun, when what else a start writes
 * may be missing: one of a run that was cut off. NULL: nothing is.
 */
static const struct sk_log_row *find_half_done(const struct sk_implement *im)
{
	const struct sk_edit *edit = &im->edit;
	const struct sk_reduced_wp *wp = sk_reduced_find(&edit->state, im->wp);
	const char *agent = im->front.agent;

	if (!wp || strcmp(im->claim.claimant.ptr, im->actor) != 0)
		return NULL;
	if (!strstr(edit->head_log.ptr, wp->row->event_id))
		return wp->row;
	/* of two commits the second may not have been made, or somebody else
	 * has committed the line */
	if (!agent || strcmp(agent, im->actor) != 0)
		return wp->row;
	return NULL;
}

static int put_files(struct sk_implement *im, struct sk_err *err)
{
	struct sk_edit *edit = &im->edit;
	const struct sk_log_row *row = NULL;
	struct sk_start start = {.pid = im->pid, .at_us = edit->at_us};
	struct sk_str note = SK_STR_INIT;
	char base[BASE_COMMIT_LEN + 1];
	int rc;

	sk_str_puts(&note, "Started implementation");
	if (im->reason)
		sk_str_addf(&note, ": %s", im->reason);
	start.note = note.ptr;
	if (im->is_begun)
		row = find_half_done(im);
	if (row)
		start.at_us = row->at_us;
	if (row || !im->is_begun)
		start.agent = im->actor;
	snprintf(base, sizeof(base), "%.*s", BASE_COMMIT_LEN, im->base_commit);
	/* what is said of it once stays, by whatever name it began there */
	if (im->lane && im->is_fresh &&
	    !(im->front.base_commit &&
	      strcmp(im->front.base_commit, base) == 0)) {
		start.base_branch = im->base_branch.ptr;
		start.base_commit = base;
	}
	rc = sk_start_put_file(edit, im->file.ptr, &start, err);
	if (rc == 0)
		rc = sk_start_put_meta(edit, edit->at_us, err);
	sk_str_free(&note);
	return rc;
}

static int change(void *ctx, struct sk_edit *edit, struct sk_err *err)
{
	struct sk_implement *im = ctx;

	(void)edit; /* is ours */
	if (sk_implement_plan(im, err) < 0 ||
	    sk_implement_make_place(im, err) < 0 || add_lines(im, err) < 0)
		return -1;
	return put_files(im, err);
}

/* Nothing was committed: the worktree goes again, if it is ours. */
static void take_back(struct sk_implement *im, struct sk_err *err)
{
	struct sk_err why = {0};

	if (!im->is_made || im->edit.commit.len || im->edit.plan_commit.len)
		return;
	if (sk_worktree_take_back(im->repo, &im->wanted, &im->added, &why) < 0)
		sk_within(err, "the worktree in '%s' stays", im->folder.ptr);
}

static void write_note(struct sk_implement *im)
{
	const struct sk_start_place place = {
		.main_folder = im->main_folder.ptr,
		.workspace = im->workspace.ptr,
		.branch = im->branch.ptr,
		.base_branch = im->base_branch.ptr,
		.base_commit = im->base_commit,
		.lane = im->lane,
		.wp = im->wp,
		.dependencies = &im->front.dependencies,
		.is_new = *im->added.branch != '\0'};

	if (im->lane &&
	    sk_start_write_note(&im->note, &im->edit, &place, &im->no_note) < 0)
		im->no_note.code = SK_EFAIL;
}

int sk_implement(struct sk_implement *im, struct sk_err *err)
{
	struct sk_str message = SK_STR_INIT;
	int rc;

	sk_str_addf(&message, "chore: %s claimed for implementation", im->wp);
	im->edit.repo = im->repo;
	im->edit.handle = im->mission;
	im->edit.message = message.ptr;
	im->edit.is_whole = true;
	rc = sk_edit_run(&im->edit, change, im, err);
	if (rc < 0)
		take_back(im, err);
	else
		write_note(im);
	im->edit.message = NULL;
	sk_str_free(&message);
	return rc < 0 ? -1 : 0;
}
