/* SPDX-License-Identifier: MIT */
/*
 * The wake-up marker, `sync/backlog` in the home folder: it is there while
 * something waits that could be sent, and its mtime is the earliest time of the
 * next try. A hook needs one stat() to know that there is nothing to do; one
 * that finds it due where nobody may send puts it off, and a login marks anew.
 *
 * It is a hint about the queue, never the truth: whoever clears it looks at the
 * queue afterwards and marks it again when rows are left, so that an event
 * queued in between keeps its wake-up.
 */
#ifndef SK_OUTBOX_BACKLOG_H
#define SK_OUTBOX_BACKLOG_H

#include "base/err.h"

/* Something waits, to be tried from `next_ms` on. Returns 0 or -1. */
int sk_backlog_mark(int64_t next_ms, struct sk_err *err) SK_NODISCARD;

/* Nothing waits. Returns 0, also when there was no marker; or -1. */
int sk_backlog_clear(struct sk_err *err) SK_NODISCARD;

/* Whether something waits and its time has come. */
bool sk_backlog_due(int64_t now_ms);

#endif
