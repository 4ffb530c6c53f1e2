/* SPDX-License-Identifier: MIT */
/* `git sk-auth login`: a password becomes tokens, and a queue an account's. */
#ifndef SK_FRONT_LOGIN_H
#define SK_FRONT_LOGIN_H

#include "base/err.h"

/* The options struct and `run` of the subcommand. */
struct sk_login_opts {
	const char *server;
	const char *username;
	bool password_stdin;
	bool force;
	bool json;
};
int sk_login_run(void *values, int argc, char **argv, struct sk_err *err);

#endif
