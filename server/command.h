/* SPDX-License-Identifier: MIT */
/* The subcommands of sk-ingestd: their options and what they do. */
#ifndef SK_SERVER_COMMAND_H
#define SK_SERVER_COMMAND_H

#include "base/err.h"

struct sk_serve_opts {
	const char *db; /* NULL = the default one */
	const char *listen;
	const char *port_file; /* NULL = none */
	unsigned port;	       /* 0 = any that is free */
	unsigned max_events;
	unsigned max_bytes;
	unsigned access_lifetime_s;
	unsigned refresh_lifetime_s;
	unsigned timeout_s; /* for headers, and again for the body */
};

struct sk_user_opts {
	const char *db;
	const char *team;
	bool password_stdin;
};

/* Serve until a signal says stop. Returns 0 or -1. */
int sk_serve(void *values, int argc, char **argv, struct sk_err *err);

/*
 * "user add" and so on, with a struct sk_user_opts. Return the exit status 0,
 * or 1 when there is such a user already, or none; or -1.
 */
int sk_user_run_add(void *values, int argc, char **argv, struct sk_err *err);
int sk_user_run_passwd(void *values, int argc, char **argv, struct sk_err *err);
int sk_user_run_remove(void *values, int argc, char **argv, struct sk_err *err);
int sk_user_run_list(void *values, int argc, char **argv, struct sk_err *err);

#endif
