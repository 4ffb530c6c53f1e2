/* SPDX-License-Identifier: MIT */
#include "front/queuestatus.h"

#include <string.h>

#include "format/time.h"

enum { MAX_LISTED = 10, MAX_TEXT = 200, MAX_BAR = 40 };

static int read_state(struct sk_queue_status *status, struct sk_err *err)
{
	struct sk_outbox *box = status->box;

	if (sk_state_get_int(box, "last_delivery", &status->last_delivery,
			     err) < 0 ||
	    sk_state_get_int(box, "failures", &status->failures, err) < 0 ||
	    sk_state_get_int(box, "next_attempt_ms", &status->next_ms, err) <
		    0 ||
	    sk_state_get(box, "last_category", &status->last_category, err) <
		    0 ||
	    sk_state_get(box, "last_error", &status->last_error, err) < 0)
		return -1;
	return 0;
}

int sk_queue_status_read(struct sk_queue_status *status, struct sk_err *err)
{
	int rc = sk_credentials_load(&status->creds, err);

	if (rc < 0)
		return -1;
	status->is_logged_in = rc == 0;
	if (sk_scope_queue_path(&status->path,
				status->is_logged_in ? &status->creds : NULL,
				err) < 0)
		return -1;
	rc = sk_outbox_open_readonly(&status->box, status->path.ptr, err);
	if (rc)
		return rc < 0 ? -1 : 0;
	if (sk_queue_stats(status->box, &status->stats, err) < 0)
		return -1;
	return read_state(status, err);
}

void sk_queue_status_free(struct sk_queue_status *status)
{
	sk_outbox_close(status->box);
	sk_credentials_free(&status->creds);
	sk_str_free(&status->path);
	sk_str_free(&status->last_category);
	sk_str_free(&status->last_error);
	*status = (struct sk_queue_status)SK_QUEUE_STATUS_INIT;
}

static void add_label(struct sk_str *out, const char *label)
{
	sk_str_addf(out, "%-16s", label);
}

static void add_count(struct sk_str *out, const char *label, int64_t count,
		      const char *note)
{
	add_label(out, label);
	sk_str_addf(out, "%lld%s%s\n", (long long)count, *note ? "  " : "",
		    note);
}

static void add_span(struct sk_str *out, const char *label, int64_t seconds)
{
	add_label(out, label);
	sk_time_add_span(out, seconds);
	sk_str_puts(out, " ago\n");
}

static void add_owner(struct sk_str *out, const struct sk_queue_status *status)
{
	const struct sk_credentials *creds = &status->creds;

	add_label(out, "Server:");
	if (!status->is_logged_in) {
		sk_str_puts(out, "none; nobody is logged in\n");
	} else {
		sk_str_addf(out, "%s\n", creds->server.ptr);
		add_label(out, "Account:");
		sk_str_add_visible(out, creds->username.ptr,
				   creds->username.len, MAX_TEXT);
		if (creds->team.len) {
			sk_str_puts(out, ", team ");
			sk_str_add_visible(out, creds->team.ptr,
					   creds->team.len, MAX_TEXT);
		}
		sk_str_putc(out, '\n');
	}
	add_label(out, "Queue:");
	sk_str_addf(out, "%s\n", status->path.ptr);
}

/* A bar beside a count, as long as its part of the largest. */
static void add_bar(struct sk_str *out, int64_t count, int64_t largest)
{
	int64_t len =
		largest > 0 ? (count * MAX_BAR + largest - 1) / largest : 0;

	sk_str_puts(out, len > 0 ? "  " : "");
	for (; len > 0; len--)
		sk_str_putc(out, '#');
}

static void add_row(struct sk_str *out, const char *label, int64_t count,
		    int64_t largest, bool want_bars)
{
	sk_str_addf(out, "  %-22s%8lld", label, (long long)count);
	if (want_bars)
		add_bar(out, count, largest);
	sk_str_putc(out, '\n');
}

static void add_types(struct sk_str *out, const struct sk_queue_stats *stats,
		      bool want_bars)
{
	struct sk_str name = SK_STR_INIT;

	if (stats->types > 0)
		sk_str_puts(out, "Types:\n");
	for (size_t i = 0; i < stats->types; i++) {
		sk_str_clear(&name);
		sk_str_add_visible(&name, stats->type[i].name,
				   strlen(stats->type[i].name), MAX_TEXT);
		sk_str_putc(&name, ':');
		add_row(out, name.ptr, stats->type[i].count,
			stats->type[0].count, want_bars);
	}
	sk_str_free(&name);
}

static void add_retries(struct sk_str *out, const struct sk_queue_stats *stats,
			bool want_bars)
{
	static const char *const labels[] = {
		"0 retries:", "1-3 retries:", "4+ retries:"};
	int64_t largest = 0;

	if (stats->depth == 0)
		return;
	for (size_t i = 0; i < SK_COUNTOF(labels); i++) {
		if (stats->retried[i] > largest)
			largest = stats->retried[i];
	}
	sk_str_puts(out, "Retries:\n");
	for (size_t i = 0; i < SK_COUNTOF(labels); i++)
		add_row(out, labels[i], stats->retried[i], largest, want_bars);
}

static void add_depth(struct sk_str *out, const struct sk_queue_stats *stats)
{
	add_label(out, "Depth:");
	sk_str_addf(out, "%lld", (long long)stats->depth);
	if (stats->depth > 0)
		sk_str_addf(out, "  (%lld ready, %lld held)",
			    (long long)(stats->depth - stats->held),
			    (long long)stats->held);
	if (stats->parked > 0)
		sk_str_addf(out, ", and %lld parked", (long long)stats->parked);
	sk_str_putc(out, '\n');
}

static void add_failures(struct sk_str *out,
			 const struct sk_queue_status *status)
{
	if (status->failures == 0)
		return;
	add_label(out, "Failures:");
	sk_str_addf(out, "%lld in a row, the last: %s: ",
		    (long long)status->failures, status->last_category.ptr);
	sk_str_add_visible(out, status->last_error.ptr, status->last_error.len,
			   MAX_TEXT);
	sk_str_putc(out, '\n');
}

/* When what is ready is sent, and what it waits for. */
static void add_next(struct sk_str *out, const struct sk_queue_status *status,
		     int64_t now_ms)
{
	if (status->stats.depth == status->stats.held)
		return;
	add_label(out, "Next attempt:");
	if (!status->is_logged_in) {
		sk_str_puts(out, "after a login: run 'git sk-auth login'\n");
	} else if (status->failures == 0) {
		sk_str_puts(out, "with the next commit, or by 'git sk-sync"
				 " now'\n");
	} else if (status->next_ms <= now_ms) {
		sk_str_puts(out, "any time\n");
	} else {
		sk_str_puts(out, "in ");
		sk_time_add_span(out, (status->next_ms - now_ms + 999) / 1000);
		sk_str_puts(out, "; 'git sk-sync now' does not wait\n");
	}
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

static int list_unreadable(void *ctx, const char *commit, const char *path,
			   int64_t line, const char *reason)
{
	struct listing *list = ctx;

	if (list->shown++ >= MAX_LISTED)
		return 0;
	sk_str_addf(list->out, "  %.12s:", commit);
	sk_str_add_visible(list->out, path, strlen(path), MAX_TEXT);
	sk_str_addf(list->out, ":%lld: ", (long long)line);
	sk_str_add_visible(list->out, reason, strlen(reason), MAX_TEXT);
	sk_str_putc(list->out, '\n');
	return 0;
}

static void add_more(const struct listing *list)
{
	if (list->shown > MAX_LISTED)
		sk_str_addf(list->out,
			    "  and %lld more; --json lists them all\n",
			    (long long)(list->shown - MAX_LISTED));
}

static int add_lists(struct sk_str *out, const struct sk_queue_status *status,
		     struct sk_err *err)
{
	const struct sk_queue_stats *stats = &status->stats;
	struct listing held = {out, false, 0}, parked = {out, true, 0};
	struct listing unreadable = {out, false, 0};

	if (stats->held > 0) {
		add_count(out, "Held:", stats->held,
			  "refused too often; free them by 'git sk-sync"
			  " retry'");
		if (sk_stuck_each(status->box, list_stuck, &held, err) < 0)
			return -1;
		add_more(&held);
	}
	if (stats->parked > 0) {
		add_count(out, "Parked:", stats->parked,
			  "cannot be sent as they are");
		if (sk_stuck_each(status->box, list_stuck, &parked, err) < 0)
			return -1;
		add_more(&parked);
	}
	if (stats->unreadable > 0) {
		add_count(out, "Unreadable:", stats->unreadable,
			  "lines of event logs that were skipped");
		if (sk_unreadable_each(status->box, list_unreadable,
				       &unreadable, err) < 0)
			return -1;
		add_more(&unreadable);
	}
	return 0;
}

int sk_queue_status_add_text(struct sk_str *out,
			     const struct sk_queue_status *status,
			     int64_t now_ms, bool want_bars, struct sk_err *err)
{
	const struct sk_queue_stats *stats = &status->stats;
	int64_t now = now_ms / 1000;

	add_owner(out, status);
	if (!status->box) {
		sk_str_puts(out, "Nothing has been queued yet.\n");
		return 0;
	}
	add_depth(out, stats);
	add_types(out, stats, want_bars);
	add_retries(out, stats, want_bars);
	if (stats->oldest > 0)
		add_span(out, "Oldest:", now - stats->oldest);
	if (status->last_delivery > 0)
		add_span(out, "Last delivery:", now - status->last_delivery);
	else
		sk_str_addf(out, "%-16snever\n", "Last delivery:");
	add_count(out, "Delivered:", stats->delivered, "");
	if (stats->bodies > 0)
		add_count(out, "Body uploads:", stats->bodies, "");
	add_failures(out, status);
	add_next(out, status, now_ms);
	return add_lists(out, status, err);
}
