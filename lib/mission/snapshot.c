/* SPDX-License-Identifier: MIT */
#include "mission/snapshot.h"

#include <string.h>

#include "mission/meta.h"
#include "mission/reduce.h"
#include "mission/retrospective.h"

/* A value of a row as it stands; null when the row does not tell it. */
static struct sk_form *value_of(const char *data, const struct sk_log_row *row,
				enum sk_log_told told)
{
	struct sk_json_span span = sk_log_value(data, row, told);
	struct sk_err err = {0};
	struct sk_form *form;

	if (!span.ptr || sk_form_read(&form, span.ptr, span.len, &err) < 0)
		return sk_form_text(NULL);
	return form;
}

/* The same for text; "" when there is none. */
static struct sk_form *text_of(const char *data, const struct sk_log_row *row,
			       enum sk_log_told told)
{
	struct sk_form *form = row ? value_of(data, row, told) : NULL;

	if (sk_form_as_text(form))
		return form;
	sk_form_free(form);
	return sk_form_text("");
}

/* What meta.json says, else the number that old slugs begin with; as text. */
static struct sk_form *number_of(const struct sk_form *meta, const char *slug)
{
	size_t digits = strspn(slug, "0123456789"), zeros = strspn(slug, "0");
	struct sk_str out = SK_STR_INIT;
	struct sk_form *form;
	int64_t number;

	if (sk_meta_number(&number, sk_form_get(meta, "mission_number"))) {
		sk_str_addf(&out, "%lld", (long long)number);
	} else if (digits && slug[digits] == '-') {
		zeros -= zeros == digits;
		sk_str_add(&out, slug + zeros, digits - zeros);
	}
	form = sk_form_text(out.ptr);
	sk_str_free(&out);
	return form;
}

static struct sk_form *type_of(const struct sk_form *meta)
{
	static const char *const keys[] = {"mission_type", "mission"};

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		const char *text = sk_form_get_text(meta, keys[i]);

		if (text && *text)
			return sk_form_text(text);
	}
	return sk_form_text("software-dev");
}

/* The nine lanes, and genesis if something is still there. */
static struct sk_form *summary_of(const struct sk_reduced *state)
{
	struct sk_form *form = sk_form_object();
	int64_t counts[SK_LANE_COUNT] = {0};

	for (size_t i = 0; i < state->wp_count; i++)
		counts[state->wps[i].row->to]++;
	for (enum sk_lane lane = SK_LANE_GENESIS; lane < SK_LANE_COUNT;
	     lane++) {
		if (lane != SK_LANE_GENESIS || counts[lane])
			sk_form_set(form, sk_lane_name(lane),
				    sk_form_int(counts[lane]));
	}
	return form;
}

static struct sk_form *wps_of(const struct sk_reduced *state, const char *data)
{
	struct sk_form *form = sk_form_object();

	for (size_t i = 0; i < state->wp_count; i++) {
		const struct sk_reduced_wp *wp = &state->wps[i];
		const struct sk_log_row *row = wp->row;
		struct sk_form *one = sk_form_object();

		sk_form_set(one, "actor", value_of(data, row, SK_LOG_ACTOR));
		sk_form_set(one, "force_count", sk_form_int(wp->force_count));
		sk_form_set(one, "lane", sk_form_text(sk_lane_name(row->to)));
		sk_form_set(one, "last_event_id", sk_form_text(row->event_id));
		sk_form_set(one, "last_transition_at",
			    text_of(data, row, SK_LOG_AT));
		sk_form_set(form, row->wp_id, one);
	}
	return form;
}

void sk_snapshot_add(struct sk_str *out, const struct sk_log *log,
		     const char *data, const struct sk_form *meta)
{
	struct sk_form *form = sk_form_object();
	struct sk_form *slug, *retrospective;
	struct sk_reduced state = SK_REDUCED_INIT;
	const struct sk_log_row *first, *last;

	sk_reduced_add(&state, log);
	sk_reduced_fold(&state);
	first = state.count ? state.rows[0] : NULL;
	last = state.count ? state.rows[state.count - 1] : NULL;
	slug = text_of(data, first, SK_LOG_MISSION);
	retrospective = sk_retrospective_of(log, data);
	sk_form_set(form, "event_count", sk_form_int((int64_t)state.count));
	sk_form_set(form, "last_event_id",
		    sk_form_text(last ? last->event_id : NULL));
	sk_form_set(form, "materialized_at", text_of(data, last, SK_LOG_AT));
	sk_form_set(form, "mission_number",
		    number_of(meta, sk_form_as_text(slug)));
	sk_form_set(form, "mission_slug", slug);
	sk_form_set(form, "mission_type", type_of(meta));
	if (retrospective)
		sk_form_set(form, "retrospective", retrospective);
	sk_form_set(form, "summary", summary_of(&state));
	sk_form_set(form, "work_packages", wps_of(&state, data));
	sk_form_add(out, form, SK_FORM_SORTED);
	sk_str_putc(out, '\n');
	sk_form_free(form);
	sk_reduced_free(&state);
}
