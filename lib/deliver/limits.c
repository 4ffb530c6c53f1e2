/* SPDX-License-Identifier: MIT */
#include "deliver/limits.h"

#include "base/trace.h"
#include "wire/api.h"

enum { HEALTH_TIMEOUT_S = 10 };

static void take(struct sk_batch_limits *limits,
		 const struct sk_http_response *res, bool may_grow)
{
	struct sk_limits told = {0, 0}, *now = &limits->now;

	sk_limits_read(&told, res->body.ptr, res->body.len);
	if (told.max_events > 0 &&
	    (may_grow || told.max_events < now->max_events))
		now->max_events = told.max_events;
	if (told.max_bytes > 0 && (may_grow || told.max_bytes < now->max_bytes))
		now->max_bytes = limits->told_bytes = told.max_bytes;
}

void sk_batch_limits_ask(struct sk_batch_limits *limits,
			 const struct sk_sender *sender)
{
	const char *token = sender->account->creds.access.ptr;
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	struct sk_err why = {0};

	if (limits->is_asked)
		return;
	if (sk_api_health(&answer, sender->http, token, HEALTH_TIMEOUT_S,
			  &why) < 0)
		sk_trace("http", "no limits: %s", why.msg);
	else
		limits->is_asked = true;
	if (answer.res.status == 200)
		take(limits, &answer.res, true);
	limits->usual_bytes = limits->now.max_bytes;
	sk_api_answer_free(&answer);
}

void sk_batch_limits_hear(struct sk_batch_limits *limits,
			  const struct sk_http_response *res)
{
	take(limits, res, false);
}

void sk_batch_limits_halve(struct sk_batch_limits *limits, int64_t events,
			   int64_t bytes)
{
	limits->now.max_events = events / 2;
	limits->now.max_bytes = bytes / 2;
}
