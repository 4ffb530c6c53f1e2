/* SPDX-License-Identifier: MIT */
/*
 * The objects of one commit, read within bounds: what one commit may cost is
 * the same whatever somebody put into it, and what stopped the reading is
 * known by name, so that it can be said, and fetched.
 */
#ifndef SK_CAPTURE_READER_H
#define SK_CAPTURE_READER_H

#include "git/tree.h"

enum sk_stop {
	SK_STOP_NONE,
	SK_STOP_MISSING, /* this clone does not have the object */
	SK_STOP_DAMAGED, /* it has, and cannot read it */
	SK_STOP_LIMIT,	 /* there is more than is read */
	SK_STOP_LATE,	 /* a log that is read later, by who has the time */
};

struct sk_reader {
	struct sk_repo *repo;
	size_t cost_left;  /* of this commit: in entries of trees */
	size_t bytes_left; /* of this commit: of blobs */
	size_t log_max;	   /* of one log; 0: as long as any blob */
	enum sk_stop stop; /* the first since sk_reader_forget() */
	struct sk_oid at;  /* the object that stopped it */
};

/* Begin with a commit; a log above `log_max` bytes, unless 0, is late. */
void sk_reader_start(struct sk_reader *reader, struct sk_repo *repo,
		     size_t log_max);

/* Begin with another part of the same commit: nothing has stopped it yet. */
void sk_reader_forget(struct sk_reader *reader);

/* Whether this commit has cost what a commit may. */
bool sk_reader_is_spent(const struct sk_reader *reader);

/* Say what stopped it, and where, unless that is known. Returns -1. */
int sk_reader_stop(struct sk_reader *reader, enum sk_stop stop,
		   const struct sk_oid *at);

/*
 * Pay for entries that were looked at. Returns 0; -1 with SK_EDATA when the
 * commit has cost too much; `at` is then to blame.
 */
int sk_reader_pay(struct sk_reader *reader, size_t entries,
		  const struct sk_oid *at, struct sk_err *err) SK_NODISCARD;

/* sk_tree_each(). Returns what that does. */
int sk_reader_tree(struct sk_reader *reader, const struct sk_oid *tree,
		   sk_tree_fn *each, void *ctx,
		   struct sk_err *err) SK_NODISCARD;

/* sk_tree_find(). Returns what that does. */
int sk_reader_find(struct sk_reader *reader, const struct sk_oid *tree,
		   const char *name, struct sk_tree_entry *out,
		   struct sk_err *err) SK_NODISCARD;

/* sk_tree_diff(). Returns what that does. */
int sk_reader_diff(struct sk_reader *reader, const struct sk_oid *old,
		   const struct sk_oid *now, sk_tree_diff_fn *each, void *ctx,
		   struct sk_err *err) SK_NODISCARD;

/*
 * The bytes of a blob of at most SK_EVENT_LOG_MAX bytes. *out is released with
 * sk_raw_release(). Returns 0; -1, also when it is missing or too large.
 */
int sk_reader_blob(struct sk_reader *reader, const struct sk_oid *id,
		   struct sk_raw *out, struct sk_err *err) SK_NODISCARD;

/*
 * Whether an event log may be read now, by its header alone: one that is not
 * there, or too long for anybody, may, so that the reading says so. Returns 0;
 * -1 when it is late.
 */
int sk_reader_weigh_log(struct sk_reader *reader, const struct sk_oid *id,
			struct sk_err *err) SK_NODISCARD;

/* sk_reader_blob() of an event log that may be. Returns what that does. */
int sk_reader_log(struct sk_reader *reader, const struct sk_oid *id,
		  struct sk_raw *out, struct sk_err *err) SK_NODISCARD;

#endif
