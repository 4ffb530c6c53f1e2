/* SPDX-License-Identifier: MIT */
/*
 * The final sync: after a command or hook has done its work, what it queued is
 * sent, at most three attempts a second apart. It never changes the exit
 * status or standard output of what it follows; a failure is one
 * `sync_diagnostic` line, and the events stay in the queue.
 */
#ifndef SK_DELIVER_FINALSYNC_H
#define SK_DELIVER_FINALSYNC_H

#include "deliver/diagnostic.h"

/*
 * Send here and now, respecting the backoff; does nothing, quietly, when nobody
 * is logged in, sending is switched off, or another process is sending.
 */
void sk_final_sync_run(struct sk_diagnostics *said);

/*
 * The same for a command that somebody waits for: one attempt. Whatever keeps
 * the queue from being sent now is told, another process that is sending, and
 * a server that asked to be left alone, too.
 */
void sk_final_sync_run_once(struct sk_diagnostics *said);

#endif
