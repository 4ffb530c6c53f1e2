/* SPDX-License-Identifier: MIT */
/*
 * What may be committed on the branch of a lane: files that the work package at
 * work there owns, and nothing of a mission's own. For the rest of a worktree's
 * branches it has no opinion, nor for what a merge brings, what a rebase, am,
 * cherry-pick or revert makes anew, and what undoes a change.
 */
#ifndef SK_GUARD_COMMITGUARD_H
#define SK_GUARD_COMMITGUARD_H

#include "guard/activewp.h"

/* The setting sk.guard: what is done about a fault. */
enum sk_guard_mode {
	SK_GUARD_WARN,
	SK_GUARD_BLOCK,
	SK_GUARD_OFF,
};

/*
 * Set *mode from the text of the setting; NULL is SK_GUARD_WARN. Returns 0; -1
 * with SK_EDATA when it is none of them, *mode being SK_GUARD_WARN.
 */
int sk_guard_parse(enum sk_guard_mode *mode, const char *text,
		   struct sk_err *err) SK_NODISCARD;

/* What is wrong with a commit. Paths are as git has them. */
struct sk_guard_report {
	struct sk_words specs;	/* below kitty-specs/ */
	struct sk_words astray; /* that the work package does not own */
	struct sk_active_wp wp; /* untold: `astray` is empty, and may not be */
};

#define SK_GUARD_REPORT_INIT                                                   \
	{                                                                      \
		.wp = SK_ACTIVE_WP_INIT                                        \
	}

/*
 * Look at the commit that is being made. Runs git a few times, and not at all
 * elsewhere than on a lane. *report is owned: sk_guard_report_free(). Returns 0
 * or -1.
 */
int sk_guard_look(struct sk_guard_report *report, struct sk_repo *repo,
		  const struct sk_config *config,
		  struct sk_err *err) SK_NODISCARD;
void sk_guard_report_free(struct sk_guard_report *report);

#endif
