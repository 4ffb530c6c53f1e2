/* SPDX-License-Identifier: MIT */
#include "capture/progress.h"

#include "mission/reduce.h"

static bool decides(const struct sk_version *log)
{
	return log && !log->is_blank;
}

bool sk_progress_reached(struct sk_version *log, const struct sk_wp_list *wps,
			 enum sk_reach reach)
{
	if (decides(log))
		return sk_version_reached(log, reach);
	for (size_t i = 0; i < wps->count; i++) {
		if (sk_lane_reaches(wps->items[i].lane, reach))
			return true;
	}
	return false;
}

/* Looking for the earliest of the rows that reached a lane. */
struct since {
	enum sk_reach reach;
	bool is_found;
	int64_t us, at_us;
};

static int since_part(void *ctx, const struct sk_version *part)
{
	struct since *since = ctx;

	for (size_t i = 0; i < part->own.row_count; i++) {
		const struct sk_log_row *row = &part->own.rows[i];
		int64_t us =
			row->at_us == INT64_MIN ? since->at_us : row->at_us;

		if (!sk_lane_reaches(row->to, since->reach))
			continue;
		if (!since->is_found || us < since->us)
			since->us = us;
		since->is_found = true;
	}
	return 0;
}

int64_t sk_progress_since(struct sk_version *log, enum sk_reach reach,
			  int64_t at_us)
{
	struct since since = {reach, false, at_us, at_us};

	if (decides(log))
		sk_version_each(log, NULL, since_part, &since);
	return since.us;
}

static void count_wp(struct sk_progress *p, enum sk_lane lane)
{
	p->wp_count++;
	p->done_count += lane == SK_LANE_DONE;
	p->is_complete &= sk_lane_is_terminal(lane);
}

static int fold_part(void *ctx, const struct sk_version *part)
{
	sk_reduced_add(ctx, &part->own);
	return 0;
}

static void by_log(struct sk_progress *p, struct sk_version *log,
		   const struct sk_wp_list *wps)
{
	struct sk_reduced state = SK_REDUCED_INIT;
	int64_t latest = INT64_MIN;

	sk_version_each(log, NULL, fold_part, &state);
	sk_reduced_fold(&state);
	for (size_t i = 0; i < state.wp_count; i++) {
		const struct sk_log_row *row = state.wps[i].row;

		count_wp(p, row->to);
		if (row->at_us > latest)
			latest = row->at_us;
	}
	for (size_t i = 0; i < wps->count; i++) {
		if (!sk_reduced_find(&state, wps->items[i].id))
			count_wp(p, SK_LANE_PLANNED);
	}
	if (latest != INT64_MIN)
		p->completed_us = latest;
	sk_reduced_free(&state);
}

void sk_progress_of(struct sk_progress *out, struct sk_version *log,
		    const struct sk_wp_list *wps, int64_t at_us)
{
	*out = (struct sk_progress){.is_complete = true, .completed_us = at_us};
	if (decides(log)) {
		by_log(out, log, wps);
	} else {
		for (size_t i = 0; i < wps->count; i++)
			count_wp(out, wps->items[i].lane);
	}
	out->is_complete &= out->wp_count > 0;
}
