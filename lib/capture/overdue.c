/* SPDX-License-Identifier: MIT */
#include "capture/overdue.h"

#include "format/time.h"
#include "outbox/state.h"
#include "outbox/stats.h"

static int remember(struct sk_outbox *box, int64_t now, struct sk_err *err)
{
	if (sk_outbox_begin(box, err) < 0)
		return -1;
	if (sk_state_set_int(box, "overdue_said", now, err) < 0) {
		sk_outbox_rollback(box);
		return -1;
	}
	return sk_outbox_commit(box, err);
}

int sk_overdue_notice(struct sk_str *out, struct sk_outbox *box, int64_t now,
		      struct sk_err *err)
{
	int64_t said = 0, oldest = 0, depth;
	int rc;

	if (sk_state_get_int(box, "overdue_said", &said, err) < 0)
		return -1;
	/* a time in the future is a clock that was set back since */
	if (said <= now && now - said < SK_OVERDUE_AFTER_S)
		return 1;
	rc = sk_queue_oldest(box, &oldest, err);
	if (rc != 0)
		return rc;
	if (oldest == 0 || now - oldest < SK_OVERDUE_AFTER_S)
		return 1;
	/* only now: counting takes longer than all the rest of a capture */
	depth = sk_queue_depth(box, err);
	if (depth < 0 || remember(box, now, err) < 0)
		return -1;
	sk_str_addf(out, "%lld %s not been delivered, the oldest for ",
		    (long long)depth, depth == 1 ? "event has" : "events have");
	sk_time_add_span(out, now - oldest);
	sk_str_puts(out, "; run 'git sk-sync status'");
	return 0;
}
