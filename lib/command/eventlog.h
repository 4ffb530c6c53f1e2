/* SPDX-License-Identifier: MIT */
/* What the subcommands of git sk-eventlog share: the log they are given. */
#ifndef SK_COMMAND_EVENTLOG_H
#define SK_COMMAND_EVENTLOG_H

#include "base/err.h"
#include "mission/eventlog.h"

/*
 * Read all of a file, "-" being standard input, and the lines in it. *data and
 * *log are owned, also on failure. Returns 0; -1 when it cannot be read, or is
 * larger than SK_EVENT_LOG_MAX.
 */
int sk_eventlog_load(struct sk_str *data, struct sk_log *log, const char *path,
		     struct sk_err *err) SK_NODISCARD;

/* The same without looking at the lines. */
int sk_eventlog_bytes(struct sk_str *data, const char *path,
		      struct sk_err *err) SK_NODISCARD;

#endif
