/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/now.h"
#include "server/password.h"
#include "server/route.h"

/* A token: 32 random bytes in base 64 for URLs, without padding. */
#define TOKEN_BYTES 32
#define TOKEN_CHARS 43

static int make_token(char out[TOKEN_CHARS + 1],
		      unsigned char hash[SK_SHA256_LEN], struct sk_err *err)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789-_";
	unsigned char bytes[TOKEN_BYTES + 1] = {0};

	if (getrandom(bytes, TOKEN_BYTES, 0) != TOKEN_BYTES)
		return sk_fail_errno(err, errno, "cannot get random bytes");
	for (size_t i = 0; i < TOKEN_CHARS; i++) {
		size_t bit = i * 6, at = bit / 8;
		unsigned pair = (unsigned)bytes[at] << 8 | bytes[at + 1];

		out[i] = digits[pair >> (10 - bit % 8) & 63];
	}
	out[TOKEN_CHARS] = '\0';
	sk_sha256(hash, out, TOKEN_CHARS);
	return 0;
}

struct fresh {
	char access[TOKEN_CHARS + 1];
	char refresh[TOKEN_CHARS + 1];
	struct sk_token_pair pair;
};

static int make_pair(struct fresh *out, const struct sk_server *server,
		     int64_t now, struct sk_err *err)
{
	out->pair.access_expires = now + server->access_lifetime_s;
	out->pair.refresh_expires = now + server->refresh_lifetime_s;
	if (make_token(out->access, out->pair.access, err) < 0)
		return -1;
	return make_token(out->refresh, out->pair.refresh, err);
}

static void reply_pair(struct sk_exchange *x, const struct fresh *fresh,
		       const struct sk_user *user)
{
	struct sk_jsonw w = SK_JSONW(&x->reply);

	x->status = 200;
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "access", fresh->access);
	sk_jsonw_text(&w, "refresh", fresh->refresh);
	sk_jsonw_int(&w, "access_lifetime", x->server->access_lifetime_s);
	sk_jsonw_int(&w, "refresh_lifetime", x->server->refresh_lifetime_s);
	sk_jsonw_text(&w, "team_slug", user->team.ptr);
	sk_jsonw_end_object(&w);
}

/* As much work for a name that does not exist. Returns 0, 1 = no, -1. */
static int check_password(struct sk_exchange *x, const char *name,
			  const char *password, struct sk_user *user,
			  struct sk_err *err)
{
	int rc = sk_user_get(x->server->store, name, user, err);
	bool same;

	if (rc < 0)
		return -1;
	same = sk_password_matches(password,
				   rc ? x->server->decoy : user->hash.ptr);
	return rc == 0 && same ? 0 : 1;
}

void sk_token_issue(struct sk_exchange *x)
{
	const char *name = sk_json_get_text(x->json, "username");
	const char *password = sk_json_get_text(x->json, "password");
	struct sk_user user = SK_USER_INIT;
	struct sk_err err = {0};
	struct fresh fresh;
	int rc;

	if (!name || !password) {
		sk_exchange_error(x, 400,
				  "missing field: username and password are"
				  " required, as text");
		return;
	}
	x->retry_after_s = sk_throttle_try(x->server->throttle, name);
	if (x->retry_after_s) {
		sk_exchange_error(x, 429,
				  "too many requests: wait before the next"
				  " login");
		return;
	}
	rc = check_password(x, name, password, &user, &err);
	if (rc == 0) {
		sk_throttle_forgive(x->server->throttle, name);
		rc = make_pair(&fresh, x->server, sk_now_ms() / 1000, &err);
	}
	if (rc == 0)
		rc = sk_token_add(x->server->store, name, &fresh.pair, &err);
	if (rc < 0)
		sk_exchange_unavailable(x, &err);
	else if (rc > 0)
		sk_exchange_error(x, 401, "Invalid username or password");
	else
		reply_pair(x, &fresh, &user);
	explicit_bzero(&fresh, sizeof(fresh));
	sk_user_free(&user);
}

void sk_token_refresh(struct sk_exchange *x)
{
	const char *refresh = sk_json_get_text(x->json, "refresh");
	unsigned char hash[SK_SHA256_LEN];
	struct sk_user user = SK_USER_INIT;
	struct sk_err err = {0};
	int64_t now = sk_now_ms() / 1000;
	struct fresh fresh;
	int rc;

	if (!refresh) {
		sk_exchange_error(
			x, 400, "missing field: refresh is required, as text");
		return;
	}
	sk_sha256(hash, refresh, strlen(refresh));
	rc = make_pair(&fresh, x->server, now, &err);
	if (rc == 0)
		rc = sk_token_rotate(x->server->store, hash, &fresh.pair, now,
				     &user, &err);
	if (rc < 0)
		sk_exchange_unavailable(x, &err);
	else if (rc > 0)
		sk_exchange_error(x, 401, "Token expired or invalid");
	else
		reply_pair(x, &fresh, &user);
	explicit_bzero(&fresh, sizeof(fresh));
	sk_user_free(&user);
}

int sk_token_authenticate(struct sk_exchange *x)
{
	const char *value = sk_exchange_header(x, "Authorization");
	unsigned char hash[SK_SHA256_LEN];
	struct sk_err err = {0};
	int rc;

	if (!value || strncasecmp(value, "Bearer ", 7) != 0) {
		sk_exchange_error(x, 401,
				  "Authentication credentials were not"
				  " provided");
		return 1;
	}
	value += 7 + strspn(value + 7, " ");
	/* found by its hash: how long that takes says nothing of the token */
	sk_sha256(hash, value, strlen(value));
	rc = sk_token_user(x->server->store, hash, sk_now_ms() / 1000, &x->user,
			   &err);
	if (rc < 0)
		sk_exchange_unavailable(x, &err);
	else if (rc > 0)
		sk_exchange_error(x, 401, "Token expired or invalid");
	return rc;
}
