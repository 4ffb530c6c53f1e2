/* SPDX-License-Identifier: MIT */
/* Passwords: read from a person or a pipe, kept only as yescrypt hashes. */
#ifndef SK_SERVER_PASSWORD_H
#define SK_SERVER_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

#define SK_PASSWORD_MAX 512 /* bytes; the most crypt(3) takes */

/*
 * Append the first line of standard input. Returns 0; -1 with SK_EUSAGE when
 * it is empty or too long.
 */
int sk_password_from_stdin(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

/*
 * Ask twice on the terminal, without echo. Returns 0; -1 when there is no
 * terminal or the answers differ.
 */
int sk_password_ask(struct sk_str *out, const char *name,
		    struct sk_err *err) SK_NODISCARD;

/* Set *out to a new salted hash, owned by the caller. Returns 0 or -1. */
int sk_password_hash(char **out, const char *password,
		     struct sk_err *err) SK_NODISCARD;

/*
 * Whether the password has this hash. Takes as long when it has not: some ten
 * milliseconds of work, on purpose.
 */
bool sk_password_matches(const char *password, const char *hash);

#endif
