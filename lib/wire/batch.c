/* SPDX-License-Identifier: MIT */
#include "wire/batch.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/json.h"
#include "wire/refusal.h"

enum {
	MOST_EVENTS = 1000,
	MOST_BYTES = 524288, /* proxies refuse bodies of 1 MiB */
};

/* A positive integer, also as a string. */
static bool read_positive(int64_t *out, const struct sk_json *value)
{
	const char *text = sk_json_text(value);
	char *end;

	if (!text)
		return sk_json_int(value, out) && *out > 0;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return end != text && !*end && !errno && *out > 0;
}

void sk_limits_read(struct sk_limits *limits, const char *json, size_t len)
{
	const struct sk_json *found;
	struct sk_json *root = NULL;
	struct sk_err ignored; /* no limits in it is a normal answer */
	int64_t n;

	if (sk_json_parse(&root, json, len, &ignored) < 0)
		return;
	found = sk_json_get(sk_json_get(root, "sync_ingress"), "limits");
	if (!found)
		found = sk_json_get(root, "limits");
	if (read_positive(&n, sk_json_get(found, "max_events_per_batch")))
		limits->max_events = n < MOST_EVENTS ? n : MOST_EVENTS;
	if (read_positive(
		    &n,
		    sk_json_get(found, "max_decompressed_bytes_per_batch"))) {
		n = n / 10 * 9 + n % 10 * 9 / 10;
		limits->max_bytes = n > MOST_BYTES ? MOST_BYTES : n ? n : 1;
	}
	sk_json_free(root);
}

static void start(struct sk_answer *answer, size_t count)
{
	answer->fate = SK_BATCH_STOP;
	answer->category = SK_CAT_UNKNOWN;
	answer->error = (struct sk_str)SK_STR_INIT;
	answer->results = sk_calloc(count, sizeof(*answer->results));
	answer->count = count;
}

void sk_answer_free(struct sk_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		free(answer->results[i].error);
	free(answer->results);
	sk_str_free(&answer->error);
	answer->results = NULL;
	answer->count = 0;
}

static void set(struct sk_answer *answer, enum sk_batch_fate fate,
		enum sk_category category)
{
	answer->fate = fate;
	answer->category = category;
}

static enum sk_verdict verdict_of(const char *status)
{
	static const struct {
		const char *status;
		enum sk_verdict verdict;
	} known[] = {
		{"success", SK_VERDICT_SUCCESS},
		{"accepted", SK_VERDICT_SUCCESS},
		{"warning", SK_VERDICT_SUCCESS},
		{"duplicate", SK_VERDICT_DUPLICATE},
		{"queued", SK_VERDICT_PENDING},
		{"pending", SK_VERDICT_PENDING},
	};

	for (size_t i = 0; status && i < SK_COUNTOF(known); i++) {
		if (strcmp(status, known[i].status) == 0)
			return known[i].verdict;
	}
	return SK_VERDICT_REJECTED;
}

static void set_rejected(struct sk_result *result, const struct sk_json *item)
{
	const struct sk_json *reason = sk_json_get(item, "error");
	const char *status = sk_json_get_text(item, "status");
	struct sk_str text = SK_STR_INIT;

	if (!reason || sk_json_is_null(reason))
		reason = sk_json_get(item, "error_message");
	if (sk_json_text(reason))
		sk_str_puts(&text, sk_json_text(reason));
	else if (reason && !sk_json_is_null(reason))
		sk_json_print(&text, reason);
	else if (!status)
		sk_str_puts(&text, "the server's result has no status");
	else if (strcmp(status, "rejected") != 0)
		sk_str_addf(&text, "the server says '%.80s', without a reason",
			    status);
	sk_result_reject(result, text.ptr);
	sk_str_free(&text);
}

/*
 * Ids that contradict themselves have no verdict, whatever comes after; `torn`
 * remembers them.
 */
static void read_result(struct sk_answer *answer, const struct sk_json *item,
			const struct sk_map *ids, bool *torn)
{
	const char *id = sk_json_get_text(item, "event_id");
	int64_t *at = id ? sk_map_get(ids, id, strlen(id)) : NULL;
	enum sk_verdict verdict;
	struct sk_result *result;

	if (!at || torn[*at])
		return;
	result = &answer->results[*at];
	verdict = verdict_of(sk_json_get_text(item, "status"));
	if (result->verdict == SK_VERDICT_NONE) {
		result->verdict = verdict;
		if (verdict == SK_VERDICT_REJECTED)
			set_rejected(result, item);
	} else if (result->verdict != verdict) {
		torn[*at] = true;
		free(result->error);
		*result =
			(struct sk_result){SK_VERDICT_NONE, SK_CAT_NONE, NULL};
	}
}

static void read_results(struct sk_answer *answer, const struct sk_json *list,
			 const struct sk_map *ids)
{
	bool *torn = sk_calloc(answer->count, sizeof(*torn));
	const struct sk_json *item = sk_json_first(list);

	for (; item; item = sk_json_next(item))
		read_result(answer, item, ids, torn);
	free(torn);
	set(answer, SK_BATCH_READ, SK_CAT_NONE);
	sk_str_clear(&answer->error);
}

/* The body's kind, as far as the content type or its first byte tell. */
static bool is_html(const struct sk_http_response *res)
{
	size_t at = 0;

	if (strcmp(res->content_type.ptr, "text/html") == 0)
		return true;
	while (at < res->body.len && isspace((unsigned char)res->body.ptr[at]))
		at++;
	return res->body.ptr[at] == '<';
}

static void read_ok(struct sk_answer *answer,
		    const struct sk_http_response *res,
		    const struct sk_json *body, const struct sk_map *ids)
{
	const struct sk_json *results = sk_json_get(body, "results");

	set(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED);
	sk_str_clear(&answer->error);
	if (sk_json_is_array(results))
		read_results(answer, results, ids);
	else if (is_html(res))
		sk_str_puts(&answer->error,
			    "the answer is a web page, not the server's: a"
			    " captive portal or a proxy may stand between");
	else if (!body)
		sk_str_puts(&answer->error, "HTTP 200, but the answer is not"
					    " JSON");
	else
		sk_str_puts(&answer->error, "HTTP 200, but the answer has no"
					    " results");
}

static void read_bad_request(struct sk_answer *answer,
			     const struct sk_json *body,
			     const struct sk_map *ids)
{
	if (sk_refusal_details(answer->results, body, ids)) {
		set(answer, SK_BATCH_READ, SK_CAT_NONE);
		sk_str_clear(&answer->error);
	} else if (answer->category == SK_CAT_OVERSIZED_BATCH) {
		answer->fate = SK_BATCH_SHRINK;
	} else {
		answer->fate = SK_BATCH_SPLIT;
	}
}

static void read_redirect(struct sk_answer *answer,
			  const struct sk_http_response *res)
{
	set(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED);
	sk_str_clear(&answer->error);
	if (res->location.len)
		sk_str_addf(&answer->error,
			    "HTTP %ld: the server redirects to '%s', which is"
			    " not followed",
			    res->status, res->location.ptr);
	else
		sk_str_addf(&answer->error,
			    "HTTP %ld: the server redirects to nowhere",
			    res->status);
}

/* What the status alone decides; the text may only choose among equals. */
static void judge(struct sk_answer *answer, long status)
{
	enum sk_category text = answer->category;

	switch (status) {
	case 401:
		set(answer, SK_BATCH_LOG_IN,
		    text == SK_CAT_UNAUTHENTICATED ? text
						   : SK_CAT_AUTH_EXPIRED);
		return;
	case 403:
		set(answer, SK_BATCH_STOP,
		    text == SK_CAT_MISSING_PRIVATE_TEAM ? text
							: SK_CAT_UNAUTHORIZED);
		return;
	case 404:
	case 405:
	case 407:
	case 410:
	case 511:
		set(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED);
		return;
	case 408:
	case 425:
		set(answer, SK_BATCH_LATER, SK_CAT_RETRYABLE_TRANSPORT);
		return;
	case 413:
		set(answer, SK_BATCH_SHRINK, SK_CAT_OVERSIZED_BATCH);
		return;
	case 429:
		set(answer, SK_BATCH_LATER, SK_CAT_THROTTLED);
		return;
	default:
		if (status >= 500)
			set(answer, SK_BATCH_LATER, SK_CAT_SERVER_ERROR);
		else if (status < 400)
			set(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED);
		else if (text == SK_CAT_OVERSIZED_BATCH)
			set(answer, SK_BATCH_SHRINK, text);
		else
			set(answer, SK_BATCH_STOP, text);
	}
}

/* "HTTP 404", and what there is to say about it. */
static void describe(struct sk_answer *answer,
		     const struct sk_http_response *res,
		     const struct sk_json *body)
{
	sk_refusal_text(&answer->error, body);
	if (answer->error.len)
		answer->category = sk_category_of_text(answer->error.ptr);
	else
		sk_str_addf(&answer->error, "HTTP %ld%s", res->status,
			    is_html(res) ? " (a web page)" : "");
}

void sk_answer_read(struct sk_answer *answer,
		    const struct sk_http_response *res,
		    const struct sk_map *ids, size_t count)
{
	struct sk_json *body = NULL;
	struct sk_err ignored; /* what is not JSON is judged by its status */
	long status = res->status;

	start(answer, count);
	if (sk_json_parse(&body, res->body.ptr, res->body.len, &ignored) < 0)
		body = NULL;
	describe(answer, res, body);
	if (status == 200)
		read_ok(answer, res, body, ids);
	else if (status >= 300 && status < 400)
		read_redirect(answer, res);
	else if ((status == 400 || status == 403) && !body && is_html(res))
		set(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED);
	else if (status == 400 || status == 422)
		read_bad_request(answer, body, ids);
	else
		judge(answer, status);
	sk_json_free(body);
}

void sk_answer_failed(struct sk_answer *answer, const struct sk_err *err,
		      size_t count)
{
	start(answer, count);
	sk_str_puts(&answer->error, err->msg);
	if (err->code == SK_ENET)
		set(answer, SK_BATCH_LATER, SK_CAT_RETRYABLE_TRANSPORT);
	else
		set(answer, SK_BATCH_STOP, SK_CAT_MISCONFIGURED);
}
