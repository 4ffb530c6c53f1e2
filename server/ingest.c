/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "server/check.h"
#include "server/route.h"

/* An id longer than any valid one is cut in the answer. */
#define MAX_ID_SHOWN 256

/* Room for the canonical spelling of an id. */
#define ID_ROOM 40

/* What becomes of one event of the batch. */
struct fate {
	const char *sent_id; /* as the client spelled it; may be NULL */
	size_t why;	     /* offset of the reason in batch.reasons */
	bool is_rejected;
	char id[ID_ROOM];
	size_t data; /* offset of the event in batch.data */
};

struct batch {
	size_t count;
	struct fate *fates;
	struct sk_store_event *keep; /* those not rejected, in order */
	size_t kept;
	struct sk_str data;    /* every event kept, as JSON, NUL behind each */
	struct sk_str reasons; /* of rejections, NUL behind each */
};

/*
 * The same UUID can be spelled in upper case or without hyphens, and is one
 * event all the same. ULIDs are valid in upper case alone.
 */
static void spell_id(char out[ID_ROOM], const char *id)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t at = 0;

	if (strlen(id) < 32) {
		snprintf(out, ID_ROOM, "%s", id);
		return;
	}
	for (; form[at]; at++) {
		if (form[at] == '-' && *id != '-')
			out[at] = '-';
		else
			out[at] = (char)tolower((unsigned char)*id++);
	}
	out[at] = '\0';
}

static void judge(struct batch *batch, struct fate *fate,
		  const struct sk_json *event)
{
	fate->sent_id = sk_json_get_text(event, "event_id");
	fate->why = batch->reasons.len;
	if (!sk_check_event(event, &batch->reasons)) {
		sk_str_putc(&batch->reasons, '\0');
		fate->is_rejected = true;
		return;
	}
	spell_id(fate->id, fate->sent_id);
	fate->data = batch->data.len;
	sk_json_print(&batch->data, event);
	batch->keep[batch->kept++] = (struct sk_store_event){
		.id = fate->id,
		.type = sk_json_get_text(event, "event_type"),
		.project = sk_json_get_text(event, "project_uuid"),
		.data_len = batch->data.len - fate->data,
	};
	sk_str_putc(&batch->data, '\0');
}

static void judge_all(struct batch *batch, const struct sk_json *events)
{
	const struct sk_json *at = sk_json_first(events);
	size_t kept = 0;

	batch->fates = sk_calloc(batch->count, sizeof(*batch->fates));
	batch->keep = sk_calloc(batch->count, sizeof(*batch->keep));
	for (size_t i = 0; i < batch->count; i++, at = sk_json_next(at))
		judge(batch, &batch->fates[i], at);
	/* now that the buffer has stopped moving */
	for (size_t i = 0; i < batch->count; i++) {
		if (!batch->fates[i].is_rejected)
			batch->keep[kept++].data =
				batch->data.ptr + batch->fates[i].data;
	}
}

static void add_result(struct sk_jsonw *w, const struct batch *batch,
		       const struct fate *fate, const char *status)
{
	struct sk_str id = SK_STR_INIT;

	sk_jsonw_object(w, NULL);
	if (fate->sent_id && strlen(fate->sent_id) > MAX_ID_SHOWN) {
		sk_str_add_visible(&id, fate->sent_id, strlen(fate->sent_id),
				   MAX_ID_SHOWN);
		sk_jsonw_text(w, "event_id", id.ptr);
	} else {
		sk_jsonw_text(w, "event_id", fate->sent_id);
	}
	sk_jsonw_text(w, "status", status);
	if (fate->is_rejected)
		sk_jsonw_text(w, "error", batch->reasons.ptr + fate->why);
	sk_jsonw_end_object(w);
	sk_str_free(&id);
}

static void reply_results(struct sk_exchange *x, const struct batch *batch)
{
	struct sk_jsonw w = SK_JSONW(&x->reply);
	size_t kept = 0;

	x->status = 200;
	sk_str_reserve(&x->reply, batch->count * 80);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_array(&w, "results");
	for (size_t i = 0; i < batch->count; i++) {
		const struct fate *fate = &batch->fates[i];
		const char *status = "rejected";

		if (!fate->is_rejected)
			status = batch->keep[kept++].is_new ? "success"
							    : "duplicate";
		add_result(&w, batch, fate, status);
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
}

static size_t count_items(const struct sk_json *array)
{
	const struct sk_json *at = sk_json_first(array);
	size_t count = 0;

	for (; at; at = sk_json_next(at))
		count++;
	return count;
}

void sk_ingest_batch(struct sk_exchange *x)
{
	const struct sk_json *events = sk_json_get(x->json, "events");
	struct batch batch = {.data = SK_STR_INIT, .reasons = SK_STR_INIT};
	struct sk_err err = {0};

	if (events && !sk_json_is_array(events)) {
		sk_exchange_error(x, 400,
				  "invalid field 'events': expected an array");
		return;
	}
	batch.count = count_items(events);
	if (!batch.count) {
		sk_exchange_error(x, 400, "No events provided");
		return;
	}
	if (batch.count > x->server->max_events) {
		sk_exchange_too_large(x,
				      "payload too large: %zu events in one"
				      " batch, at most %zu are taken",
				      batch.count, x->server->max_events);
		return;
	}
	sk_str_reserve(&batch.data, x->body.len + x->body.len / 8);
	judge_all(&batch, events);
	if (sk_store_add_events(x->server->store, x->user.ptr, batch.keep,
				batch.kept, &err) < 0)
		sk_exchange_unavailable(x, &err);
	else
		reply_results(x, &batch);
	free(batch.fates);
	free(batch.keep);
	sk_str_free(&batch.data);
	sk_str_free(&batch.reasons);
}
