/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, by value: created zeroed by main, filled once where the
 * failure is seen, given context on the way up, printed by the front floor.
 *
 * Messages are lower case, without a full stop, problem first, names in single
 * quotes. A hint is one imperative sentence, a command where possible. Neither
 * ever holds a secret.
 */
#ifndef SK_BASE_ERR_H
#define SK_BASE_ERR_H

#include "base/base.h"

/* A code exists only where some caller branches on it. */
enum sk_code {
	SK_OK = 0,
	SK_EFAIL,     /* anything no caller treats specially */
	SK_EBUSY,     /* somebody else holds the lock; try again later */
	SK_EFULL,     /* the queue's limit is reached, or the disk is full */
	SK_EDATA,     /* bytes that are not what they should be */
	SK_ENET,      /* no answer from the server */
	SK_EAUTH,     /* the server wants a (new) login */
	SK_EBOUNDARY, /* refused by the identity boundary: exit status 2 */
	SK_ENO,	      /* a rule says no: exit status 1 */
	SK_ENOREPO,   /* there is no git repository here */
	SK_EUSAGE,    /* the command line makes no sense: exit status 129 */
};

struct sk_err {
	enum sk_code code;
	char msg[512];
	char hint[256];
};

/* Set code and message, dropping what was there. Returns -1. */
int sk_fail(struct sk_err *err, enum sk_code code, const char *fmt, ...)
	SK_PRINTF(3, 4);

/*
 * The same with ": " and strerror(errnum) behind the message. The code is
 * SK_EFULL for ENOSPC and EDQUOT, else SK_EFAIL. Returns -1.
 */
int sk_fail_errno(struct sk_err *err, int errnum, const char *fmt, ...)
	SK_PRINTF(3, 4);

/* Put context and ": " in front of the message. Returns -1. */
int sk_within(struct sk_err *err, const char *fmt, ...) SK_PRINTF(2, 3);

/* Set what the user can do about it. Returns -1. */
int sk_hint(struct sk_err *err, const char *fmt, ...) SK_PRINTF(2, 3);

#endif
