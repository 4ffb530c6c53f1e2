/* SPDX-License-Identifier: MIT */
#include "command/statuslists.h"

#include <string.h>

#include "outbox/stats.h"
#include "outbox/unreadable.h"

enum { MAX_LISTED = 10, MAX_TEXT = 200 };

/* A row of each list, as its table sees it; all is borrowed. */
struct stuck {
	const char *state;
	struct sk_stuck_row row;
};

static const struct sk_member stuck_table[] = {
	{"event_id", SK_MEMBER_TEXT, offsetof(struct stuck, row.event_id)},
	{"event_type", SK_MEMBER_TEXT, offsetof(struct stuck, row.event_type)},
	{"state", SK_MEMBER_TEXT, offsetof(struct stuck, state)},
	{"category", SK_MEMBER_TEXT, offsetof(struct stuck, row.category)},
	{"error", SK_MEMBER_TEXT, offsetof(struct stuck, row.error)},
	{"size_bytes", SK_MEMBER_COUNT, offsetof(struct stuck, row.size_bytes)},
	{"retry_count", SK_MEMBER_COUNT,
	 offsetof(struct stuck, row.retry_count)},
};

struct twin {
	const char *event_id, *missions;
};

static const struct sk_member unreadable_table[] = {
	{"commit", SK_MEMBER_TEXT, offsetof(struct sk_unreadable, commit)},
	{"path", SK_MEMBER_TEXT, offsetof(struct sk_unreadable, path)},
	{"line", SK_MEMBER_COUNT, offsetof(struct sk_unreadable, line)},
	{"reason", SK_MEMBER_TEXT, offsetof(struct sk_unreadable, reason)},
};

static const struct sk_member twin_table[] = {
	{"event_id", SK_MEMBER_TEXT, offsetof(struct twin, event_id)},
	{"missions", SK_MEMBER_TEXT, offsetof(struct twin, missions)},
};

static void add_twins(struct sk_output *output, const struct sk_twins *twins)
{
	for (size_t i = 0; i < twins->count; i++) {
		const struct twin twin = {twins->items[i].event_id,
					  twins->items[i].missions};

		sk_output_add_record(output, twin_table, SK_COUNTOF(twin_table),
				     &twin);
	}
}

static int add_stuck(void *ctx, const struct sk_stuck_row *row)
{
	const struct stuck stuck = {row->parked ? "parked" : "held", *row};

	sk_output_add_record(ctx, stuck_table, SK_COUNTOF(stuck_table), &stuck);
	return 0;
}

static int add_unreadable(void *ctx, const struct sk_unreadable *what)
{
	sk_output_add_record(ctx, unreadable_table,
			     SK_COUNTOF(unreadable_table), what);
	return 0;
}

int sk_status_list_add(struct sk_output *output, const char *key,
		       const struct sk_queue_status *status,
		       enum sk_status_list list, struct sk_err *err)
{
	int rc = 0;

	sk_output_begin_list(output, key);
	if (list == SK_LIST_TWINS)
		add_twins(output, &status->twins);
	else if (status->box && list == SK_LIST_UNREADABLE)
		rc = sk_unreadable_each(status->box, NULL, add_unreadable,
					output, err);
	else if (status->box)
		rc = sk_stuck_each(status->box, add_stuck, output, err);
	sk_output_end_list(output);
	return rc < 0 ? -1 : 0;
}

/* A list under way: how many have been shown, and of which kind. */
struct listing {
	struct sk_str *out;
	bool parked;
	int64_t shown;
};

static int list_stuck(void *ctx, const struct sk_stuck_row *row)
{
	struct listing *list = ctx;

	if (row->parked != list->parked || list->shown++ >= MAX_LISTED)
		return 0;
	sk_str_puts(list->out, "  ");
	sk_str_add_visible(list->out, row->event_id, strlen(row->event_id),
			   MAX_TEXT);
	sk_str_addf(list->out, "  %s: ", row->category ? row->category : "");
	sk_str_add_visible(list->out, row->error ? row->error : "",
			   row->error ? strlen(row->error) : 0, MAX_TEXT);
	if (row->parked)
		sk_str_addf(list->out, " (%lld bytes)",
			    (long long)row->size_bytes);
	sk_str_putc(list->out, '\n');
	return 0;
}

static int list_unreadable(void *ctx, const struct sk_unreadable *what)
{
	struct listing *list = ctx;

	if (list->shown++ >= MAX_LISTED)
		return 0;
	sk_str_addf(list->out, "  %.12s:", what->commit);
	sk_str_add_visible(list->out, what->path, strlen(what->path), MAX_TEXT);
	if (what->line)
		sk_str_addf(list->out, ":%lld", (long long)what->line);
	sk_str_puts(list->out, ": ");
	sk_str_add_visible(list->out, what->reason, strlen(what->reason),
			   MAX_TEXT);
	sk_str_putc(list->out, '\n');
	return 0;
}

static void list_twins(struct listing *list, const struct sk_twins *twins)
{
	for (size_t i = 0; i < twins->count; i++) {
		const char *missions = twins->items[i].missions;

		if (list->shown++ >= MAX_LISTED)
			continue;
		sk_str_addf(list->out, "  %s  ", twins->items[i].event_id);
		sk_str_add_visible(list->out, missions, strlen(missions),
				   MAX_TEXT);
		sk_str_putc(list->out, '\n');
	}
}

int sk_status_list_add_text(struct sk_str *out,
			    const struct sk_queue_status *status,
			    enum sk_status_list list, struct sk_err *err)
{
	struct listing shown = {out, list == SK_LIST_PARKED, 0};
	int rc = 0;

	if (list == SK_LIST_TWINS)
		list_twins(&shown, &status->twins);
	else if (list == SK_LIST_UNREADABLE)
		rc = sk_unreadable_each(status->box, NULL, list_unreadable,
					&shown, err);
	else
		rc = sk_stuck_each(status->box, list_stuck, &shown, err);
	if (rc == 0 && shown.shown > MAX_LISTED)
		sk_str_addf(out, "  and %lld more; --json lists them all\n",
			    (long long)(shown.shown - MAX_LISTED));
	return rc < 0 ? -1 : 0;
}
