/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "command/who.h"

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	int rc;

	(void)values, (void)argc, (void)argv; /* takes none */
	rc = sk_credentials_load(&creds, err);
	if (rc == 0 && sk_who_is_alive(&creds)) {
		sk_print_visible(creds.username.ptr);
		putchar('\n');
	} else if (rc == 0) {
		rc = 1;
	}
	sk_credentials_free(&creds);
	return rc;
}

const struct sk_cmd sk_cmd_auth_whoami = {
	.name = "whoami",
	.operands = "",
	.summary = "Print the user who is logged in.",
	.run = run,
};
