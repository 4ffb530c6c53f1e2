/* SPDX-License-Identifier: MIT */
/*
 * `git sk-sync status --check`: who we are, who else is sending, whose rows are
 * where; then whether the server knows us. The lines of the first part are read
 * by programs: key and value two spaces apart, paths whole.
 */
#ifndef SK_COMMAND_CHECKSTATUS_H
#define SK_COMMAND_CHECKSTATUS_H

#include "git/config.h"
#include "guard/account.h"

/*
 * Print it; as one JSON document without asking the server, which may renew the
 * tokens of the account. Returns the exit
 * status: 0; 1 when the server, or the login, says no; 2 when the boundary is
 * not clean; -1 when that cannot be known.
 */
int sk_check_status(bool as_json, struct sk_account *account,
		    const struct sk_config *config,
		    struct sk_err *err) SK_NODISCARD;

#endif
