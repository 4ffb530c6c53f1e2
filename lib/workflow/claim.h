/* SPDX-License-Identifier: MIT */
/*
 * Who has a work package, and what stands in the way of whoever wants to start
 * it. What other branches know counts too: a teammate's claim that was fetched
 * and not merged yet is one.
 */
#ifndef SK_WORKFLOW_CLAIM_H
#define SK_WORKFLOW_CLAIM_H

#include "base/words.h"
#include "workflow/edit.h"

/* How a work package stands. */
struct sk_claim {
	enum sk_lane lane;	 /* planned when nothing was said of it */
	struct sk_str claimant;	 /* who works on it; "": nobody */
	struct sk_str elsewhere; /* the branch that knows more of it than the
				    log does which is written to; "": none */
};

#define SK_CLAIM_INIT                                                          \
	{                                                                      \
		SK_LANE_PLANNED, SK_STR_INIT, SK_STR_INIT                      \
	}

/* Find it. *claim is owned: sk_claim_free(). */
void sk_claim_read(struct sk_claim *claim, const struct sk_edit *edit,
		   const char *wp);
void sk_claim_free(struct sk_claim *claim);

/* Whether it is this actor's, or nobody's who could be asked. */
bool sk_claim_is_free_for(const struct sk_claim *claim, const char *actor);

/*
 * Whether somebody may start it. `force` stands above another's claim and above
 * what another branch knows. Returns 0; -1 saying why not and what to do.
 */
int sk_claim_check(const struct sk_claim *claim, const struct sk_edit *edit,
		   const char *wp, const char *actor, bool force,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Whether somebody may have it in review: nobody else has, here or on a branch
 * that was fetched, and none of these knows more of it. `force` stands above
 * that. Returns 0; 1 when it is taken from another reviewer; -1 with SK_ENO
 * saying why not and what to do.
 */
int sk_claim_check_review(const struct sk_edit *edit, const char *wp,
			  const char *actor, bool force,
			  struct sk_err *err) SK_NODISCARD;

/*
 * Whether each of these is approved or done. Returns 0; -1 naming the others,
 * each with its lane.
 */
int sk_claim_check_dependencies(const struct sk_edit *edit, const char *wp,
				const struct sk_words *dependencies,
				struct sk_err *err) SK_NODISCARD;

/*
 * Append those of the lane's work packages that somebody works on, but for
 * `wp`: "WP01 (in_progress, claude)", with commas.
 */
void sk_claim_add_beside(struct sk_str *out, const struct sk_edit *edit,
			 const char *wp, const struct sk_words *wps);

#endif
