/* SPDX-License-Identifier: MIT */
/* How far a mission has come, by its event log or, without one, its files. */
#ifndef SK_CAPTURE_PROGRESS_H
#define SK_CAPTURE_PROGRESS_H

#include "capture/view.h"

struct sk_progress {
	bool is_started;  /* some work package was in progress or beyond */
	bool is_reviewed; /* some was for review */
	bool is_complete; /* there are some, and all are done or canceled */
	int64_t started_us, reviewed_us, completed_us;
	int64_t wp_count, done_count;
};

/*
 * Work it out. Where the log has rows it decides; a work package that has a
 * file and no row has not begun. `at_us` stands for times nobody recorded.
 */
void sk_progress_of(struct sk_progress *out, const struct sk_log *log,
		    const struct sk_wp_list *wps, int64_t at_us);

#endif
