/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/now.h"
#include "merge/recording.h"
#include "mission/frontmatter.h"
#include "mission/logline.h"
#include "workflow/actor.h"
#include "workflow/approval.h"
#include "workflow/mission.h"

#define ACTOR "merge"

enum { FILE_MAX = 16 << 20 };

/* What the lines of one merge share. */
struct rows {
	struct sk_recording *r;
	struct sk_str actor, target;
	int64_t at_us;
};

/*
 * The lane by the log that the merge makes. A mission without one has its lanes
 * in its files.
 */
static enum sk_lane lane_of(const struct sk_recording *r, const char *wp)
{
	const struct sk_reduced_wp *row = sk_reduced_find(&r->state, wp);

	if (row)
		return row->row->to;
	return r->state.count ? SK_LANE_PLANNED : sk_plan_lane_of(r->p, wp);
}

/* By whom it was approved: as the log says, else as the file does. */
static struct sk_form *find_evidence(const struct sk_recording *r,
				     const char *wp)
{
	const struct sk_planning *p = r->p;
	const struct sk_package *package = sk_mission_package(p->mission, wp);
	struct sk_form *evidence =
		sk_approval_of(&r->state, r->log_text.ptr, wp);
	struct sk_str text = SK_STR_INIT;
	struct sk_wp front = {0};
	struct sk_err ignored = {0};

	if (evidence)
		return evidence;
	/* one that cannot be read was told as the plan looked at it */
	if (package && package->file.len &&
	    sk_mission_read_file(&text, p->mission, &p->all, &package->file, wp,
				 FILE_MAX) &&
	    sk_wp_read(&front, text.ptr, text.len, &ignored) < 0)
		sk_wp_free(&front);
	evidence = sk_approval_by_file(&front, wp);
	sk_wp_free(&front);
	sk_str_free(&text);
	return evidence;
}

static void add_line(struct rows *rows, struct sk_logline *line)
{
	struct sk_recording *r = rows->r;

	line->mission_slug = r->p->mission->slug;
	line->mission_id = r->meta.mission_id;
	line->actor = rows->actor.ptr;
	line->execution_mode = sk_lanes_mode(&r->p->file, line->wp_id);
	sk_logline_stamp(line, rows->at_us, r->line_count++);
	sk_logline_add(&r->lines, line);
	sk_words_add(&r->moved, line->wp_id);
}

static void add_done(struct rows *rows, const char *wp)
{
	struct sk_form *evidence = find_evidence(rows->r, wp);
	struct sk_str reason = SK_STR_INIT;
	struct sk_logline line = {.wp_id = wp,
				  .from = SK_LANE_APPROVED,
				  .to = SK_LANE_DONE,
				  .evidence = evidence};

	sk_str_addf(&reason, "Merged %s into %s", wp, rows->target.ptr);
	line.reason = reason.ptr;
	add_line(rows, &line);
	sk_str_free(&reason);
	sk_form_free(evidence);
}

/*
 * The first line ever makes the log the one place that tells lanes: who is done
 * or canceled by his file alone would be planned again. As a log that begins
 * with what was there before, the line is forced, and moves nothing.
 */
static void add_seed(struct rows *rows, const char *wp, enum sk_lane lane)
{
	struct sk_logline line = {.wp_id = wp,
				  .from = lane,
				  .to = lane,
				  .reason = "canonical bootstrap",
				  .force = true};

	add_line(rows, &line);
}

static void add_lines(struct rows *rows, const struct sk_words *wps)
{
	for (size_t i = 0; i < wps->len; i++) {
		enum sk_lane lane = lane_of(rows->r, wps->items[i]);

		if (lane == SK_LANE_APPROVED)
			add_done(rows, wps->items[i]);
		else if (!rows->r->state.count && sk_lane_is_terminal(lane))
			add_seed(rows, wps->items[i], lane);
	}
}

/* Those of the plan, and who is approved by the log alone. */
static void list(struct sk_words *wps, const struct sk_recording *r)
{
	sk_plan_list_packages(wps, r->p);
	for (size_t i = 0; i < r->state.wp_count; i++) {
		if (r->state.wps[i].row->to == SK_LANE_APPROVED)
			sk_words_add_new(wps, r->state.wps[i].row->wp_id);
	}
	sk_words_sort(wps);
}

/*
 * Whether the merge has what the lines go behind: a log that only branches have
 * that are not merged would be another one.
 */
static int check_place(const struct sk_recording *r, struct sk_err *err)
{
	const struct sk_planning *p = r->p;
	const char *slug = p->mission->slug;

	if (r->state.count || p->is_partial)
		return 0;
	if (!r->has_folder)
		return sk_fail(err, SK_EDATA,
			       "what is merged does not have its folder");
	if (!p->state.count && !p->mission->event_count)
		return 0;
	sk_fail(err, SK_EDATA, "what is merged does not have its event log");
	return sk_hint(err,
		       "git log --all --oneline -- "
		       "kitty-specs/%.100s/" SK_EVENT_LOG_NAME,
		       slug);
}

/* Who is not finished by what all branches say was told to be in the way. */
static int check_lanes(const struct sk_recording *r, const struct sk_words *wps,
		       struct sk_err *err)
{
	for (size_t i = 0; i < wps->len && !r->p->is_partial; i++) {
		enum sk_lane now = lane_of(r, wps->items[i]);
		enum sk_lane all = sk_plan_lane_of(r->p, wps->items[i]);

		if (now == SK_LANE_APPROVED || sk_lane_is_terminal(now) ||
		    (all != SK_LANE_APPROVED && !sk_lane_is_terminal(all)))
			continue;
		return sk_fail(err, SK_EDATA,
			       "%.60s is %s in the event log that is merged",
			       wps->items[i], sk_lane_name(now));
	}
	return 0;
}

/* Behind the last time there is nothing is later, by the id at best. */
static int check_time(const struct sk_recording *r, int64_t at_us,
		      struct sk_err *err)
{
	const struct sk_reduced *state = &r->state;

	if (!state->count || state->rows[state->count - 1]->at_us < at_us)
		return 0;
	return sk_fail(err, SK_EDATA,
		       "no time is later than that of event '%s'",
		       state->rows[state->count - 1]->event_id);
}

int sk_record_rows(struct sk_recording *r, struct sk_err *err)
{
	struct rows rows = {
		.r = r, .actor = SK_STR_INIT, .target = SK_STR_INIT};
	const char *agent = sk_agent_named(NULL);
	const char *target = r->p->plan->target;
	struct sk_words wps = SK_WORDS_INIT;
	bool is_due = false;
	int rc = 0;

	list(&wps, r);
	for (size_t i = 0; i < wps.len; i++)
		is_due |= lane_of(r, wps.items[i]) == SK_LANE_APPROVED;
	agent = agent ? agent : ACTOR;
	sk_str_add_utf8(&rows.actor, agent, strlen(agent));
	sk_str_add_utf8(&rows.target, target, strlen(target));
	rows.at_us = sk_reduced_next_us(&r->state, sk_now_ms() * 1000);
	if (is_due)
		rc = check_place(r, err);
	if (rc == 0 && is_due)
		rc = check_time(r, rows.at_us, err);
	if (rc == 0)
		rc = check_lanes(r, &wps, err);
	if (rc == 0 && is_due)
		add_lines(&rows, &wps);
	sk_str_free(&rows.target);
	sk_str_free(&rows.actor);
	sk_words_free(&wps);
	return rc;
}
