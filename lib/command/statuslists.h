/* SPDX-License-Identifier: MIT */
/* What stands still in a queue and why, row by row, in each form. */
#ifndef SK_COMMAND_STATUSLISTS_H
#define SK_COMMAND_STATUSLISTS_H

#include "command/queuestatus.h"

/* Which rows. */
enum sk_status_list {
	SK_LIST_STUCK, /* held and parked, for programs */
	SK_LIST_HELD,
	SK_LIST_PARKED,
	SK_LIST_UNREADABLE,
	SK_LIST_TWINS,
};

/* Append the rows for people, ten at most. Returns 0 or -1. */
int sk_status_list_add_text(struct sk_str *out,
			    const struct sk_queue_status *status,
			    enum sk_status_list list,
			    struct sk_err *err) SK_NODISCARD;

/* Append a list of all of them under `key`. Returns 0 or -1. */
int sk_status_list_add(struct sk_output *output, const char *key,
		       const struct sk_queue_status *status,
		       enum sk_status_list list,
		       struct sk_err *err) SK_NODISCARD;

#endif
