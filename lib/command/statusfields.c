/* SPDX-License-Identifier: MIT */
/*
 * What a status consists of: one table, read by people line by line and by
 * programs member by member.
 */
#include <string.h>

#include "command/queuestatus.h"
#include "command/statuslists.h"
#include "format/time.h"
#include "front/colour.h"
#include "front/projectview.h"

enum { MAX_TEXT = 200, MAX_BAR = 80 };

/* For whom a line is written. */
struct reader {
	const struct sk_queue_status *status;
	const struct sk_queue_status_look *look;
};

static void add_coloured(struct sk_str *out, const struct reader *reader,
			 enum sk_colour colour, const char *text)
{
	sk_colour_add(out, reader->look->has_colour, colour, text);
}

/* Coloured only when there are any. */
static void add_state(struct sk_str *out, const struct reader *reader,
		      enum sk_colour tone, int64_t count, const char *word)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_addf(&text, "%lld %s", (long long)count, word);
	if (count > 0)
		add_coloured(out, reader, tone, text.ptr);
	else
		sk_str_puts(out, text.ptr);
	sk_str_free(&text);
}

/*
 * One row. `label` and `say` are for people: `say` appends what they read
 * behind the label, and a row for which it appends nothing has no line.
 */
struct field {
	struct sk_member member;
	const char *label;
	void (*say)(struct sk_str *out, const struct reader *reader);
	enum sk_status_list list;
};

static void say_server(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;

	if (status->is_logged_in) {
		sk_str_puts(out, status->server);
	} else {
		add_coloured(out, reader, SK_COLOUR_WARNING, "none");
		sk_str_puts(out, "; nobody is logged in");
	}
}

static void say_account(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;

	if (!status->is_logged_in)
		return;
	sk_str_add_visible(out, status->username, strlen(status->username),
			   MAX_TEXT);
	if (status->team) {
		sk_str_puts(out, ", team ");
		sk_str_add_visible(out, status->team, strlen(status->team),
				   MAX_TEXT);
	}
}

static void say_queue(struct sk_str *out, const struct reader *reader)
{
	sk_str_puts(out, reader->status->queue);
}

static void say_project(struct sk_str *out, const struct reader *reader)
{
	if (reader->status->project.uuid.len)
		sk_project_add_text(out, &reader->status->project);
}

static void say_depth(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;
	const struct sk_queue_stats *stats = &status->stats;

	sk_str_addf(out, "%lld", (long long)stats->depth);
	if (stats->depth > 0) {
		sk_str_puts(out, "  (");
		add_state(out, reader, SK_COLOUR_GOOD, status->ready, "ready");
		sk_str_puts(out, ", ");
		add_state(out, reader, SK_COLOUR_WARNING, stats->held, "held");
		sk_str_putc(out, ')');
	}
	if (stats->parked > 0) {
		sk_str_puts(out, ", and ");
		add_state(out, reader, SK_COLOUR_ERROR, stats->parked,
			  "parked");
	}
}

/*
 * A bar beside a count, as long as its part of the largest, which gets `room`:
 * what the line has left without the last column, where some terminals wrap.
 */
static void add_bar(struct sk_str *out, int64_t count, int64_t largest,
		    int room)
{
	int64_t max = room > MAX_BAR ? MAX_BAR : room;
	int64_t len = largest > 0 ? (count * max + largest - 1) / largest : 0;

	sk_str_puts(out, len > 0 ? "  " : "");
	for (; len > 0; len--)
		sk_str_putc(out, '#');
}

static void add_rows(struct sk_str *out, const struct reader *reader,
		     const struct sk_counts *counts, const char *unit)
{
	int64_t largest = 0;
	size_t start;

	for (size_t i = 0; i < counts->len; i++) {
		if (counts->at[i].count > largest)
			largest = counts->at[i].count;
	}
	for (size_t i = 0; i < counts->len; i++) {
		struct sk_str name = SK_STR_INIT;

		sk_str_add_visible(&name, counts->at[i].name,
				   strlen(counts->at[i].name), MAX_TEXT);
		sk_str_addf(&name, "%s:", unit);
		sk_str_putc(out, '\n');
		start = out->len;
		sk_str_addf(out, "  %-22s%8lld", name.ptr,
			    (long long)counts->at[i].count);
		add_bar(out, counts->at[i].count, largest,
			reader->look->columns - (int)(out->len - start) - 3);
		sk_str_free(&name);
	}
}

static void say_types(struct sk_str *out, const struct reader *reader)
{
	add_rows(out, reader, &reader->status->types, "");
}

static void say_retries(struct sk_str *out, const struct reader *reader)
{
	if (reader->status->stats.depth > 0)
		add_rows(out, reader, &reader->status->retries, " retries");
}

static void say_oldest(struct sk_str *out, const struct reader *reader)
{
	if (reader->status->oldest_age_s < 0)
		return;
	sk_time_add_span(out, reader->status->oldest_age_s);
	sk_str_puts(out, " ago");
}

static void say_last(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;

	if (status->last_delivery > 0) {
		sk_time_add_span(out,
				 status->now_ms / 1000 - status->last_delivery);
		sk_str_puts(out, " ago");
	} else {
		sk_str_puts(out, "never");
	}
}

static void say_delivered(struct sk_str *out, const struct reader *reader)
{
	sk_str_addf(out, "%lld", (long long)reader->status->stats.delivered);
}

static void say_bodies(struct sk_str *out, const struct reader *reader)
{
	if (reader->status->stats.bodies > 0)
		sk_str_addf(out, "%lld",
			    (long long)reader->status->stats.bodies);
}

static void say_failures(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;

	if (status->failures == 0)
		return;
	sk_str_addf(out,
		    "%lld in a row, the last: ", (long long)status->failures);
	add_coloured(out, reader, SK_COLOUR_ERROR, status->last_category.ptr);
	sk_str_puts(out, ": ");
	sk_str_add_visible(out, status->last_error.ptr, status->last_error.len,
			   MAX_TEXT);
}

/* What keeps events from being sent at all, and the way out. */
static void say_switch(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;
	const char *variable = sk_config_sync_variable();
	const char *value =
		variable ? variable : sk_config_get(status->config, "sk.sync");

	add_coloured(out, reader, SK_COLOUR_WARNING, "none");
	sk_str_addf(out, ": %s is '", variable ? SK_SYNC_VARIABLE : "sk.sync");
	sk_str_add_visible(out, value, strlen(value), MAX_TEXT);
	if (variable)
		sk_str_puts(out, "'; run 'unset " SK_SYNC_VARIABLE "'");
	else
		sk_str_addf(out, "'; run 'git config %ssk.sync true'",
			    status->repository ? "" : "--global ");
}

/* When what is ready is sent, and what it waits for. */
static void say_next(struct sk_str *out, const struct reader *reader)
{
	const struct sk_queue_status *status = reader->status;

	if (status->ready == 0)
		return;
	if (!status->may_send) {
		say_switch(out, reader);
	} else if (!status->is_logged_in) {
		sk_str_puts(out, "after a login: run 'git sk-auth login'");
	} else if (strcmp(status->flush, "off") == 0) {
		add_coloured(out, reader, SK_COLOUR_WARNING,
			     "not after a commit");
		sk_str_puts(out, ": sk.flush is off; run 'git sk-sync now'");
	} else if (status->failures == 0) {
		sk_str_puts(out,
			    "with the next commit, or by 'git sk-sync now'");
	} else if (status->wait_s == 0) {
		sk_str_puts(out, "any time");
	} else {
		sk_str_puts(out, "in ");
		sk_time_add_span(out, status->wait_s);
		sk_str_puts(out, "; 'git sk-sync now' does not wait");
	}
}

static void say_number(struct sk_str *out, int64_t count, const char *note)
{
	if (count > 0)
		sk_str_addf(out, "%lld  %s", (long long)count, note);
}

static void say_held(struct sk_str *out, const struct reader *reader)
{
	say_number(out, reader->status->stats.held,
		   "refused too often; free them by 'git sk-sync retry'");
}

static void say_parked(struct sk_str *out, const struct reader *reader)
{
	say_number(out, reader->status->stats.parked,
		   "cannot be sent as they are");
}

static void say_unreadable(struct sk_str *out, const struct reader *reader)
{
	say_number(out, reader->status->stats.unreadable,
		   "lines or missions that were skipped");
}

static void say_twins(struct sk_str *out, const struct reader *reader)
{
	say_number(out, reader->status->twin_count,
		   "ids stand in two missions; an id is one event");
}

/* Commits that a walk passed, and what each kind of them waits for. */
static void say_unseen(struct sk_str *out, const struct reader *reader)
{
	static const char *const waits[SK_UNSEEN_KINDS] = {
		[SK_UNSEEN_LATE] = "with a large log: run 'git sk-sync now'",
		[SK_UNSEEN_LACKS] = "lacking objects: run 'git sk-setup'",
		[SK_UNSEEN_CUT] = "cut off: run 'git fetch --unshallow'",
	};

	for (size_t i = 0; i < SK_UNSEEN_KINDS; i++) {
		if (out->len && reader->status->unseen_by[i])
			sk_str_puts(out, "; ");
		say_number(out, reader->status->unseen_by[i], waits[i]);
	}
}

#define FIELD(key, kind, field, label, say)                                    \
	{                                                                      \
		{key, SK_MEMBER_##kind,                                        \
		 offsetof(struct sk_queue_status, field)},                     \
			label, say, SK_LIST_STUCK                              \
	}
#define LIST(key, label, say, list)                                            \
	{                                                                      \
		{key, SK_MEMBER_LIST, 0}, label, say, list                     \
	}

/* The owner of the queue; there is more to tell only when there is a queue. */
static const struct field owner[] = {
	FIELD("logged_in", FLAG, is_logged_in, NULL, NULL),
	FIELD("server", TEXT, server, "Server:", say_server),
	FIELD("username", TEXT, username, "Account:", say_account),
	FIELD("team", TEXT, team, NULL, NULL),
	FIELD("queue", TEXT, queue, "Queue:", say_queue),
	FIELD("queue_exists", FLAG, exists, NULL, NULL),
	FIELD("repository", TEXT, repository, NULL, NULL),
	FIELD("project_uuid", STR, project.uuid, "Project:", say_project),
	FIELD("project_slug", STR, project.slug, NULL, NULL),
	FIELD("sync", FLAG, may_send, NULL, NULL),
	FIELD("flush", TEXT, flush, NULL, NULL),
	FIELD("unseen", COUNT, unseen, "Unseen commits:", say_unseen),
	FIELD("unseen_late", COUNT, unseen_by[SK_UNSEEN_LATE], NULL, NULL),
	FIELD("unseen_lacking", COUNT, unseen_by[SK_UNSEEN_LACKS], NULL, NULL),
	FIELD("unseen_cut", COUNT, unseen_by[SK_UNSEEN_CUT], NULL, NULL),
};

static const struct field content[] = {
	FIELD("depth", COUNT, stats.depth, "Depth:", say_depth),
	FIELD("ready", COUNT, ready, NULL, NULL),
	FIELD("held", COUNT, stats.held, NULL, NULL),
	FIELD("parked", COUNT, stats.parked, NULL, NULL),
	FIELD("unreadable", COUNT, stats.unreadable, NULL, NULL),
	FIELD("types", COUNTS, types, "Types:", say_types),
	FIELD("retries", COUNTS, retries, "Retries:", say_retries),
	FIELD("oldest_age_s", COUNT, oldest_age_s, "Oldest:", say_oldest),
	FIELD("last_delivery", TIME, last_delivery, "Last delivery:", say_last),
	FIELD("delivered", COUNT, stats.delivered, "Delivered:", say_delivered),
	FIELD("body_uploads", COUNT, stats.bodies, "Body uploads:", say_bodies),
	FIELD("body_upload_failures", COUNT, stats.body_failures, NULL, NULL),
	FIELD("failures_in_a_row", COUNT, failures, "Failures:", say_failures),
	FIELD("last_category", STR, last_category, NULL, NULL),
	FIELD("last_error", STR, last_error, NULL, NULL),
	FIELD("next_attempt", TIME, next, "Next attempt:", say_next),
	LIST("stuck", NULL, NULL, SK_LIST_STUCK),
	LIST(NULL, "Held:", say_held, SK_LIST_HELD),
	LIST(NULL, "Parked:", say_parked, SK_LIST_PARKED),
	LIST("unreadable_lines", "Unreadable:", say_unreadable,
	     SK_LIST_UNREADABLE),
	FIELD("twins", COUNT, twin_count, NULL, NULL),
	LIST("twin_ids", "Twins:", say_twins, SK_LIST_TWINS),
};

static int add_lines(struct sk_str *out, const struct field *fields,
		     size_t count, const struct reader *reader,
		     struct sk_err *err)
{
	struct sk_str words = SK_STR_INIT;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < count; i++) {
		const struct field *field = &fields[i];

		sk_str_clear(&words);
		if (field->say)
			field->say(&words, reader);
		if (words.len == 0)
			continue;
		if (words.ptr[0] == '\n') /* rows below the label */
			sk_str_addf(out, "%s%s\n", field->label, words.ptr);
		else
			sk_str_addf(out, "%-16s%s\n", field->label, words.ptr);
		if (field->member.kind == SK_MEMBER_LIST)
			ret = sk_status_list_add_text(out, reader->status,
						      field->list, err);
	}
	sk_str_free(&words);
	return ret;
}

int sk_queue_status_add_text(struct sk_str *out,
			     const struct sk_queue_status *status,
			     const struct sk_queue_status_look *look,
			     struct sk_err *err)
{
	const struct reader reader = {status, look};

	if (add_lines(out, owner, SK_COUNTOF(owner), &reader, err) < 0)
		return -1;
	if (status->box)
		return add_lines(out, content, SK_COUNTOF(content), &reader,
				 err);
	sk_str_puts(out, "Nothing has been queued yet.\n");
	return 0;
}

static int add_members(struct sk_output *output, const struct field *fields,
		       size_t count, const struct sk_queue_status *status,
		       struct sk_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct sk_member *member = &fields[i].member;

		if (!member->key)
			continue;
		if (member->kind != SK_MEMBER_LIST)
			sk_output_add(output, member, status);
		else if (sk_status_list_add(output, member->key, status,
					    fields[i].list, err) < 0)
			return -1;
	}
	return 0;
}

int sk_queue_status_add(struct sk_output *output,
			const struct sk_queue_status *status,
			struct sk_err *err)
{
	sk_output_begin(output, 1);
	if (add_members(output, owner, SK_COUNTOF(owner), status, err) < 0 ||
	    add_members(output, content, SK_COUNTOF(content), status, err) < 0)
		return -1;
	sk_output_end(output);
	return 0;
}
