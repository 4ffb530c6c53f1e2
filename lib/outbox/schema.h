/* SPDX-License-Identifier: MIT */
/* The tables of the outbox. Only files of this folder include it. */
#ifndef SK_OUTBOX_SCHEMA_H
#define SK_OUTBOX_SCHEMA_H

#include "outbox/outbox.h"

/* Bring the tables up to date, first use included. Returns 0 or -1. */
int sk_schema_ready(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

/*
 * For a connection that only looks: empty tables, of this connection alone,
 * stand in for those that are absent. Returns 0; -1 also for a file of a later
 * version.
 */
int sk_schema_look(struct sk_outbox *box, struct sk_err *err) SK_NODISCARD;

#endif
