/* SPDX-License-Identifier: MIT */
/*
 * Starting the sender: hooks and commands that queued something start it and go
 * on. Links nothing of HTTP or SQL.
 */
#ifndef SK_DELIVER_START_H
#define SK_DELIVER_START_H

#include "git/config.h"
#include "guard/account.h"

/* The setting sk.flush: when what a hook queued is sent. */
enum sk_flush {
	SK_FLUSH_BACKGROUND, /* at once, by another process */
	SK_FLUSH_FOREGROUND, /* at once, and the hook waits */
	SK_FLUSH_OFF,	     /* by 'git sk-sync now' alone */
};

/*
 * Set in the environment of a git that one of our commands runs: the command
 * itself sends, and tells what comes of it, what the hooks queue.
 */
#define SK_CALLER_SENDS "GIT_SK_CALLER_SENDS"

/* Returns 0; -1 with SK_EDATA for any other text than the three. */
int sk_flush_parse(enum sk_flush *out, const char *text,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Start `git-sk-sync flush` in the background, with all descriptors closed, and
 * don't wait. It leaves at once when another one is sending or when it is not
 * time yet, so that starting it too often does no harm.
 * Returns 0; -1 when it is missing or cannot be started.
 */
int sk_start_sender(struct sk_err *err) SK_NODISCARD;

/*
 * The same in the foreground, for `sk.flush = foreground`: waits until it has
 * tried, and what it has to say goes to our stderr. Returns 0 or -1.
 */
int sk_start_sender_and_wait(struct sk_err *err) SK_NODISCARD;

/*
 * Start it where this account may send and a delivery is due, as it is when
 * events were `queued` just now, in the way that sk.flush says. Where it is due
 * and may not be, that is put off. Returns 0 or -1.
 */
int sk_send_later(const struct sk_config *config,
		  const struct sk_account *account, bool queued,
		  struct sk_err *err) SK_NODISCARD;

#endif
