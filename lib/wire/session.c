/* SPDX-License-Identifier: MIT */
#include "wire/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/now.h"
#include "base/trace.h"
#include "wire/api.h"

enum {
	LOGIN_TIMEOUT_S = 10,
	REFRESH_TIMEOUT_S = 8, /* shorter than others wait for the lock */
	LOCK_WAIT_MS = 10000,
	SPARE_S = 30,		 /* a token must live that long to be used */
	ACCESS_LIFETIME_S = 900, /* when the server does not say */
	REFRESH_LIFETIME_S = 604800,
	MAX_LIFETIME_S = 10 * 366 * 86400,
};

static const char again[] = "run 'git sk-auth login'";

static int64_t now_s(void)
{
	return sk_now_ms() / 1000;
}

/* One member of {"name": "value"}, with room so that no copy stays behind. */
static void add_member(struct sk_jsonw *w, const char *name, const char *value)
{
	sk_str_reserve(w->out, 6 * strlen(value) + 64);
	sk_jsonw_text(w, name, value);
}

static int post(struct sk_api_answer *answer, struct sk_http *http,
		const char *path, const struct sk_str *body, unsigned timeout_s,
		struct sk_err *err)
{
	const struct sk_api_call call = {.method = "POST",
					 .path = path,
					 .body = body->ptr,
					 .timeout_s = timeout_s};
	int ret = sk_api_send(answer, http, &call, err);

	if (ret == 0)
		sk_trace("login", "%s: status %ld", path, answer->res.status);
	return ret;
}

/* A number of seconds, also as a string; `fallback` when it is neither. */
static int64_t lifetime(const struct sk_json *root, const char *name,
			const char *other, int64_t fallback)
{
	const struct sk_json *value = sk_json_get(root, name);
	int64_t seconds = 0;
	const char *text;

	if (!value)
		value = sk_json_get(root, other);
	text = sk_json_text(value);
	if (text)
		seconds = strtoll(text, NULL, 10);
	else if (!sk_json_int(value, &seconds))
		seconds = 0;
	if (seconds <= 0)
		return fallback;
	return seconds < MAX_LIFETIME_S ? seconds : MAX_LIFETIME_S;
}

/* What a 200 says. A refresh may leave the refresh token as it is. */
static int take_tokens(struct sk_credentials *creds, const struct sk_json *root,
		       bool is_refresh, struct sk_err *err)
{
	const char *access = sk_json_get_text(root, "access");
	const char *refresh = sk_json_get_text(root, "refresh");
	const char *team = sk_json_get_text(root, "team_slug");
	int64_t now = now_s();

	if (!sk_token_is_fit(access) ||
	    (!is_refresh && !sk_token_is_fit(refresh)) ||
	    (refresh && !sk_token_is_fit(refresh)))
		return sk_fail(err, SK_EDATA,
			       "the server's answer holds no tokens");
	sk_str_set(&creds->access, access);
	creds->access_expires = now + lifetime(root, "access_lifetime",
					       "expires_in", ACCESS_LIFETIME_S);
	if (refresh) {
		sk_str_set(&creds->refresh, refresh);
		creds->refresh_expires =
			now + lifetime(root, "refresh_lifetime",
				       "refresh_expires_in",
				       REFRESH_LIFETIME_S);
	}
	/* a refresh must not move the account into another queue */
	if (team && !is_refresh)
		sk_str_set(&creds->team, team);
	return 0;
}

int sk_login(struct sk_credentials *creds, struct sk_http *http,
	     const char *username, const char *password, struct sk_err *err)
{
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	struct sk_str body = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&body);
	int ret = -1;

	sk_credentials_free(creds);
	sk_jsonw_object(&w, NULL);
	add_member(&w, "username", username);
	add_member(&w, "password", password);
	sk_jsonw_end_object(&w);
	if (post(&answer, http, "/api/v1/token/", &body, LOGIN_TIMEOUT_S, err) <
	    0)
		goto out;
	if (answer.res.status == 401 || answer.res.status == 403) {
		sk_fail(err, SK_EAUTH,
			"'%s' refuses this user name or"
			" password",
			sk_http_server(http));
		sk_hint(err, "check both and run 'git sk-auth login' again");
		goto out;
	}
	if (answer.res.status != 200) {
		sk_api_fail(err, http, &answer);
		goto out;
	}
	if (take_tokens(creds, answer.body, false, err) < 0) {
		sk_within(err, "'%s'", sk_http_server(http));
		goto out;
	}
	sk_str_set(&creds->server, sk_http_server(http));
	sk_str_set(&creds->username, username);
	ret = 0;
out:
	sk_api_answer_free(&answer);
	sk_str_wipe(&body);
	return ret;
}

static bool is_usable(const struct sk_credentials *creds, const char *rejected)
{
	if (!creds->access.len ||
	    (rejected && strcmp(rejected, creds->access.ptr) == 0))
		return false;
	return !creds->access_expires ||
	       creds->access_expires >= now_s() + SPARE_S;
}

static bool is_same_account(const struct sk_credentials *a,
			    const struct sk_credentials *b)
{
	struct sk_str left = SK_STR_INIT, right = SK_STR_INIT;
	bool same;

	sk_scope_add(&left, a);
	sk_scope_add(&right, b);
	same = strcmp(left.ptr, right.ptr) == 0;
	sk_str_free(&left);
	sk_str_free(&right);
	return same;
}

/* Move the content of `from`, which is freed by that. */
static void adopt(struct sk_credentials *creds, struct sk_credentials *from)
{
	sk_credentials_free(creds);
	*creds = *from;
	*from = (struct sk_credentials)SK_CREDENTIALS_INIT;
}

static int fail_expired(struct sk_err *err, const struct sk_credentials *creds)
{
	sk_fail(err, SK_EAUTH, "the login of '%.80s' at '%.160s' has expired",
		creds->username.ptr, creds->server.ptr);
	return sk_hint(err, "%s", again);
}

/*
 * The refresh token is dead. Unless somebody logged in during the request, the
 * file says so from now on: who was logged in still names the queue, and no
 * other process needs to ask the server again.
 */
static int bury(struct sk_credentials *fresh, struct sk_err *err)
{
	struct sk_credentials later = SK_CREDENTIALS_INIT;
	struct sk_err failure = {0};
	int rc = sk_credentials_load(&later, &failure);

	if (rc == 0 && strcmp(later.refresh.ptr, fresh->refresh.ptr) != 0 &&
	    is_same_account(&later, fresh) && is_usable(&later, NULL)) {
		adopt(fresh, &later);
		return 0;
	}
	if (rc == 0 && strcmp(later.refresh.ptr, fresh->refresh.ptr) == 0) {
		later.access_expires = 1;
		later.refresh_expires = 1;
		if (sk_credentials_save(&later, &failure) < 0)
			sk_trace("login", "%s", failure.msg);
	}
	fail_expired(err, fresh);
	sk_credentials_free(&later);
	return -1;
}

static int refresh(struct sk_credentials *fresh, struct sk_http *http,
		   struct sk_err *err)
{
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	struct sk_str body = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&body);
	int ret = -1;

	if (!fresh->refresh.len ||
	    (fresh->refresh_expires && fresh->refresh_expires <= now_s()))
		return fail_expired(err, fresh);
	sk_jsonw_object(&w, NULL);
	add_member(&w, "refresh", fresh->refresh.ptr);
	sk_jsonw_end_object(&w);
	if (post(&answer, http, "/api/v1/token/refresh/", &body,
		 REFRESH_TIMEOUT_S, err) < 0)
		goto out;
	if (answer.res.status == 401)
		ret = bury(fresh, err);
	else if (answer.res.status != 200)
		sk_api_fail(err, http, &answer);
	else if (take_tokens(fresh, answer.body, true, err) < 0)
		sk_within(err, "'%s'", sk_http_server(http));
	else
		ret = sk_credentials_save(fresh, err);
out:
	sk_api_answer_free(&answer);
	sk_str_wipe(&body);
	return ret;
}

/* Under the lock: what the file says now, and whether it is still for us. */
static int reload(struct sk_credentials *fresh,
		  const struct sk_credentials *creds,
		  const struct sk_http *http, struct sk_err *err)
{
	int rc = sk_credentials_load(fresh, err);

	if (rc != 0)
		return rc;
	if ((creds->server.len && !is_same_account(fresh, creds)) ||
	    strcmp(fresh->server.ptr, sk_http_server(http)) != 0) {
		sk_fail(err, SK_EAUTH,
			"another account has logged in: '%.80s'"
			" at '%.160s'",
			fresh->username.ptr, fresh->server.ptr);
		return sk_hint(err, "run the command again");
	}
	return 0;
}

int sk_token_ready(struct sk_credentials *creds, struct sk_http *http,
		   const char *rejected, struct sk_err *err)
{
	struct sk_credentials fresh = SK_CREDENTIALS_INIT;
	int lock, ret;

	if (!rejected && is_usable(creds, NULL))
		return 0;
	lock = sk_credentials_lock(LOCK_WAIT_MS, err);
	if (lock < 0 && err->code == SK_EBUSY) {
		sk_fail(err, SK_EBUSY,
			"another process is renewing the"
			" login");
		return sk_hint(err, "run the command again in a moment");
	}
	if (lock < 0)
		return -1;
	ret = reload(&fresh, creds, http, err);
	if (ret == 0 && !is_usable(&fresh, rejected))
		ret = refresh(&fresh, http, err);
	if (ret == 0)
		adopt(creds, &fresh);
	sk_unlock(lock);
	sk_credentials_free(&fresh);
	return ret;
}
