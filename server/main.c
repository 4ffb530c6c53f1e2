/* SPDX-License-Identifier: MIT */
/* sk-ingestd: the receiving end, for a team that runs its own. */
#include "front/cli.h"
#include "server/command.h"

static const struct sk_opt serve_table[] = {
	SK_TEXT(0, "db", struct sk_serve_opts, db, "file",
		"where events, users and tokens are kept"),
	SK_TEXT(0, "listen", struct sk_serve_opts, listen, "address",
		"address to listen on (127.0.0.1)"),
	SK_UINT(0, "port", struct sk_serve_opts, port, "n",
		"port to listen on (8765), 0 = any that is free"),
	SK_TEXT(0, "port-file", struct sk_serve_opts, port_file, "file",
		"write the port there once it listens"),
	SK_UINT(0, "max-events", struct sk_serve_opts, max_events, "n",
		"events in one batch (1000)"),
	SK_UINT(0, "max-bytes", struct sk_serve_opts, max_bytes, "n",
		"bytes of one batch, unpacked (1048576)"),
	SK_UINT(0, "access-lifetime", struct sk_serve_opts, access_lifetime_s,
		"seconds", "life of an access token (900)"),
	SK_UINT(0, "refresh-lifetime", struct sk_serve_opts, refresh_lifetime_s,
		"seconds", "life of a refresh token (604800)"),
	SK_UINT(0, "timeout", struct sk_serve_opts, timeout_s, "seconds",
		"time for headers, and for body and answer (60)"),
	SK_OPT_LAST,
};

#define USER_DB                                                                \
	SK_TEXT(0, "db", struct sk_user_opts, db, "file",                      \
		"the server's database")
#define USER_PASSWORD                                                          \
	SK_FLAG(0, "password-stdin", struct sk_user_opts, password_stdin,      \
		"read the password from standard input")

static const struct sk_opt add_table[] = {
	USER_DB,
	SK_TEXT(0, "team", struct sk_user_opts, team, "slug",
		"team that logins of the new user name"),
	USER_PASSWORD,
	SK_OPT_LAST,
};

static const struct sk_opt passwd_table[] = {
	USER_DB,
	USER_PASSWORD,
	SK_OPT_LAST,
};

static const struct sk_opt db_table[] = {
	USER_DB,
	SK_OPT_LAST,
};

static const struct sk_serve_opts serve_defaults = {
	.listen = "127.0.0.1",
	.port = 8765,
	.max_events = 1000,
	.max_bytes = 1u << 20,
	.access_lifetime_s = 15 * 60,
	.refresh_lifetime_s = 7 * 24 * 60 * 60,
	.timeout_s = 60,
};

static const struct sk_cmd serve = {
	.name = "serve",
	.operands = "",
	.summary = "Receive events until a signal says stop.",
	.opts = serve_table,
	.size = sizeof(struct sk_serve_opts),
	.defaults = &serve_defaults,
	.run = sk_serve,
};

static const struct sk_user_opts add_defaults = {.team = ""};

static const struct sk_cmd user_add = {
	.name = "user add",
	.operands = "<name>",
	.summary = "Let somebody log in.",
	.opts = add_table,
	.size = sizeof(struct sk_user_opts),
	.defaults = &add_defaults,
	.max_operands = 1,
	.run = sk_user_run_add,
};

static const struct sk_cmd user_passwd = {
	.name = "user passwd",
	.operands = "<name>",
	.summary = "Change a password and end the user's sessions.",
	.opts = passwd_table,
	.size = sizeof(struct sk_user_opts),
	.max_operands = 1,
	.run = sk_user_run_passwd,
};

static const struct sk_cmd user_remove = {
	.name = "user remove",
	.operands = "<name>",
	.summary = "Remove a user; the events stay.",
	.opts = db_table,
	.size = sizeof(struct sk_user_opts),
	.max_operands = 1,
	.run = sk_user_run_remove,
};

static const struct sk_cmd user_list = {
	.name = "user list",
	.operands = "",
	.summary = "Print name, team and time of creation.",
	.opts = db_table,
	.size = sizeof(struct sk_user_opts),
	.run = sk_user_run_list,
};

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {
		&serve, &user_add, &user_passwd, &user_remove, &user_list};

	return sk_cli_dispatch("sk-ingestd",
			       "Receive the events of a team's repositories.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
