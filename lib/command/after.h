/* SPDX-License-Identifier: MIT */
/*
 * What comes behind a command that has changed a mission, and changes neither
 * its answer nor its exit status: the transitions are captured where no hook
 * has seen them, and what keeps them from being sent is said.
 */
#ifndef SK_COMMAND_AFTER_H
#define SK_COMMAND_AFTER_H

#include "git/repo.h"
#include "workflow/edit.h"

/*
 * To be called before the change: with `json` the hooks of its commits, which
 * inherit that, leave sending to sk_after_change().
 */
void sk_before_change(bool json);

/*
 * Behind it. `is_unhooked` says that there is a commit of which no hook knows:
 * it is captured, unless the hook that would do it is switched off. With `json`
 * what waits is sent, once, and a failure is one `sync_diagnostic` line; else
 * the hooks have woken a sender, and an identity boundary in its way is one
 * warning.
 */
void sk_after_change(struct sk_repo *repo, bool is_unhooked, bool json);

/*
 * The same behind an edit, which is freed before: nobody is to wait for the
 * mission's lock while something is sent.
 */
void sk_after_edit(struct sk_edit *edit, bool json);

/*
 * For a command that makes events and can be run again: refuse before anything
 * is written where the identity boundary would. Returns 0; -1 with
 * SK_EBOUNDARY, what is in the way having been told.
 */
int sk_gate_change(struct sk_err *err) SK_NODISCARD;

#endif
