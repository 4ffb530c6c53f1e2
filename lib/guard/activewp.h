/* SPDX-License-Identifier: MIT */
/*
 * The work package that is at work in a lane, and which files are its own:
 * lanes.json says which can be, the mission's event logs, all together, where
 * they stand, the front matter of the one what it owns.
 */
#ifndef SK_GUARD_ACTIVEWP_H
#define SK_GUARD_ACTIVEWP_H

#include "git/config.h"
#include "git/repo.h"
#include "mission/eventlog.h"
#include "mission/frontmatter.h"
#include "mission/names.h"

/* Why it cannot be told. */
enum sk_wp_untold {
	SK_WP_TOLD,
	SK_WP_MISSING,		   /* nothing is at work in that lane */
	SK_WP_AMBIGUOUS,	   /* more than one */
	SK_WP_STATUS_UNAVAILABLE,  /* there is no log that can be read */
	SK_WP_METADATA_MISSING,	   /* it has no file, */
	SK_WP_METADATA_UNREADABLE, /* or one that cannot be read, */
	SK_WP_OWNERSHIP_MISSING,   /* or that names no files */
};

struct sk_active_wp {
	char id[SK_LOG_WP_SIZE]; /* "" while it is not known */
	struct sk_wp file;
	bool owns_all; /* the file says `scope: codebase-wide` */
	enum sk_wp_untold untold;
	struct sk_str why; /* in words; "" when all is told */
};

#define SK_ACTIVE_WP_INIT                                                      \
	{                                                                      \
		.why = SK_STR_INIT                                             \
	}

/*
 * Find the only one of the lane that is in progress, or else claimed. `name` is
 * what the branch of the lane is called. Runs git a few times. *wp is owned:
 * sk_active_wp_free(). When it cannot be told, wp->untold and wp->why say why.
 */
void sk_active_wp_find(struct sk_active_wp *wp, struct sk_repo *repo,
		       const struct sk_config *config,
		       const struct sk_place_name *name);
void sk_active_wp_free(struct sk_active_wp *wp);

/* spec-kitty's word for it: "ACTIVE_WP_CONTEXT_MISSING". */
const char *sk_wp_untold_name(enum sk_wp_untold untold);

#endif
