/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "guard/reviews.h"
#include "merge/planning.h"
#include "mission/frontmatter.h"
#include "workflow/mission.h"

enum { FILE_MAX = 16 << 20 };

static bool has_log(const struct sk_planning *p, const struct sk_oid *blob)
{
	for (size_t i = 0; i < p->log_count; i++) {
		if (sk_oid_equal(&p->logs[i].blob, blob))
			return true;
	}
	return false;
}

/* Add the rows of the log that a branch has. */
static void add_log(struct sk_planning *p, const struct sk_mission_tip *tip)
{
	const struct sk_mission_version *version =
		tip ? sk_mission_at(p->mission, &p->all, tip) : NULL;
	struct sk_plan_log *log = &p->logs[p->log_count];
	struct sk_err err = {0};
	int rc;

	if (!version || !version->log.len || has_log(p, &version->log))
		return;
	*log = (struct sk_plan_log){
		.blob = version->log, .raw = SK_RAW_INIT, .log = SK_LOG_INIT};
	rc = sk_repo_read(p->repo, &log->blob, SK_OBJECT_BLOB, &log->raw, &err);
	if (rc != 0)
		return; /* the mission could not be read, which was told */
	p->log_count++;
	if (log->raw.len <= SK_EVENT_LOG_MAX)
		sk_log_read(&log->log, log->raw.data, log->raw.len, SIZE_MAX);
	sk_reduced_add(&p->state, &log->log);
}

static bool is_finished(const struct sk_planning *p)
{
	size_t done = 0;

	for (size_t i = 0; i < p->mission->package_count; i++) {
		enum sk_lane lane =
			sk_plan_lane_of(p, p->mission->packages[i].id);

		if (!sk_lane_is_terminal(lane))
			return false;
		done += lane == SK_LANE_DONE;
	}
	return done > 0;
}

/* Whether a merge of the commit would change nothing of the target. */
static bool is_in_target(struct sk_planning *p, const char *tip)
{
	struct sk_err ignored = {0};
	struct sk_merge merge;
	int rc = sk_merge_commits(&merge, p->repo, &p->place, p->plan->base,
				  tip, &ignored);

	rc = rc == 0 ? sk_plan_is_same(p, p->plan->base, merge.git.tree,
				       &ignored)
		     : 0;
	sk_merge_free(&merge);
	return rc > 0;
}

static bool is_in_mission(const struct sk_planning *p, const char *tip,
			  const char *mission)
{
	struct sk_err ignored = {0};

	return *mission &&
	       sk_git_run(NULL, NULL, &p->place, NULL,
			  (const char *const[]){"merge-base", "--is-ancestor",
						tip, mission, NULL},
			  &ignored) == 0;
}

/* Merged before, and cleaned up: a branch may have stayed where a worktree had
 * files that git does not know. */
static bool is_landed(struct sk_planning *p)
{
	char mission[SK_HEX_LEN + 1] = "";

	if (!p->target || !is_finished(p))
		return false;
	if (p->branch) {
		sk_plan_tip_hex(mission, p->branch);
		if (!is_in_target(p, mission))
			return false;
	}
	for (size_t i = 0; i < p->plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &p->plan->lanes[i];

		if (lane->tip[0] && !sk_plan_is_canceled(p, lane) &&
		    !is_in_mission(p, lane->tip, mission) &&
		    !is_in_target(p, lane->tip))
			return false;
	}
	return true;
}

int sk_plan_read_state(struct sk_planning *p, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;

	(void)err;
	if (!p->mission)
		return 0;
	p->logs = sk_calloc(p->plan->lane_count + 2, sizeof(*p->logs));
	add_log(p, p->target);
	add_log(p, p->branch);
	for (size_t i = 0; i < p->plan->lane_count; i++) {
		if (!p->plan->lanes[i].tip[0])
			continue;
		sk_str_clear(&ref);
		sk_str_addf(&ref, SK_PLAN_HEADS "%s", p->plan->lanes[i].branch);
		add_log(p, sk_missions_tip(&p->all, ref.ptr));
	}
	sk_reduced_fold(&p->state);
	p->is_landed = is_landed(p);
	sk_str_free(&ref);
	return 0;
}

enum sk_lane sk_plan_lane_of(const struct sk_planning *p, const char *wp)
{
	const struct sk_reduced_wp *row = sk_reduced_find(&p->state, wp);
	const struct sk_package *package;

	if (row)
		return row->row->to;
	/* without a log the files tell it */
	package = p->state.count ? NULL : sk_mission_package(p->mission, wp);
	return package && package->lane != SK_LANE_NONE ? package->lane
							: SK_LANE_PLANNED;
}

static void add_remedy(struct sk_str *out, const struct sk_planning *p,
		       const char *wp, enum sk_lane lane)
{
	bool is_reviewed =
		lane == SK_LANE_FOR_REVIEW || lane == SK_LANE_IN_REVIEW;

	sk_str_addf(out, "git sk-task %s --mission ",
		    is_reviewed ? "review" : "implement");
	sk_blocker_add_word(out, p->mission->slug);
	sk_str_putc(out, ' ');
	sk_blocker_add_word(out, wp);
}

static void look_at_lane(struct sk_planning *p, const char *wp)
{
	enum sk_lane lane = sk_plan_lane_of(p, wp);
	struct sk_blocker *b;

	if (lane == SK_LANE_APPROVED || sk_lane_is_terminal(lane))
		return;
	b = sk_blocker_add(&p->plan->found, SK_BLOCKER_UNAPPROVED_WP, wp);
	sk_str_add_visible(&b->message, wp, strlen(wp), 100);
	sk_str_addf(&b->message, " is %s, neither approved nor done",
		    sk_lane_name(lane));
	add_remedy(&b->remediation, p, wp, lane);
}

static void look_at_dependency(struct sk_planning *p, const char *wp,
			       const char *on)
{
	bool is_known = sk_mission_package(p->mission, on) != NULL;
	enum sk_lane lane = sk_plan_lane_of(p, on);
	struct sk_str folder = SK_STR_INIT;
	struct sk_blocker *b;

	if (is_known && (lane == SK_LANE_APPROVED || lane == SK_LANE_DONE))
		return;
	b = sk_blocker_add(&p->plan->found, SK_BLOCKER_UNMET_DEPENDENCY, wp);
	sk_str_add_visible(&b->message, wp, strlen(wp), 100);
	sk_str_puts(&b->message, " depends on ");
	sk_plan_add_name(&b->message, on);
	sk_str_addf(&b->message, ", which %s",
		    is_known ? "is " : "does not exist");
	if (is_known)
		sk_str_puts(&b->message, sk_lane_name(lane));
	if (is_known && lane != SK_LANE_CANCELED) {
		add_remedy(&b->remediation, p, on, lane);
		return;
	}
	sk_str_puts(&b->message, "; take it out of the dependencies there");
	sk_str_addf(&folder, ":/" SK_MISSIONS_FOLDER "/%s/tasks",
		    p->mission->slug);
	sk_str_puts(&b->remediation, "git grep -n -e ");
	sk_blocker_add_word(&b->remediation, on);
	sk_str_puts(&b->remediation, " -- ");
	sk_blocker_add_word(&b->remediation, folder.ptr);
	sk_str_free(&folder);
}

static void look_at_file(struct sk_planning *p,
			 const struct sk_package *package)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_wp front = {0};
	struct sk_err err = {0};
	int rc = 0;

	if (!package->file.len ||
	    sk_plan_lane_of(p, package->id) == SK_LANE_CANCELED)
		return;
	if (!sk_mission_read_file(&text, p->mission, &p->all, &package->file,
				  package->id, FILE_MAX))
		rc = sk_fail(&err, SK_EDATA, "it cannot be read");
	else
		rc = sk_wp_read(&front, text.ptr, text.len, &err);
	if (rc < 0)
		sk_untold_add(&p->untold, package->id, &err);
	for (size_t i = 0; rc == 0 && i < front.dependencies.len; i++)
		look_at_dependency(p, package->id, front.dependencies.items[i]);
	sk_wp_free(&front);
	sk_str_free(&text);
}

void sk_plan_list_packages(struct sk_words *out, const struct sk_planning *p)
{
	for (size_t i = 0; i < p->file.len; i++) {
		for (size_t k = 0; k < p->file.items[i].wp_ids.len; k++)
			sk_words_add_new(out, p->file.items[i].wp_ids.items[k]);
	}
	for (size_t i = 0; i < p->mission->package_count; i++) {
		if (p->mission->packages[i].file.len)
			sk_words_add_new(out, p->mission->packages[i].id);
	}
	sk_words_sort(out);
}

int sk_plan_look_packages(struct sk_planning *p, struct sk_err *err)
{
	struct sk_words wps = SK_WORDS_INIT;

	(void)err;
	if (!p->mission)
		return 0;
	sk_plan_list_packages(&wps, p);
	if (!wps.len) {
		struct sk_blocker *b = sk_blocker_add(&p->plan->found,
						      SK_BLOCKER_UNAPPROVED_WP,
						      p->mission->slug);

		sk_str_puts(&b->message, "the mission has no work packages");
		sk_str_puts(&b->remediation, "git sk-mission finalize ");
		sk_blocker_add_word(&b->remediation, p->mission->slug);
	}
	for (size_t i = 0; i < wps.len; i++)
		look_at_lane(p, wps.items[i]);
	for (size_t i = 0; i < p->mission->package_count; i++)
		look_at_file(p, &p->mission->packages[i]);
	sk_words_free(&wps);
	return 0;
}
