/* SPDX-License-Identifier: MIT */
/*
 * Records of senders that are gone, and the daemon made new. What is removed is
 * only what provably belongs to nobody any more; what is signalled only what is
 * provably ours.
 */
#ifndef SK_DOCTOR_RESTART_H
#define SK_DOCTOR_RESTART_H

#include "base/err.h"
#include "base/str.h"

/*
 * Look for an orphaned owner record and append what there is to say of it, as
 * lines or as one document with a newline, which a failure is part of too.
 * Changes nothing.
 * Returns how many there are (0 or 1); -1 when the record cannot be read.
 */
int sk_doctor_orphans(struct sk_str *out, bool as_json,
		      struct sk_err *err) SK_NODISCARD;

/* What came of a restart; the number is the exit status of the command. */
enum sk_restart_status {
	SK_RESTART_DONE, /* or only a stale record was removed */
	SK_RESTART_NO_OWNER,
	SK_RESTART_RESPAWN_FAILED,
	SK_RESTART_STOP_FAILED,
};

struct sk_restart {
	enum sk_restart_status status;
	bool is_cleaned;   /* DONE: a record was removed, nothing started */
	pid_t previous;	   /* 0 = none */
	pid_t now;	   /* 0 = none */
	struct sk_err err; /* why not, for all but DONE */
};

/* End the daemon and start it again. Never fails: *out says what came of it. */
void sk_doctor_restart(struct sk_restart *out);

/* Append it: one line for people, or the document with a newline. */
void sk_doctor_add_restart(struct sk_str *out, const struct sk_restart *done,
			   bool as_json);

#endif
