/* SPDX-License-Identifier: MIT */
#include "wire/probe.h"

#include <string.h>

#include "wire/api.h"
#include "wire/session.h"

enum { TIMEOUT_S = 5 };

void sk_probe_free(struct sk_probe *probe)
{
	sk_str_free(&probe->detail);
	*probe = (struct sk_probe)SK_PROBE_INIT;
}

/* What came instead of an answer. */
static void note_failure(struct sk_probe *probe, const struct sk_err *err)
{
	probe->answer = err->code == SK_EAUTH  ? SK_PROBE_EXPIRED
			: err->code == SK_ENET ? SK_PROBE_UNREACHABLE
					       : SK_PROBE_UNEXPECTED;
	sk_str_set(&probe->detail, err->msg);
}

static void read_answer(struct sk_probe *probe,
			const struct sk_api_answer *answer)
{
	probe->status = answer->res.status;
	sk_str_clear(&probe->detail);
	switch (probe->status) {
	case 200:
		probe->answer =
			answer->body ? SK_PROBE_CONNECTED : SK_PROBE_UNEXPECTED;
		if (probe->answer == SK_PROBE_UNEXPECTED)
			sk_str_puts(&probe->detail,
				    "what answers is no server of events");
		return;
	case 401:
		probe->answer = SK_PROBE_EXPIRED;
		sk_str_puts(&probe->detail,
			    "the server does not accept this login any more");
		return;
	case 403:
		probe->answer = SK_PROBE_NO_PERMISSION;
		return;
	case 502:
	case 503:
	case 504:
		probe->answer = SK_PROBE_UNAVAILABLE;
		sk_str_addf(&probe->detail, "HTTP %ld", probe->status);
		return;
	default:
		probe->answer = SK_PROBE_UNEXPECTED;
		sk_str_addf(&probe->detail, "HTTP %ld", probe->status);
	}
}

/* Servers without the endpoint say of a batch of none that it is one. */
static int ask_old(struct sk_probe *probe, struct sk_http *http,
		   const char *token, struct sk_api_answer *answer,
		   struct sk_err *err)
{
	const struct sk_api_call call = {.method = "POST",
					 .path = "/api/v1/events/batch/",
					 .bearer = token,
					 .body = "{\"events\": []}",
					 .timeout_s = TIMEOUT_S};

	if (sk_api_send(answer, http, &call, err) < 0)
		return -1;
	read_answer(probe, answer);
	if (probe->status == 400 &&
	    strstr(answer->res.body.ptr, "No events provided"))
		probe->answer = SK_PROBE_CONNECTED;
	return 0;
}

static int ask(struct sk_probe *probe, struct sk_http *http,
	       const struct sk_credentials *creds, struct sk_err *err)
{
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	const char *token = creds->access.ptr;
	int ret = sk_api_health(&answer, http, token, TIMEOUT_S, err);

	if (ret == 0)
		read_answer(probe, &answer);
	if (ret == 0 && (probe->status == 404 || probe->status == 405))
		ret = ask_old(probe, http, token, &answer, err);
	sk_api_answer_free(&answer);
	return ret;
}

/* A token that was refused is renewed, once. */
static int ask_with_token(struct sk_probe *probe, struct sk_credentials *creds,
			  struct sk_http *http, struct sk_err *err)
{
	struct sk_str rejected = SK_STR_INIT;
	int ret = -1;

	if (sk_token_ready(creds, http, NULL, err) != 0 ||
	    ask(probe, http, creds, err) < 0)
		goto out;
	if (probe->status == 401) {
		sk_str_set(&rejected, creds->access.ptr);
		if (sk_token_ready(creds, http, rejected.ptr, err) != 0 ||
		    ask(probe, http, creds, err) < 0)
			goto out;
	}
	ret = 0;
out:
	sk_str_wipe(&rejected);
	return ret;
}

void sk_probe_run(struct sk_probe *probe, struct sk_credentials *creds)
{
	struct sk_http *http = NULL;
	struct sk_err err = {0};

	sk_probe_free(probe);
	if (creds && (sk_http_new(&http, creds->server.ptr, &err) < 0 ||
		      ask_with_token(probe, creds, http, &err) < 0))
		note_failure(probe, &err);
	sk_http_free(http);
}
