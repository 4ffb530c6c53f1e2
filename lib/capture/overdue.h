/* SPDX-License-Identifier: MIT */
/*
 * Events that wait for more than a day are worth a word, once a day: somebody
 * believes that the team sees their work.
 */
#ifndef SK_CAPTURE_OVERDUE_H
#define SK_CAPTURE_OVERDUE_H

#include "outbox/outbox.h"

#define SK_OVERDUE_AFTER_S 86400

/*
 * Append one line, without a newline, about events that wait too long, unless
 * it was said within the last day; remembers that it was. Needs no transaction.
 * Returns 0 when there is a line; 1 when there is nothing to say; -1.
 */
int sk_overdue_notice(struct sk_str *out, struct sk_outbox *box, int64_t now,
		      struct sk_err *err) SK_NODISCARD;

#endif
