/* SPDX-License-Identifier: MIT */
/*
 * Who we are to the server: ~/.spec-kitty/credentials, the TOML file that
 * spec-kitty's password-token login wrote, 0600 in a 0700 folder. Knows nothing
 * of HTTP, so that hooks can find the queue of the account that is logged in.
 */
#ifndef SK_WIRE_CREDENTIALS_H
#define SK_WIRE_CREDENTIALS_H

#include "base/err.h"
#include "base/str.h"

struct sk_credentials {
	struct sk_str server; /* base URL, no slash at the end */
	struct sk_str username;
	struct sk_str team; /* slug; empty when the server named none */
	struct sk_str access;
	struct sk_str refresh;
	int64_t access_expires; /* seconds since the epoch; 0 = unknown */
	int64_t refresh_expires;
};

#define SK_CREDENTIALS_INIT                                                    \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,            \
			SK_STR_INIT, 0, 0                                      \
	}

/*
 * Whether a token can be used: it goes into a header as it is, so it must not
 * be able to end one. NULL and "" cannot.
 */
bool sk_token_is_fit(const char *text);

/* Set *out to the same as `creds`. */
void sk_credentials_copy(struct sk_credentials *out,
			 const struct sk_credentials *creds);

/* Overwrite the tokens in memory, then release it. */
void sk_credentials_free(struct sk_credentials *creds);

/*
 * Read the file. Returns 0; 1 when nobody is logged in; -1 with SK_EDATA when
 * it is readable by others, belongs to another user or makes no sense.
 */
int sk_credentials_load(struct sk_credentials *creds,
			struct sk_err *err) SK_NODISCARD;

/* Replace the file atomically. Returns 0 or -1. */
int sk_credentials_save(const struct sk_credentials *creds,
			struct sk_err *err) SK_NODISCARD;

/* Remove the file. Returns 0; 1 when there was none; -1. */
int sk_credentials_remove(struct sk_err *err) SK_NODISCARD;

/*
 * The lock under which the file is read, refreshed and written
 * (credentials.lock). Returns a descriptor for sk_unlock(), or -1.
 */
int sk_credentials_lock(unsigned wait_ms, struct sk_err *err) SK_NODISCARD;

/*
 * Append the queue scope: `server|user|team`, lower case, trimmed, `no-team`
 * for an empty team; or its second or third part.
 */
void sk_scope_add(struct sk_str *out, const struct sk_credentials *creds);
void sk_scope_add_user(struct sk_str *out, const struct sk_credentials *creds);
void sk_scope_add_team(struct sk_str *out, const struct sk_credentials *creds);

#endif
