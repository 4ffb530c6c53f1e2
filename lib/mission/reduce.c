/* SPDX-License-Identifier: MIT */
#include "mission/reduce.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void sk_reduced_add(struct sk_reduced *state, const struct sk_log *log)
{
	for (size_t i = 0; i < log->row_count; i++) {
		const struct sk_log_row *row = &log->rows[i];
		bool added;

		sk_map_add(&state->ids, row->event_id, strlen(row->event_id), 0,
			   &added);
		if (!added)
			continue;
		SK_GROW(state->rows, state->count, state->cap);
		state->rows[state->count++] = row;
	}
}

static int compare(const struct sk_log_row *a, const struct sk_log_row *b)
{
	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	return strcmp(a->event_id, b->event_id);
}

static int compare_places(const void *a, const void *b)
{
	const struct sk_log_row *const *x = a, *const *y = b;

	return compare(*x, *y);
}

/* A log that grew as things happened is in order, and stays as it is. */
static void sort(struct sk_reduced *state)
{
	for (size_t i = 1; i < state->count; i++) {
		if (compare(state->rows[i - 1], state->rows[i]) > 0) {
			qsort(state->rows, state->count, sizeof(*state->rows),
			      compare_places);
			return;
		}
	}
}

static bool is_rollback(const struct sk_log_row *row)
{
	return row->from == SK_LANE_FOR_REVIEW &&
	       row->to == SK_LANE_IN_PROGRESS &&
	       row->told[SK_LOG_REVIEW_REF].len;
}

void sk_reduced_fold(struct sk_reduced *state)
{
	sort(state);
	for (size_t i = 0; i < state->count; i++) {
		const struct sk_log_row *row = state->rows[i];
		struct sk_reduced_wp *wp;
		bool added;
		int64_t *at;

		at = sk_map_add(&state->index, row->wp_id, strlen(row->wp_id),
				(int64_t)state->wp_count, &added);
		if (added) {
			SK_GROW(state->wps, state->wp_count, state->wp_cap);
			state->wps[state->wp_count++] =
				(struct sk_reduced_wp){row, 0};
		}
		wp = &state->wps[*at];
		if (wp->row->at_us == row->at_us && is_rollback(wp->row) &&
		    !is_rollback(row))
			continue;
		wp->row = row;
		wp->force_count += row->force;
	}
}

const struct sk_reduced_wp *sk_reduced_find(const struct sk_reduced *state,
					    const char *wp_id)
{
	const int64_t *at = sk_map_get(&state->index, wp_id, strlen(wp_id));

	return at ? &state->wps[*at] : NULL;
}

/* The end of the year 9999: later times cannot be written. */
#define LAST_US INT64_C(253402300799999999)

int64_t sk_reduced_next_us(const struct sk_reduced *state, int64_t now_us)
{
	int64_t last =
		state->count ? state->rows[state->count - 1]->at_us : INT64_MIN;

	if (last < now_us)
		return now_us;
	return last < LAST_US ? last + 1 : last;
}

void sk_reduced_free(struct sk_reduced *state)
{
	sk_map_free(&state->ids);
	sk_map_free(&state->index);
	free(state->rows);
	free(state->wps);
	*state = (struct sk_reduced)SK_REDUCED_INIT;
}
