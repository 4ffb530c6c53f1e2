/* SPDX-License-Identifier: MIT */
#include "capture/progress.h"

#include <string.h>

#include "base/map.h"

static void count_wp(struct sk_progress *p, enum sk_lane lane)
{
	p->wp_count++;
	p->done_count += lane == SK_LANE_DONE;
	p->is_complete &= sk_lane_is_terminal(lane);
}

static void by_files(struct sk_progress *p, const struct sk_wp_list *wps)
{
	for (size_t i = 0; i < wps->count; i++) {
		enum sk_lane lane = wps->items[i].lane;

		count_wp(p, lane);
		p->is_started |= sk_lane_is_started(lane);
		p->is_reviewed |= lane == SK_LANE_FOR_REVIEW;
	}
}

/* What reducing the log needs to know while it goes. */
struct fold {
	struct sk_progress *progress;
	struct sk_map ids; /* work packages that have a row */
};

static void fold_wp(void *ctx, const char *wp_id, enum sk_lane lane,
		    int64_t at_us)
{
	struct fold *fold = ctx;

	sk_map_add(&fold->ids, wp_id, strlen(wp_id), 1, NULL);
	count_wp(fold->progress, lane);
	if (at_us != INT64_MIN && (at_us > fold->progress->completed_us ||
				   fold->progress->wp_count == 1))
		fold->progress->completed_us = at_us;
}

static void earliest(bool *is, int64_t *when, int64_t at_us, int64_t fallback)
{
	if (at_us == INT64_MIN)
		at_us = fallback;
	if (!*is || at_us < *when)
		*when = at_us;
	*is = true;
}

static void by_log(struct sk_progress *p, const struct sk_log *log,
		   const struct sk_wp_list *wps, int64_t at_us)
{
	struct fold fold = {p, SK_MAP_INIT};

	sk_log_reduce(log, fold_wp, &fold);
	for (size_t i = 0; i < wps->count; i++) {
		const char *id = wps->items[i].id;

		if (!sk_map_get(&fold.ids, id, strlen(id)))
			count_wp(p, SK_LANE_PLANNED);
	}
	for (size_t i = 0; i < log->row_count; i++) {
		const struct sk_log_row *row = &log->rows[i];

		if (sk_lane_is_started(row->to))
			earliest(&p->is_started, &p->started_us, row->at_us,
				 at_us);
		if (row->to == SK_LANE_FOR_REVIEW)
			earliest(&p->is_reviewed, &p->reviewed_us, row->at_us,
				 at_us);
	}
	sk_map_free(&fold.ids);
}

void sk_progress_of(struct sk_progress *out, const struct sk_log *log,
		    const struct sk_wp_list *wps, int64_t at_us)
{
	*out = (struct sk_progress){.is_complete = true,
				    .started_us = at_us,
				    .reviewed_us = at_us,
				    .completed_us = at_us};
	if (log->is_empty)
		by_files(out, wps);
	else
		by_log(out, log, wps, at_us);
	out->is_complete &= out->wp_count > 0;
}
