/* SPDX-License-Identifier: MIT */
/* What the outbox is inside. Only files of this folder include it. */
#ifndef SK_OUTBOX_DB_H
#define SK_OUTBOX_DB_H

#include "outbox/outbox.h"
#include "sql/stmt.h"

struct sk_outbox {
	struct sk_sql *db;
	char *path;
	char *account; /* whose events are added; NULL = nobody's */
	int64_t limit;
	int64_t depth; /* at most so many rows now; -1 = not looked at */
	bool in_transaction;
};

/*
 * The retry count of a row of `queue` as a number: other programs may have
 * stored NULL or text.
 */
#define SK_RETRIES "coalesce(CAST(retry_count AS INTEGER), 0)"

/*
 * Whether a row of `queue` is held; :held is SK_OUTBOX_HELD_AT. The first half
 * is implied by the second and lets idx_retry find the rows.
 */
#define SK_IS_HELD "(retry_count >= :held AND " SK_RETRIES " >= :held)"

/*
 * Refuse paths that cannot be a queue of ours (symbolic link, folder, FIFO,
 * another user's). With `create`, make an absent file, and close an open one to
 * group and others. Returns 0; 1 when absent and not to be created; -1.
 */
int sk_db_check_file(const char *path, bool create,
		     struct sk_err *err) SK_NODISCARD;

/*
 * Connect box->db to box->path; the hint for a broken file is ours. Nothing of
 * the file is read. 0 or -1.
 */
int sk_db_connect(struct sk_outbox *box, const struct sk_sql_options *options,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Use WAL where that is possible, and NORMAL synchronisation. For a reader in
 * the way it waits a small part of `wait_ms`; what comes then waits for the
 * rest. 0 or -1.
 */
int sk_db_use_wal(struct sk_outbox *box, int wait_ms,
		  struct sk_err *err) SK_NODISCARD;

/* Returns 0 when changes are safe: inside a transaction that still stands. */
int sk_db_need_transaction(struct sk_outbox *box,
			   struct sk_err *err) SK_NODISCARD;

#endif
