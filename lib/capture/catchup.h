/* SPDX-License-Identifier: MIT */
/*
 * A capture with everything around it: the project of a repository, the queue
 * of an account. What a hook, `now` and `backfill` have in common.
 */
#ifndef SK_CAPTURE_CATCHUP_H
#define SK_CAPTURE_CATCHUP_H

#include "capture/capture.h"
#include "capture/overdue.h"
#include "guard/account.h"

/*
 * Run sk_capture() on what moved since the cursors, or on what a backfill asks
 * for, with `orders`, whose repo is set and whose project is filled in for the
 * call, and so is the box, with the account's queue, unless that is open
 * already. A queue that does not know the clone meets it first; a command fills
 * a baseline that is not, a hook leaves that to others (report->is_new). A dry
 * run is for a backfill alone, and makes no queue where there is none.
 * `overdue` may be NULL; the daily line about events that wait too long is
 * appended to it when it is due. *report as of sk_capture(). Returns 0 or -1.
 */
int sk_catch_up(struct sk_capture *orders, const struct sk_config *config,
		const struct sk_account *account,
		struct sk_capture_report *report, struct sk_str *overdue,
		struct sk_err *err) SK_NODISCARD;

#endif
