/* SPDX-License-Identifier: MIT */
#include "deliver/pass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/trace.h"
#include "wire/session.h"

enum {
	BATCH_TIMEOUT_S = 60,
	/*
	 * No server of this API refuses an event this small for its size: a
	 * 413 for it comes from something in between.
	 */
	SMALL_EVENT_BYTES = 64 << 10,
	MAX_PASSED_OVER = 3,
};

bool sk_pass_is_stopped(const struct sk_pass *pass)
{
	return pass->options->stop && *pass->options->stop;
}

/* End the run with the rows as they are. Returns 1, to be passed on. */
static int stop(struct sk_pass *pass, enum sk_category category,
		const char *text, bool may_repeat)
{
	pass->report->stopped = true;
	pass->report->queued_category = SK_CAT_NONE; /* outweighs the others */
	pass->may_repeat = may_repeat;
	sk_report_hold_back(pass->report, category, text);
	return 1;
}

static int interrupt(struct sk_pass *pass)
{
	pass->report->stopped = true;
	pass->report->interrupted = true;
	pass->may_repeat = false;
	return 1;
}

/* Returns 0; 1 when the run ends here; -1. */
static int refresh_token(struct sk_pass *pass, const char *rejected,
			 struct sk_err *err)
{
	struct sk_err why = {0};
	int rc = sk_token_ready(&pass->sender->account->creds,
				pass->sender->http, rejected, &why);

	if (rc == 0)
		return sk_clearance_confirm(pass->sender->clearance,
					    &pass->sender->account->creds, err);
	if (rc == 1)
		return stop(pass, SK_CAT_UNAUTHENTICATED, "nobody is logged in",
			    false);
	switch (why.code) {
	case SK_EAUTH:
		return stop(pass, SK_CAT_AUTH_EXPIRED, why.msg, false);
	case SK_EBUSY:
		pass->report->is_refreshing = true;
		return stop(pass, SK_CAT_RETRYABLE_TRANSPORT, why.msg, true);
	case SK_ENET:
		return stop(pass, SK_CAT_RETRYABLE_TRANSPORT, why.msg, true);
	case SK_EDATA:
		return stop(pass, SK_CAT_MISCONFIGURED, why.msg, false);
	default:
		*err = why;
		return -1;
	}
}

static void push(struct sk_pass *pass, size_t from, size_t to)
{
	if (from == to)
		return;
	SK_GROW(pass->spans, pass->span_count, pass->span_cap);
	pass->spans[pass->span_count++] = (struct sk_span){from, to};
}

static int fill(struct sk_pass *pass, struct sk_load *load,
		struct sk_queue_pos after, struct sk_err *err)
{
	const struct sk_parcel *parcel = &load->parcel;

	load->is_packed = false;
	if (sk_parcel_fill(&load->parcel, pass->sender->box, after,
			   &pass->refused, &pass->limits.now, err) < 0)
		return -1;
	if (parcel->count > 0) {
		sk_parcel_pack(parcel, 0, parcel->count, &pass->scratch,
			       &load->packed);
		load->is_packed = true;
	}
	return 0;
}

/*
 * Send one span and read the answer; meanwhile fill the load behind. A failure
 * to read the queue must wait until the answer has been applied.
 */
static void exchange(struct sk_pass *pass, const struct sk_load *load,
		     struct sk_span s, struct sk_answer *answer,
		     struct sk_err *ahead_err)
{
	const struct sk_parcel *parcel = &load->parcel;
	bool whole = s.from == 0 && s.to == parcel->count && load->is_packed;
	const struct sk_str *packed = whole ? &load->packed : &pass->packed;
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_http_request req = {
		.method = "POST",
		.url = pass->batch_url.ptr,
		.bearer = pass->sender->account->creds.access.ptr,
		.body_is_gzip = true,
		.timeout_s = BATCH_TIMEOUT_S};
	struct sk_err net = {0};
	int rc;

	if (!whole) {
		sk_parcel_pack(parcel, s.from, s.to, &pass->scratch,
			       &pass->packed);
		sk_parcel_ids(parcel, s.from, s.to, &pass->ids);
	}
	req.body = packed->ptr;
	req.body_len = packed->len;
	rc = sk_http_start(pass->sender->http, &req, &net);
	if (rc == 0) {
		if (!pass->is_filled && !sk_pass_is_stopped(pass))
			pass->is_filled = fill(pass, pass->ahead, parcel->last,
					       ahead_err) == 0;
		rc = sk_http_finish(pass->sender->http, &res, &net);
	}
	if (rc < 0)
		sk_answer_failed(answer, &net, s.to - s.from);
	else
		sk_answer_read(answer, &res, whole ? &parcel->ids : &pass->ids,
			       s.to - s.from);
	if (answer->fate == SK_BATCH_SHRINK)
		sk_batch_limits_hear(&pass->limits, &res);
	pass->report->retry_after_s = rc < 0 ? -1 : res.retry_after_s;
	sk_http_response_free(&res);
}

/*
 * Leave one event where it is, say why, and go on behind it; but not for ever,
 * when that is what happens to each.
 */
static int pass_over(struct sk_pass *pass, const struct sk_answer *answer)
{
	if (++pass->passed_over >= MAX_PASSED_OVER)
		return stop(pass, answer->category, answer->error.ptr, false);
	pass->left.unanswered++;
	sk_report_hold_back(pass->report, answer->category, answer->error.ptr);
	return 0;
}

/*
 * Some were named and refused, none was accepted: the whole was refused because
 * of them. The others go again, without them.
 */
static bool is_refused_whole(const struct sk_answer *answer)
{
	size_t rejected = 0;

	for (size_t i = 0; i < answer->count; i++) {
		enum sk_verdict verdict = answer->results[i].verdict;

		if (verdict == SK_VERDICT_REJECTED)
			rejected++;
		else if (verdict != SK_VERDICT_NONE)
			return false;
	}
	return rejected > 0 && rejected < answer->count;
}

/* A second attempt of this run must not count against an event once more. */
static void remember_refused(struct sk_pass *pass, const struct sk_load *load,
			     struct sk_span s, const struct sk_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		const char *id = sk_parcel_id(&load->parcel, s.from + i);

		if (answer->results[i].verdict == SK_VERDICT_REJECTED)
			sk_map_add(&pass->refused, id, strlen(id), 0, NULL);
	}
}

/* The ranges without a verdict, the first on top of the stack. */
static void push_unanswered(struct sk_pass *pass, struct sk_span s,
			    const struct sk_answer *answer)
{
	size_t end = answer->count, at;

	while (end > 0) {
		for (at = end; at > 0; at--) {
			if (answer->results[at - 1].verdict != SK_VERDICT_NONE)
				break;
		}
		push(pass, s.from + at, s.from + end);
		end = at > 0 ? at - 1 : 0;
	}
}

/* The server says what it made of each. */
static int apply(struct sk_pass *pass, const struct sk_load *load,
		 struct sk_span s, const struct sk_answer *answer,
		 struct sk_err *err)
{
	int64_t before = pass->left.unanswered, silent;

	if (sk_verdict_apply(pass->sender->box, &load->parcel, s.from, answer,
			     pass->report, &pass->left, err) < 0)
		return -1;
	if (pass->options->attempts > 1)
		remember_refused(pass, load, s, answer);
	silent = pass->left.unanswered - before;
	pass->passed_over = 0;
	if (is_refused_whole(answer)) {
		pass->left.unanswered = before;
		push_unanswered(pass, s, answer);
		return 0;
	}
	if (silent == (int64_t)(s.to - s.from)) {
		pass->left.unanswered = before;
		return stop(pass, SK_CAT_SERVER_ERROR,
			    "the server's answer names none of the events that"
			    " were sent",
			    true);
	}
	if (silent > 0)
		sk_report_hold_back(pass->report, SK_CAT_SERVER_ERROR,
				    "the server's answer does not name every"
				    " event that was sent");
	return 0;
}

/* 400 for an event that stands alone: it is guilty. */
static int reject_alone(struct sk_pass *pass, const struct sk_load *load,
			struct sk_span s, struct sk_answer *answer,
			struct sk_err *err)
{
	struct sk_result result = {.verdict = SK_VERDICT_REJECTED,
				   .category = answer->category,
				   .error = answer->error.ptr};
	struct sk_answer alone = {.results = &result, .count = 1};

	return apply(pass, load, s, &alone, err);
}

static int shrink(struct sk_pass *pass, const struct sk_load *load,
		  struct sk_span s, const struct sk_answer *answer,
		  struct sk_err *err)
{
	int64_t bytes = (int64_t)sk_parcel_bytes(&load->parcel, s.from, s.to);
	int64_t count = (int64_t)(s.to - s.from);
	char reason[160];

	if (count > 1) {
		/* halve both, whichever was too much, unless we were told */
		if (sk_parcel_fit(&load->parcel, s.from, s.to,
				  &pass->limits.now) == s.to) {
			sk_batch_limits_halve(&pass->limits, count, bytes);
		}
		push(pass, s.from, s.to);
		return 0;
	}
	if (bytes < SMALL_EVENT_BYTES &&
	    (pass->limits.told_bytes == 0 || bytes <= pass->limits.told_bytes))
		return pass_over(pass, answer);
	snprintf(reason, sizeof(reason),
		 "single event exceeds the server's limit (%lld bytes)",
		 (long long)bytes);
	return sk_verdict_park_oversized(pass->sender->box, &load->parcel,
					 s.from, reason, pass->report, err);
}

/* Returns 0 to go on; 1 when the run ends here; -1. */
static int act(struct sk_pass *pass, const struct sk_load *load,
	       struct sk_span s, struct sk_answer *answer, struct sk_err *err)
{
	size_t half = s.from + (s.to - s.from) / 2;
	int64_t bytes = (int64_t)sk_parcel_bytes(&load->parcel, s.from, s.to);

	if (answer->fate != SK_BATCH_LOG_IN)
		pass->has_refreshed = false;
	switch (answer->fate) {
	case SK_BATCH_READ:
		return apply(pass, load, s, answer, err);
	case SK_BATCH_SPLIT:
		if (s.to - s.from == 1)
			return reject_alone(pass, load, s, answer, err);
		push(pass, half, s.to);
		push(pass, s.from, half);
		return 0;
	case SK_BATCH_SHRINK:
		return shrink(pass, load, s, answer, err);
	case SK_BATCH_LOG_IN:
		if (pass->has_refreshed)
			break;
		pass->has_refreshed = true;
		push(pass, s.from, s.to);
		return refresh_token(
			pass, pass->sender->account->creds.access.ptr, err);
	case SK_BATCH_LATER:
		/* a connection that breaks under a single event larger than
		 * the usual limit says nothing of those behind it */
		if (s.to - s.from == 1 && bytes > pass->limits.usual_bytes &&
		    answer->category == SK_CAT_RETRYABLE_TRANSPORT)
			return pass_over(pass, answer);
		return stop(pass, answer->category, answer->error.ptr,
			    pass->report->retry_after_s <= 1);
	case SK_BATCH_STOP:
		break;
	}
	return stop(pass, answer->category, answer->error.ptr, false);
}

/* Returns 0 when all of the load was dealt with; 1 when the run ends; -1. */
static int send_load(struct sk_pass *pass, const struct sk_load *load,
		     struct sk_err *err)
{
	const struct sk_parcel *parcel = &load->parcel;
	int rc = 0;

	pass->span_count = 0;
	if (sk_verdict_park_misfits(pass->sender->box, parcel, pass->report,
				    err) < 0)
		return -1;
	push(pass, 0, parcel->count);
	while (rc == 0 && pass->span_count > 0) {
		struct sk_span s = pass->spans[--pass->span_count];
		size_t end =
			sk_parcel_fit(parcel, s.from, s.to, &pass->limits.now);
		struct sk_answer answer = {0};
		struct sk_err ahead_err = {0};

		if (sk_pass_is_stopped(pass))
			return interrupt(pass);
		push(pass, end, s.to);
		s.to = end;
		exchange(pass, load, s, &answer, &ahead_err);
		rc = act(pass, load, s, &answer, err);
		sk_answer_free(&answer);
		if (rc == 0 && ahead_err.code != SK_OK) {
			*err = ahead_err;
			rc = -1;
		}
		/* spans are sent in order: what is on the stack comes later */
		if (rc == 0 && (pass->span_count == 0 ||
				pass->spans[pass->span_count - 1].from >= s.to))
			pass->resume = parcel->items[s.to - 1].pos;
		if (pass->options->progress)
			pass->options->progress(pass->options->ctx,
						pass->report, pass->total);
	}
	if (rc == 0)
		pass->resume = parcel->last;
	return rc;
}

static int send_all(struct sk_pass *pass, struct sk_err *err)
{
	struct sk_load *load = &pass->loads[0];
	int rc;

	pass->ahead = &pass->loads[1];
	if (fill(pass, load, pass->resume, err) < 0)
		return -1;
	while (!sk_parcel_is_empty(&load->parcel)) {
		struct sk_load *done = load;

		pass->is_filled = false;
		rc = send_load(pass, load, err);
		if (rc)
			return rc;
		if (sk_pass_is_stopped(pass) && !pass->is_filled)
			return interrupt(pass);
		if (!pass->is_filled &&
		    fill(pass, pass->ahead, load->parcel.last, err) < 0)
			return -1;
		load = pass->ahead;
		pass->ahead = done;
	}
	return 0;
}

int sk_pass_run(struct sk_pass *pass, struct sk_err *err)
{
	int rc = refresh_token(pass, NULL, err);

	if (rc == 0) {
		sk_batch_limits_ask(&pass->limits, pass->sender);
		rc = send_all(pass, err);
	}
	return rc;
}

void sk_pass_init(struct sk_pass *pass, struct sk_sender *sender,
		  const struct sk_deliver_options *options,
		  struct sk_report *report)
{
	*pass = (struct sk_pass){
		.sender = sender,
		.options = options,
		.report = report,
		.limits = SK_BATCH_LIMITS_INIT,
		.batch_url = SK_STR_INIT,
		.loads = {{SK_PARCEL_INIT, SK_STR_INIT, false},
			  {SK_PARCEL_INIT, SK_STR_INIT, false}},
		.scratch = SK_STR_INIT,
		.packed = SK_STR_INIT,
		.ids = SK_MAP_INIT,
		.refused = SK_MAP_INIT};
	sk_str_addf(&pass->batch_url, "%s/api/v1/events/batch/",
		    sk_http_server(sender->http));
}

void sk_pass_free(struct sk_pass *pass)
{
	for (size_t i = 0; i < SK_COUNTOF(pass->loads); i++) {
		sk_parcel_free(&pass->loads[i].parcel);
		sk_str_free(&pass->loads[i].packed);
	}
	free(pass->spans);
	sk_str_free(&pass->batch_url);
	sk_str_free(&pass->scratch);
	sk_str_free(&pass->packed);
	sk_map_free(&pass->ids);
	sk_map_free(&pass->refused);
}
