/* SPDX-License-Identifier: MIT */
/*
 * A clone becomes known: it gets an id, kept in its own configuration as
 * `sk.clone`, and cursors, kept in the queue, that say what was there before.
 */
#ifndef SK_SETUP_CLONE_H
#define SK_SETUP_CLONE_H

#include "capture/capture.h"
#include "format/ulid.h"
#include "guard/account.h"

struct sk_clone {
	char id[SK_ULID_LEN + 1];
	bool logged_in;
	bool is_joined;		   /* another hook was first to register it */
	struct sk_project project; /* its uuid is "" before any commit */
	struct sk_capture_report history; /* what was never published */
};

/*
 * Register the clone of `repo` from HEAD on; one that is known keeps its id
 * and its cursors, so that what came since is still to be captured. All other
 * history, of every branch and worktree, goes into the ledger as there before,
 * and that of HEAD is counted. The project is settled, unless there is no
 * commit yet. *clone is owned, also on failure: sk_clone_free(). Returns 0 or
 * -1.
 */
int sk_clone_register(struct sk_clone *clone, struct sk_repo *repo,
		      const struct sk_config *config,
		      const struct sk_account *account,
		      struct sk_err *err) SK_NODISCARD;
void sk_clone_free(struct sk_clone *clone);

/*
 * The same for a repository that a hook of the global scope meets, just after
 * a commit: from that commit on. The tips of all other branches are the
 * baseline, and nothing is walked: sk_clone_fill_baseline() is for a process
 * that nobody waits for. Registers only what holds kitty-specs, is
 * allowed by sk.allow (patterns of remote URLs; none: all), and was not taken
 * out (sk.capture = false). Only then *account is read. Of several hooks at
 * once the first gives the id, and the commits of all others count, too.
 * Returns 0; 1 when it is not to be registered; -1.
 */
int sk_clone_adopt(struct sk_clone *clone, struct sk_repo *repo,
		   const struct sk_config *config, struct sk_account *account,
		   struct sk_err *err) SK_NODISCARD;

/*
 * A hook of the global scope found the clone registered just after a commit,
 * the first that a hook sees in this worktree: that commit counts, be it that
 * it was there when another hook registered the clone. Returns 0 when the
 * baseline has changed, and is to be filled; 1; -1.
 */
int sk_clone_join(const char *id, struct sk_repo *repo,
		  const struct sk_account *account,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Walk what the baseline of the clone here hides, put it into the ledger as
 * there before, and drop the baseline. Returns 0 or -1.
 */
int sk_clone_fill_baseline(struct sk_err *err) SK_NODISCARD;

/* Forget it: the settings, and the stamps of all its worktrees. 0 or -1. */
int sk_clone_forget(struct sk_repo *repo, struct sk_err *err) SK_NODISCARD;

#endif
