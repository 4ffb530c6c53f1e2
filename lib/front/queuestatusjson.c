/* SPDX-License-Identifier: MIT */
/* The state of a queue as a document; for people it is in queuestatus.c. */
#include "front/queuestatus.h"

#include "format/json.h"
#include "format/time.h"

static int add_stuck_json(void *ctx, const struct sk_stuck_row *row)
{
	struct sk_jsonw *w = ctx;

	sk_jsonw_object(w, NULL);
	sk_jsonw_text(w, "event_id", row->event_id);
	sk_jsonw_text(w, "event_type", row->event_type);
	sk_jsonw_text(w, "state", row->parked ? "parked" : "held");
	sk_jsonw_text(w, "category", row->category);
	sk_jsonw_text(w, "error", row->error);
	sk_jsonw_int(w, "size_bytes", row->size_bytes);
	sk_jsonw_int(w, "retry_count", row->retry_count);
	sk_jsonw_end_object(w);
	return 0;
}

static int add_unreadable_json(void *ctx, const char *commit, const char *path,
			       int64_t line, const char *reason)
{
	struct sk_jsonw *w = ctx;

	sk_jsonw_object(w, NULL);
	sk_jsonw_text(w, "commit", commit);
	sk_jsonw_text(w, "path", path);
	sk_jsonw_int(w, "line", line);
	sk_jsonw_text(w, "reason", reason);
	sk_jsonw_end_object(w);
	return 0;
}

static void add_time(struct sk_jsonw *w, const char *key, int64_t seconds)
{
	struct sk_str text = SK_STR_INIT;

	if (seconds > 0)
		sk_time_add(&text, seconds * 1000000);
	sk_jsonw_text(w, key, seconds > 0 ? text.ptr : NULL);
	sk_str_free(&text);
}

static void add_stats_json(struct sk_jsonw *w,
			   const struct sk_queue_status *status, int64_t now)
{
	static const char *const buckets[] = {"0", "1-3", "4+"};
	const struct sk_queue_stats *stats = &status->stats;

	sk_jsonw_int(w, "depth", stats->depth);
	sk_jsonw_int(w, "ready", stats->depth - stats->held);
	sk_jsonw_int(w, "held", stats->held);
	sk_jsonw_int(w, "parked", stats->parked);
	sk_jsonw_int(w, "unreadable", stats->unreadable);
	sk_jsonw_int(w, "delivered", stats->delivered);
	sk_jsonw_int(w, "body_uploads", stats->bodies);
	sk_jsonw_int(w, "body_upload_failures", stats->body_failures);
	if (stats->oldest > 0)
		sk_jsonw_int(w, "oldest_age_s", now - stats->oldest);
	else
		sk_jsonw_null(w, "oldest_age_s");
	sk_jsonw_object(w, "types");
	for (size_t i = 0; i < stats->types; i++)
		sk_jsonw_int(w, stats->type[i].name, stats->type[i].count);
	sk_jsonw_end_object(w);
	sk_jsonw_object(w, "retries");
	for (size_t i = 0; i < SK_COUNTOF(buckets); i++)
		sk_jsonw_int(w, buckets[i], stats->retried[i]);
	sk_jsonw_end_object(w);
}

static void add_next_json(struct sk_jsonw *w,
			  const struct sk_queue_status *status, int64_t now)
{
	bool failed = status->failures > 0;

	add_time(w, "last_delivery", status->last_delivery);
	sk_jsonw_int(w, "failures_in_a_row", status->failures);
	sk_jsonw_text(w, "last_category",
		      failed ? status->last_category.ptr : NULL);
	sk_jsonw_text(w, "last_error", failed ? status->last_error.ptr : NULL);
	add_time(w, "next_attempt",
		 status->next_ms / 1000 > now ? status->next_ms / 1000 : 0);
}

int sk_queue_status_add_json(struct sk_str *out,
			     const struct sk_queue_status *status,
			     int64_t now_ms, struct sk_err *err)
{
	const struct sk_credentials *creds = &status->creds;
	struct sk_jsonw w = SK_JSONW(out);
	bool known = status->is_logged_in;

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "logged_in", known);
	sk_jsonw_text(&w, "server", known ? creds->server.ptr : NULL);
	sk_jsonw_text(&w, "username", known ? creds->username.ptr : NULL);
	sk_jsonw_text(&w, "team",
		      known && creds->team.len ? creds->team.ptr : NULL);
	sk_jsonw_text(&w, "queue", status->path.ptr);
	sk_jsonw_bool(&w, "queue_exists", status->box != NULL);
	add_stats_json(&w, status, now_ms / 1000);
	add_next_json(&w, status, now_ms / 1000);
	sk_jsonw_array(&w, "stuck");
	if (status->box &&
	    sk_stuck_each(status->box, add_stuck_json, &w, err) < 0)
		return -1;
	sk_jsonw_end_array(&w);
	sk_jsonw_array(&w, "unreadable_lines");
	if (status->box &&
	    sk_unreadable_each(status->box, add_unreadable_json, &w, err) < 0)
		return -1;
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
	return 0;
}
