/* SPDX-License-Identifier: MIT */
/*
 * Move a work package to another lane, as one change of its mission (edit.h).
 * Forward it goes lane by lane, with a transition for each.
 *
 * With the log goes a line of the activity log in the package's file. Of that
 * file other edits stay as they are, uncommitted ones uncommitted. A move that
 * was killed is finished by doing it again: transitions that are in the log
 * already are not made twice, and what is not committed is.
 */
#ifndef SK_WORKFLOW_MOVE_H
#define SK_WORKFLOW_MOVE_H

#include "base/words.h"
#include "workflow/edit.h"

struct sk_move {
	/* to be set; texts are borrowed, NULL where nothing was said */
	const char *wp; /* as it was typed */
	enum sk_lane to;
	bool is_claim; /* for a review: out of for_review, and nowhere else */
	bool force;
	const char *actor;	/* never NULL */
	const char *named;	/* who is named in the message of the commit */
	const char *reason;	/* of all transitions */
	const char *review_ref; /* the feedback it is sent back with */
	const char *reviewer;	/* the evidence of a review, or its result */
	const char *reference;
	const char *note; /* for the activity log, else made */
	const char *agent, *assignee, *shell_pid; /* for the front matter */

	/* what was found and done, owned */
	char id[SK_LOG_WP_SIZE];
	enum sk_lane from;
	bool is_unknown;	      /* there is no such work package */
	bool is_there;		      /* it was in that lane */
	char last_id[SK_LOG_ID_SIZE]; /* of the transition it stands by */
	struct sk_words event_ids;    /* of those made, in order */
	struct sk_str file;    /* of the package, within the mission's folder */
	struct sk_str message; /* of the commit */
	struct sk_str warning; /* "": all that was asked for is written */
};

/* The lane that was typed, whatever its case; SK_LANE_NONE when it is none. */
enum sk_lane sk_move_read_lane(const char *typed);

/*
 * Make the move: an sk_edit_fn, with a struct sk_move as its context. Fails
 * with SK_ENO when a rule is against it.
 */
int sk_move_change(void *move, struct sk_edit *edit, struct sk_err *err);

/* Release what was found. */
void sk_move_free(struct sk_move *move);

#endif
