/* SPDX-License-Identifier: MIT */
/*
 * A capture with everything around it: the project of a repository, the queue
 * of whoever is logged in. What a hook, `now` and `backfill` have in common.
 */
#ifndef SK_CAPTURE_CATCHUP_H
#define SK_CAPTURE_CATCHUP_H

#include "capture/capture.h"
#include "capture/overdue.h"

/*
 * Run sk_capture() with `orders`, whose repo is set and whose project and box
 * are filled in for the call. A dry run makes no queue where there is none.
 * *logged_in and `overdue` may be NULL; to `overdue` the daily line about
 * events that wait too long is appended when it is due. *report as of
 * sk_capture(). Returns 0 or -1.
 */
int sk_catch_up(struct sk_capture *orders, const struct sk_config *config,
		struct sk_capture_report *report, bool *logged_in,
		struct sk_str *overdue, struct sk_err *err) SK_NODISCARD;

#endif
