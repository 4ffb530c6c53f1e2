/* SPDX-License-Identifier: MIT */
/*
 * The password-token flow: POST /api/v1/token/ and /api/v1/token/refresh/.
 * Passwords and tokens never reach a message, a trace or a child process.
 */
#ifndef SK_WIRE_SESSION_H
#define SK_WIRE_SESSION_H

#include "wire/credentials.h"
#include "wire/http.h"

/*
 * Exchange the password for tokens at the client's server and fill *creds
 * (server and username included). Nothing is written to disk.
 * Returns 0; -1 with SK_EAUTH (wrong name or password), SK_ENET, SK_EDATA (no
 * such answer as the contract has).
 */
int sk_login(struct sk_credentials *creds, struct sk_http *http,
	     const char *username, const char *password,
	     struct sk_err *err) SK_NODISCARD;

/*
 * Make sure that creds->access can be used for at least another 30 s: under the
 * lock, read the file again, adopt what another process fetched, else refresh
 * and save. With `rejected` (the access token a 401 was about) that token
 * counts as expired whatever its time says. `creds` may be empty; when it is
 * not, only tokens of that same account are adopted.
 *
 * Returns 0; 1 when nobody is logged in; -1 with SK_EAUTH when a new login is
 * needed, SK_EBUSY when another process has been refreshing for 10 s, SK_ENET.
 */
int sk_token_ready(struct sk_credentials *creds, struct sk_http *http,
		   const char *rejected, struct sk_err *err) SK_NODISCARD;

#endif
