/* SPDX-License-Identifier: MIT */
/*
 * `git sk-sync status --check`: who we are, who else is sending, whose rows are
 * where; then whether the server knows us. The lines of the first part are read
 * by programs: key and value two spaces apart, paths whole.
 */
#ifndef SK_COMMAND_CHECKSTATUS_H
#define SK_COMMAND_CHECKSTATUS_H

#include "base/err.h"

/*
 * Print it; as one JSON document without asking the server. Returns the exit
 * status: 0; 1 when the server, or the login, says no; 2 when the boundary is
 * not clean; -1 when that cannot be known.
 */
int sk_check_status(bool as_json, struct sk_err *err) SK_NODISCARD;

#endif
