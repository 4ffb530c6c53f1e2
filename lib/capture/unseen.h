/* SPDX-License-Identifier: MIT */
/*
 * What a walk passed without having seen all of it: commits that an object was
 * missing for, those below which a shallow clone was cut off, and those with a
 * log that takes longer than a hook has. It goes on, its cursor too, and notes
 * them in a file of the git folder first, so that they are looked at again when
 * the objects, the commits or the time are there.
 */
#ifndef SK_CAPTURE_UNSEEN_H
#define SK_CAPTURE_UNSEEN_H

#include "capture/collect.h"

enum sk_unseen_kind {
	SK_UNSEEN_LACKS, /* an object */
	SK_UNSEEN_CUT,	 /* its parents */
	SK_UNSEEN_LATE,	 /* nothing but time */
	SK_UNSEEN_KINDS, /* how many there are */
};

struct sk_unseen_note {
	enum sk_unseen_kind kind;
	struct sk_oid commit;
	struct sk_oid object;  /* that it lacks */
	struct sk_oid *hidden; /* captured already when it was cut */
	size_t hidden_count;
	char *line; /* of the file */
};

struct sk_unseen {
	struct sk_unseen_note *notes;
	size_t count, cap;
};

/*
 * Note what this walk, which `hidden` ended, has not seen. It is on disk before
 * this returns. Returns 0 or -1.
 */
int sk_unseen_add(struct sk_repo *repo, const struct sk_walk *walk,
		  const struct sk_collection *found,
		  const struct sk_oid *hidden, size_t hidden_count,
		  struct sk_err *err) SK_NODISCARD;

/* All notes; none when there is no file. Owned: sk_unseen_free(). Returns 0 or
 * -1. */
int sk_unseen_load(struct sk_unseen *unseen, struct sk_repo *repo,
		   struct sk_err *err) SK_NODISCARD;
void sk_unseen_free(struct sk_unseen *unseen);

/* Whether there is anything to load. */
bool sk_unseen_exists(const struct sk_repo *repo);

/* How many commits have notes of this kind. */
size_t sk_unseen_count(const struct sk_unseen *unseen,
		       enum sk_unseen_kind kind);

/*
 * The commits that can be seen now, those that are late only with `has_time`:
 * *walk is owned, and *seen is set for each note it settles. A commit that is
 * there no more is nothing to wait for. Returns how many notes it settles, or
 * -1.
 */
int sk_unseen_walk(struct sk_walk *walk, bool *seen,
		   const struct sk_unseen *unseen, bool has_time,
		   struct sk_repo *repo, struct sk_err *err) SK_NODISCARD;

/* Forget those that were `seen`. Returns 0 or -1. */
int sk_unseen_forget(struct sk_repo *repo, const struct sk_unseen *unseen,
		     const bool *seen, struct sk_err *err) SK_NODISCARD;

/* Forget all of them, of the repository with this common folder. */
void sk_unseen_remove(const char *common_dir);

/*
 * Fetch the missing objects of all notes. Waits for the network. Returns 0; 1
 * when there was nothing to fetch; -1.
 */
int sk_unseen_fetch(const struct sk_unseen *unseen, struct sk_repo *repo,
		    struct sk_err *err) SK_NODISCARD;

#endif
