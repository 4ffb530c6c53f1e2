/* SPDX-License-Identifier: MIT */
#include "workflow/implementplan.h"

#include <string.h>

#include "mission/names.h"
#include "workflow/editsave.h"
#include "workflow/startfiles.h"

#define LANES_NAME "lanes.json"

void sk_implement_forget(struct sk_implement *im)
{
	sk_lanes_free(&im->lanes);
	im->lane = NULL;
	sk_wp_free(&im->front);
	sk_claim_free(&im->claim);
	sk_str_free(&im->beside);
	sk_str_free(&im->file);
}

/* What only the work tree has is not swept into a commit of ours. */
static int fail_uncommitted(const struct sk_edit *edit, const char *name,
			    struct sk_err *err)
{
	const char *slug = edit->mission->slug;

	sk_fail(err, SK_ENO, "'%s/%s/%s' is not committed on '%s'",
		SK_MISSIONS_FOLDER, slug, name, edit->home.plan.branch.ptr);
	return sk_hint(err, "run 'git add %s/%s && git commit' in '%s'",
		       SK_MISSIONS_FOLDER, slug, edit->home.plan.worktree.ptr);
}

static int fail_no_target(const struct sk_edit *edit, struct sk_err *err)
{
	const char *target = edit->mission->target;

	sk_fail(err, SK_EFAIL,
		"the target branch '%.100s' of mission '%.100s' is not there",
		target ? target : "", edit->mission->slug);
	return sk_hint(err, "run 'git fetch', or make the branch");
}

static int fail_unknown(const struct sk_edit *edit, const char *wp,
			struct sk_err *err)
{
	sk_fail(err, SK_EFAIL, "mission '%.100s' has no file for '%s'",
		edit->mission->slug, wp);
	if (sk_edit_hint_packages(edit, err) == 0)
		sk_hint(err, "write tasks/%s-<name>.md", wp);
	return -1;
}

/* The file of the work package, by which it is in the mission. */
static int read_file(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_edit *edit = &im->edit;
	struct sk_str text = SK_STR_INIT;
	int rc = sk_edit_find_wp(edit, im->wp, &im->file, err);

	if (rc == 1)
		return fail_unknown(edit, im->wp, err);
	if (rc == 0)
		rc = sk_edit_read_head(edit, im->file.ptr, &text, err);
	if (rc == 1)
		rc = fail_uncommitted(edit, im->file.ptr, err);
	if (rc == 0) {
		rc = sk_start_read_front(&im->front, &text, err);
		if (rc < 0)
			sk_within(err, "'%s'", im->file.ptr);
	}
	sk_str_free(&text);
	return rc;
}

/* Append the lane that the file puts the work package into. */
static void add_lane(struct sk_str *out, const struct sk_str *text,
		     const char *wp)
{
	struct sk_lanes lanes = {.form = NULL};
	const struct sk_work_lane *lane;
	struct sk_err ignored = {0};

	if (sk_lanes_read(&lanes, text->ptr, text->len, &ignored) == 0 &&
	    (lane = sk_lanes_find(&lanes, wp)))
		sk_str_puts(out, lane->id);
	sk_lanes_free(&lanes);
}

/* Edits that are not committed may put it into another lane. */
static int check_same_lane(const struct sk_implement *im,
			   const struct sk_str *head, struct sk_err *err)
{
	struct sk_str work = SK_STR_INIT;
	struct sk_str here = SK_STR_INIT, there = SK_STR_INIT;
	int rc = sk_edit_read_work(&im->edit, LANES_NAME, &work, err);

	add_lane(&here, &work, im->wp);
	add_lane(&there, head, im->wp);
	if (rc == 0 && strcmp(here.ptr, there.ptr) != 0)
		rc = fail_uncommitted(&im->edit, LANES_NAME, err);
	sk_str_free(&here);
	sk_str_free(&there);
	sk_str_free(&work);
	return rc < 0 ? -1 : 0;
}

/* No lanes.json: it may be in the work tree alone. */
static int fail_no_lanes(const struct sk_implement *im, struct sk_err *err)
{
	struct sk_str work = SK_STR_INIT;
	int rc = sk_edit_read_work(&im->edit, LANES_NAME, &work, err);

	sk_str_free(&work);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return fail_uncommitted(&im->edit, LANES_NAME, err);
	sk_fail(err, SK_ENO, "mission '%.100s' has no lanes.json",
		im->edit.mission->slug);
	return sk_edit_hint_finalize(&im->edit, err);
}

static bool plans(const struct sk_implement *im,
		  const struct sk_work_lane *lane)
{
	const char *mode = im->front.execution_mode;

	if (lane)
		return strcmp(lane->id, SK_LANES_PLANNING) == 0;
	return mode && strcmp(mode, "planning_artifact") == 0;
}

static int read_lanes(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_work_lane *lane = NULL;
	struct sk_str text = SK_STR_INIT;
	int rc = sk_edit_read_head(&im->edit, LANES_NAME, &text, err);

	if (rc == 0) {
		rc = sk_edit_parse_lanes(&im->lanes, &im->edit, &text, err);
		if (rc == 0) {
			rc = check_same_lane(im, &text, err);
			lane = sk_lanes_find(&im->lanes, im->wp);
		}
	} else if (rc == 1 && !plans(im, NULL)) {
		rc = fail_no_lanes(im, err);
	}
	sk_str_free(&text);
	if (rc < 0 || plans(im, lane))
		return rc < 0 ? -1 : 0;
	if (lane && sk_lane_id_is_code(lane->id)) {
		im->lane = lane;
		return 0;
	}
	sk_fail(err, SK_ENO, "'%s' is in no lane of " LANES_NAME, im->wp);
	return sk_edit_hint_finalize(&im->edit, err);
}

/* The name goes into those of branches and folders. */
static int check_slug(const struct sk_edit *edit, struct sk_err *err)
{
	if (sk_mission_slug_is_safe(edit->mission->slug))
		return 0;
	sk_fail(err, SK_EFAIL, "a branch cannot have the name of the mission");
	return sk_hint(err, "give its folder another one");
}

int sk_implement_plan(struct sk_implement *im, struct sk_err *err)
{
	const struct sk_edit *edit = &im->edit;

	sk_implement_forget(im);
	if (!edit->home.plan.branch.len)
		return fail_no_target(edit, err);
	if (check_slug(edit, err) < 0 || read_file(im, err) < 0 ||
	    read_lanes(im, err) < 0)
		return -1;
	sk_claim_read(&im->claim, edit, im->wp);
	if (sk_claim_check(&im->claim, edit, im->wp, im->actor, im->force,
			   err) < 0)
		return -1;
	if (im->lane)
		sk_claim_add_beside(&im->beside, edit, im->wp,
				    &im->lane->wp_ids);
	/* what has begun is not stopped by what was found out since */
	if (im->force || im->claim.lane == SK_LANE_IN_PROGRESS)
		return 0;
	return sk_claim_check_dependencies(edit, im->wp,
					   &im->front.dependencies, err);
}
