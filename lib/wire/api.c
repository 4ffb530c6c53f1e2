/* SPDX-License-Identifier: MIT */
#include "wire/api.h"

#include <string.h>

void sk_api_answer_free(struct sk_api_answer *answer)
{
	sk_json_wipe(answer->body);
	sk_http_response_free(&answer->res);
	answer->body = NULL;
}

int sk_api_send(struct sk_api_answer *answer, struct sk_http *http,
		const struct sk_api_call *call, struct sk_err *err)
{
	struct sk_http_response *res = &answer->res;
	struct sk_str url = SK_STR_INIT;
	struct sk_http_request req = {.method = call->method,
				      .bearer = call->bearer,
				      .body = call->body,
				      .timeout_s = call->timeout_s};
	struct sk_err ignored = {0}; /* its text could quote a token */
	int ret;

	sk_api_answer_free(answer);
	if (call->body)
		req.body_len = strlen(call->body);
	sk_str_addf(&url, "%s%s", sk_http_server(http), call->path);
	req.url = url.ptr;
	ret = sk_http_send(http, &req, res, err);
	if (ret == 0 && sk_json_parse(&answer->body, res->body.ptr,
				      res->body.len, &ignored) < 0)
		answer->body = NULL;
	sk_str_free(&url);
	return ret;
}

int sk_api_health(struct sk_api_answer *answer, struct sk_http *http,
		  const char *bearer, unsigned timeout_s, struct sk_err *err)
{
	const struct sk_api_call call = {.method = "GET",
					 .path = "/api/v1/sync/health/",
					 .bearer = bearer,
					 .timeout_s = timeout_s};

	return sk_api_send(answer, http, &call, err);
}

int sk_api_fail(struct sk_err *err, const struct sk_http *http,
		const struct sk_api_answer *answer)
{
	const struct sk_http_response *res = &answer->res;
	const char *server = sk_http_server(http);
	long status = res->status;

	if (status == 408 || status == 429 || status >= 500) {
		sk_fail(err, SK_ENET, "'%s' cannot do it now: HTTP %ld", server,
			status);
		if (res->retry_after_s > 0)
			return sk_hint(err, "try again in %lld seconds",
				       (long long)res->retry_after_s);
		return sk_hint(err, "try again later");
	}
	sk_fail(err, SK_EDATA, "'%s' is no server of events: HTTP %ld%s%.200s",
		server, status, res->location.len ? ", redirect to " : "",
		res->location.ptr);
	return sk_hint(err, "check the URL of the server");
}
