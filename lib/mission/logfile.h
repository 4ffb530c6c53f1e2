/* SPDX-License-Identifier: MIT */
/*
 * The event log of a mission on disk, as it is written: under the lock that
 * spec-kitty takes too.
 *
 * Lines are appended in one write and synced. Not by a new file in place of
 * the old one: some of spec-kitty's writers take no lock, and a line of theirs
 * that came between would be gone. What a kill can leave is a line without an
 * end, by whomever. The next to write here sets it aside, in a file of its own
 * next to the log: never made one with what follows, never lost.
 */
#ifndef SK_MISSION_LOGFILE_H
#define SK_MISSION_LOGFILE_H

#include "base/err.h"
#include "base/str.h"

/* Whoever holds the lock of a mission does so for less, as a rule. */
#define SK_STATUS_LOCK_WAIT_MS 10000

/*
 * Take the status lock of a mission: <common folder of git>/spec-kitty-locks/
 * <slug>.status.lock, which stays there, open to whom the repository is open
 * to. Waits up to `wait_ms`. Not to be taken twice by one process.
 *
 * Returns a descriptor for sk_unlock(); -1 with SK_EBUSY, naming the holder,
 * with SK_EDATA for a slug that is no name of a file.
 */
int sk_status_lock(const char *common_dir, const char *slug, unsigned wait_ms,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Append whole lines to the log at `path`, which is made when there is none;
 * the lock is held. *aside is set to the file that a torn last line was put
 * into, "" when there was none; whoever calls tells.
 *
 * Returns 0 when they are on disk; -1, with the log as it was: SK_EDATA when
 * they would not be read again, SK_EFULL, SK_EFAIL.
 */
int sk_logfile_append(const char *path, const char *lines, size_t len,
		      struct sk_str *aside, struct sk_err *err) SK_NODISCARD;

/*
 * The same for a log that is no file: append to the bytes of it, having moved
 * a torn last line to the end of *torn.
 */
void sk_logfile_join(struct sk_str *log, const char *lines, size_t len,
		     struct sk_str *torn);

/*
 * Append the name of the file that a torn line is put into, behind the log's:
 * by what is in it, so that it is there once, whoever was killed at it before.
 */
void sk_logfile_add_aside(struct sk_str *out, const char *torn, size_t len);

#endif
