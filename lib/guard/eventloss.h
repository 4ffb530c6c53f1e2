/* SPDX-License-Identifier: MIT */
/*
 * Whether anything that event logs said is lost on the way from some commits to
 * the next, a merge or a plain one: each line of each parent's log has to be
 * there afterwards, whatever a driver, a strategy or a hand has made of it. A
 * line that is in another mission's log has moved; one that is back in the end
 * was never away.
 */
#ifndef SK_GUARD_EVENTLOSS_H
#define SK_GUARD_EVENTLOSS_H

#include "base/map.h"
#include "base/words.h"
#include "git/repo.h"
#include "guard/blocker.h"

/* A version of kitty-specs/, and what to call it. */
struct sk_version {
	struct sk_oid missions;	  /* its tree; len 0: there is none */
	char hex[SK_HEX_LEN + 1]; /* of its commit; "": not made yet */
	const char *name;	  /* "commit 0123abcd", "'topic'"; borrowed */
};

struct sk_loss {
	struct sk_repo *repo;	 /* borrowed, as all but the maps */
	struct sk_blockers *out; /* what is found is appended here */
	struct sk_words *untold; /* and here what could not be looked at */
	const struct sk_oid
		*ends; /* trees of missions as they are in the end */
	size_t end_count;
	bool has_ends;
	struct sk_map end_keys; /* of all logs in them, once they are wanted */
};

/* Release what was read; the lists are the caller's. */
void sk_loss_free(struct sk_loss *loss);

/* What becomes of it when lines are lost. */
enum sk_loss_kind {
	SK_LOSS_PLAIN,	 /* a commit that is no merge: a warning */
	SK_LOSS_MERGE,	 /* it blocks */
	SK_LOSS_REPLACE, /* a push that drops commits: it blocks */
};

/*
 * Hold `now` against each of `olds`. Never fails: what cannot be read is
 * appended to loss->untold.
 */
void sk_loss_look(struct sk_loss *loss, enum sk_loss_kind kind,
		  const struct sk_version *now, const struct sk_version *olds,
		  size_t old_count);

/* Append what an unreadable repository has kept us from looking at. */
void sk_untold_add(struct sk_words *untold, const char *what,
		   const struct sk_err *err);

#endif
