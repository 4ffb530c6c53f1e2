/* SPDX-License-Identifier: MIT */
/* Commits that an earlier walk passed without seeing all of them. */
#ifndef SK_CAPTURE_REVISIT_H
#define SK_CAPTURE_REVISIT_H

#include "capture/capture.h"

/*
 * Capture those that can be seen now (see capture/unseen.h), with these orders,
 * as a walk would, also after a backfill, and add what was found to *report.
 * Orders with a `log_max` leave the late ones be. Moves no cursor. Returns 0 or
 * -1, as sk_capture().
 */
int sk_revisit(const struct sk_capture *orders,
	       struct sk_capture_report *report,
	       struct sk_err *err) SK_NODISCARD;

#endif
