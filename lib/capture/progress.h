/* SPDX-License-Identifier: MIT */
/* How far a mission has come, by its event log or, without one, its files. */
#ifndef SK_CAPTURE_PROGRESS_H
#define SK_CAPTURE_PROGRESS_H

#include "capture/version.h"
#include "capture/view.h"

/* Whether some work package was in such a lane; `log` may be NULL. */
bool sk_progress_reached(struct sk_version *log, const struct sk_wp_list *wps,
			 enum sk_reach reach);

/*
 * When the first was; `at_us` stands for times nobody recorded, and for what
 * files tell.
 */
int64_t sk_progress_since(struct sk_version *log, enum sk_reach reach,
			  int64_t at_us);

struct sk_progress {
	bool is_complete;     /* there are some, and all are done or canceled */
	int64_t completed_us; /* by the latest row; `at_us` without any */
	int64_t wp_count, done_count;
};

/*
 * Work it out. Where the log has rows it decides; a work package that has a
 * file and no row has not begun.
 */
void sk_progress_of(struct sk_progress *out, struct sk_version *log,
		    const struct sk_wp_list *wps, int64_t at_us);

#endif
