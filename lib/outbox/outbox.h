/* SPDX-License-Identifier: MIT */
/*
 * The outbox: one SQLite file that holds the events waiting to be uploaded and
 * everything we know about them. Tables `queue`, `body_upload_queue` and
 * `body_upload_failure_log` are spec-kitty's, to the letter, so that either
 * program reads what the other wrote; the tables sk_* are ours.
 *
 * Any number of processes may hold the same file open; a handle belongs to one
 * thread. The file is 0600 and in WAL mode where the file system allows it.
 * Every change happens between sk_outbox_begin() and sk_outbox_commit(), which
 * is BEGIN IMMEDIATE, so that a writer waits in turn instead of failing.
 * Times are seconds since the epoch unless the name says _ms.
 */
#ifndef SK_OUTBOX_OUTBOX_H
#define SK_OUTBOX_OUTBOX_H

#include "base/err.h"
#include "base/str.h"

/*
 * How long a command waits for another writer, and how long a hook, for which
 * git waits (documented caps).
 */
#define SK_OUTBOX_WAIT_MS      2000
#define SK_OUTBOX_HOOK_WAIT_MS 200

/* `max_queue_size` of config.toml when it says nothing. */
#define SK_OUTBOX_DEFAULT_LIMIT 100000

/* A row rejected this often is held: it stays, but is not sent by itself. */
#define SK_OUTBOX_HELD_AT 5

struct sk_outbox;

/*
 * Open the file at `path`, made with its folder (0700) and tables when absent;
 * tables of spec-kitty's making get the columns and indexes they lack. Waits up
 * to SK_OUTBOX_WAIT_MS for another writer.
 *
 * *out is owned, close it with sk_outbox_close(). Returns 0; -1 with SK_EBUSY,
 * SK_EDATA (no database, or one of a newer git-sk), SK_EFULL or SK_EFAIL.
 */
int sk_outbox_open(struct sk_outbox **out, const char *path,
		   struct sk_err *err) SK_NODISCARD;

/*
 * The same for a hook: waits up to SK_OUTBOX_HOOK_WAIT_MS each time, and
 * closing leaves the write-ahead log to whoever has the time to synchronise it.
 * When the machine fails before that, the last transactions may be gone, whole
 * ones with their cursors: the next walk repeats them.
 */
int sk_outbox_open_in_hook(struct sk_outbox **out, const char *path,
			   struct sk_err *err) SK_NODISCARD;

/*
 * Open only to look: nothing is created, converted or upgraded, and only what
 * a writer that was killed left half done is undone.
 * Returns 0; 1 when there is no such file; -1 as above.
 */
int sk_outbox_open_readonly(struct sk_outbox **out, const char *path,
			    struct sk_err *err) SK_NODISCARD;

/* Roll back what is not committed, close, free. Accepts NULL. */
void sk_outbox_close(struct sk_outbox *box);

/* The path it was opened with; borrowed. */
const char *sk_outbox_path(const struct sk_outbox *box);

/* Refuse growth beyond `limit` rows; SK_OUTBOX_DEFAULT_LIMIT until set. */
void sk_outbox_set_limit(struct sk_outbox *box, int64_t limit);

/*
 * Whose events are added: the scope of the account that is logged in (copied),
 * or NULL when nobody is, as it is until set. The ledger remembers it.
 */
void sk_outbox_set_account(struct sk_outbox *box, const char *scope);

/*
 * Returns 0; -1 with SK_EBUSY, SK_EFULL (disk) or SK_EFAIL. What cannot be
 * committed is rolled back. Rolling back when there is nothing to is harmless.
 */
int sk_outbox_begin(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;
int sk_outbox_commit(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;
void sk_outbox_rollback(struct sk_outbox *box);

/*
 * See the queue as it is now, whatever others write, until it is rolled back:
 * many questions then take the locks of one. Returns as sk_outbox_begin().
 */
int sk_outbox_begin_reading(struct sk_outbox *box,
			    struct sk_err *err) SK_NODISCARD;

/* One event on its way into the queue. All borrowed for the call. */
struct sk_event {
	const char *event_id;
	const char *event_type;
	const char *data;   /* the whole envelope, JSON */
	const char *commit; /* hexadecimal id of the commit it was seen in */
	const char *project_uuid; /* the one in the envelope; may be NULL */
};

/*
 * Add one event to `queue` and the ledger, unless the queue or the parked
 * events have its id already. The ledger is not asked: the caller has looked in
 * this transaction, and it did not say SK_LEDGER_CAPTURED.
 *
 * Returns 0 when it was added; 1 when it is there (nothing is changed); -1 with
 * SK_EFULL when the limit is reached, or as sk_outbox_begin().
 */
int sk_outbox_add(struct sk_outbox *box, const struct sk_event *event,
		  int64_t now, struct sk_err *err) SK_NODISCARD;

#endif
