/* SPDX-License-Identifier: MIT */
/*
 * The reviews of a work package: tasks/<folder>/review-cycle-N.md, each with a
 * verdict in its front matter. The one with the highest N counts.
 */
#ifndef SK_MISSION_REVIEW_H
#define SK_MISSION_REVIEW_H

#include "base/err.h"
#include "base/str.h"

/* Whether a folder below tasks/ has the reviews of the work package. */
bool sk_review_is_folder(const char *name, const char *wp_id);

struct sk_review {
	struct sk_str folder; /* below tasks/ */
	unsigned long number; /* N; 0: there is none */
};

#define SK_REVIEW_INIT                                                         \
	{                                                                      \
		SK_STR_INIT, 0                                                 \
	}

/*
 * Keep this file of a folder in *newest, if it is a review and newer: of two
 * with one N, the folder whose name is greater. Returns whether it was kept.
 */
bool sk_review_keep(struct sk_review *newest, const char *folder,
		    const char *name);
void sk_review_free(struct sk_review *review);

/* Append where it is below tasks/, "WP01-x/review-cycle-2.md". */
void sk_review_add_path(struct sk_str *out, const struct sk_review *review);

enum sk_verdict {
	SK_VERDICT_NONE,     /* it does not say */
	SK_VERDICT_REJECTED, /* and no arbiter has overridden that */
	SK_VERDICT_PASSED    /* any other */
};

/*
 * Set *out to what a review says. Returns 0; -1 with SK_EDATA when its front
 * matter cannot be read, and no arbiter has overridden it.
 */
int sk_review_read(enum sk_verdict *out, const char *data, size_t len,
		   struct sk_err *err) SK_NODISCARD;

#endif
