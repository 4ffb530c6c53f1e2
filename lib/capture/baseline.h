/* SPDX-License-Identifier: MIT */
/*
 * What was there before: a queue that meets a clone remembers all that any of
 * its refs reaches, in the ledger, so that no walk queues it. That takes a walk
 * of the whole history. Until it is done, by whoever has the time, cursors of
 * the tips hide the same (SK_CURSOR_BASELINE).
 */
#ifndef SK_CAPTURE_BASELINE_H
#define SK_CAPTURE_BASELINE_H

#include "capture/capture.h"

/*
 * Meet the clone of `orders` (repo, box, clone and wake are used): set its
 * cursors, and those of the baseline. What a hook's wake says was just made is
 * left out: the next walk finds it. A clone whose cursors were set before there
 * was a baseline keeps them, and what came since is still to be captured.
 * *is_partial (may be NULL) says whether history was left behind. Returns 0; 1
 * when the queue knows the clone; -1.
 */
int sk_baseline_meet(const struct sk_capture *orders, bool *is_partial,
		     struct sk_err *err) SK_NODISCARD;

/*
 * Take the commit at HEAD out of the baseline: it was just made, and another
 * hook, which met the clone meanwhile, took it for what was there before. The
 * next walk finds it. `repo`, `box` and `clone` of *orders are used. Returns 0;
 * 1 when it is not in the baseline; -1.
 */
int sk_baseline_except(const struct sk_capture *orders,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Walk what the baseline of the clone hides, put it into the ledger as there
 * before, and drop those cursors, in one transaction; where a shallow clone
 * begins, all that stands there. `repo`, `project`, `box` and `clone` of
 * *orders are used. Returns 0; -1 also when an object is missing or damaged,
 * for what cannot be read now would be news later.
 */
int sk_baseline_fill(const struct sk_capture *orders,
		     struct sk_err *err) SK_NODISCARD;

#endif
